"""Replies that come from the search index, for the OpenAPI description: lists, suggestions, similar bills."""

from typing import Literal

from pydantic import AwareDatetime, ConfigDict, Field

from api_gateway.documents.models import BillSummary
from api_gateway.documents.shapes import Shape, described
from api_gateway.web.responses.envelopes import FacetValue, Meta, Page


class Correction(Shape):
    """An unknown word, and the known one that was looked for instead."""

    from_: str = Field(alias="from", description="The word as it was asked for", examples=["educasao"])
    to: str = described("The word that was looked for", "educacao")


class SynonymUse(Shape):
    """Words of the query, and what else they were taken to mean."""

    from_: str = Field(alias="from", description="The words as they were asked for", examples=["SUS"])
    to: list[str] = described("What they were also taken to mean", ["Sistema Único de Saúde"])


class SearchReading(Shape):
    """How the words of `q` were taken, where not just as they stand."""

    matched: Literal["most", "any"] | None = described(
        "Where few bills have all words: bills with all but one follow (`most`), or with any of them",
        "most",
        default=None,
    )
    corrected: list[Correction] | None = described("Unknown words that were replaced", default=None)
    synonyms: list[SynonymUse] | None = described("Words that were also taken to mean others", default=None)
    words_read: int | None = described(
        "The text is long: only so many words, the first ones, were looked for; titles that equal all of it still come "
        "first by relevance",
        60,
        default=None,
    )
    ranked: int | None = described(
        "More bills match than can be paged through by relevance: the list ends after so many; `page.count` has all "
        "matches. Narrow the query, or take another order",
        1000,
        default=None,
    )


class ListMeta(Meta):
    """About a list that was searched."""

    search: SearchReading | None = described(
        "How the words were taken; left out where they were taken as they stand", default=None
    )
    suggestions: list[str] | None = described(
        "The query as it was likely meant, where a word of it is unknown or nothing was found; or left out",
        ["educação básica"],
        default=None,
    )
    as_of: AwareDatetime | None = described(
        "The past moment that the list shows; only with `as_of`", "2026-11-01T00:00:00Z", default=None
    )
    as_of_seq: int | None = described(
        "The last entry of the change log at that moment; 0 before the first; only with `as_of`", 18234, default=None
    )


class Facets(Shape):
    """Counts by value."""

    counted: int = described("Bills that the counts are over: all matches", 1284)
    complete: bool = described("Always true: counts are exact")
    values: dict[str, list[FacetValue]] = described(
        "By name of the facet: its commonest values, at most 100", {"type": [{"value": "PL", "count": 812}]}
    )


class FieldMatch(Shape):
    """A field that matched `q`."""

    field: str = described("identifier, nickname, title, abstract, keywords, subjects or authors; open list", "title")
    excerpt: str = described(
        "HTML that is safe to insert, with matches in `<mark>`", "Plano Nacional de <mark>Educação</mark>"
    )


class Highlight(Shape):
    """Why a bill matches `q`."""

    title: str | None = described(
        "The whole title, as HTML that is safe to insert, with matches in `<mark>`",
        "Aprova o Plano Nacional de <mark>Educação</mark>.",
    )
    matches: list[FieldMatch] = described("The fields that matched")


class BillItem(BillSummary):
    """A bill of a list."""

    model_config = ConfigDict(frozen=True, extra="allow")
    highlight: Highlight | None = described("Why the bill matches; only with `highlight=true`", default=None)


class BillList(Shape):
    """A page of bills."""

    data: list[BillItem] = described("The bills of this page; with `fields=`, only these fields of each")
    page: Page = described("Where this page ends and the next begins")
    facets: Facets | None = described("Counts by value; only where `facets` asks for them", default=None)
    meta: ListMeta = described("About the data, not of them")


class SuggestedLegislator(Shape):
    """A legislator whose name has the words."""

    id: str = described("Id of the legislator", "camara-deputy-204534")
    name: str | None = described("Parliamentary name", "Tabata Amaral")
    house: str | None = described("House", "CAMARA")
    party: str | None = described("Party now, or at the end", "PSB")
    state: str | None = described("Federal unit", "SP")
    in_office: bool | None = described("Whether the legislator holds a seat now; null: the source does not say")


class SuggestedOrganization(Shape):
    """An organization whose name or acronym has the words."""

    id: str = described("Id of the organization", "camara-org-2003")
    acronym: str | None = described("Usual short name", "CCJC")
    name: str | None = described("Full name", "Comissão de Constituição e Justiça e de Cidadania")
    house: str | None = described("House", "CAMARA")
    active: bool | None = described("Whether it exists now; null: the source does not say")


class Suggestions(Shape):
    """Ways to end what was typed, commonest first."""

    words: list[str] = described("The text with its last word completed", ["educação", "educacional"])
    labels: list[str] = described("Identifiers of bills that begin so", ["PL 2630/2020"])
    names: list[str] = described(
        "Sponsors whose names have these words, the last of which may be a beginning", ["Eduardo Braga"]
    )
    legislators: list[SuggestedLegislator] = described(
        "Legislators whose names have these words, those in office first; empty while the database is away"
    )
    organizations: list[SuggestedOrganization] = described(
        "Organizations whose names have these words, those that exist first; empty while the database is away"
    )


class SuggestionsReply(Shape):
    """Suggestions."""

    data: Suggestions = described("Ways to end what was typed")
    meta: Meta = described("About the data, not of them")


class SimilarBills(Shape):
    """Bills like one, most alike first."""

    data: list[BillSummary] = described("The bills, most alike first")
    meta: Meta = described("About the data, not of them")
