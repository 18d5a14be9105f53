"""Replies that come from the search index, for the OpenAPI description: lists, suggestions, similar bills."""

from typing import Literal

from pydantic import ConfigDict, Field

from api_gateway.documents.models import BillSummary
from api_gateway.web.responses.envelopes import FacetValue, Meta, Page, Shape


class Correction(Shape):
    """An unknown word, and the known one that was looked for instead."""

    from_: str = Field(alias="from")
    to: str


class SynonymUse(Shape):
    """Words of the query, and what else they were taken to mean."""

    from_: str = Field(alias="from")
    to: list[str]


class SearchTold(Shape):
    """How the words of `q` were taken, where not just as they stand."""

    matched: Literal["most", "any"] | None = Field(
        None, description="Where few bills have all words: bills with all but one follow (`most`), or with any of them"
    )
    corrected: list[Correction] | None = None
    synonyms: list[SynonymUse] | None = None


class ListMeta(Meta):
    """About a list that was searched."""

    search: SearchTold | None = Field(None, description="Left out where the words were taken as they stand")
    suggestions: list[str] | None = Field(
        None,
        description="The query as it was likely meant, where a word of it is unknown or nothing was found; or left out",
    )


class Facets(Shape):
    """Counts by value."""

    counted: int = Field(description="Bills that the counts are over: all matches")
    complete: bool = Field(description="Always true: counts are exact")
    values: dict[str, list[FacetValue]]


class FieldMatch(Shape):
    """A field that matched `q`."""

    field: str = Field(description="identifier, nickname, title, abstract, keywords, subjects or authors; open list")
    excerpt: str = Field(description="HTML that is safe to insert, with matches in `<mark>`")


class Highlight(Shape):
    """Why a bill matches `q`."""

    title: str | None = Field(description="The whole title, as HTML that is safe to insert, with matches in `<mark>`")
    matches: list[FieldMatch]


class BillItem(BillSummary):
    """A bill of a list; with `fields` only those are there, with `highlight` that is there too."""

    model_config = ConfigDict(frozen=True, extra="allow")
    highlight: Highlight | None = None


class BillList(Shape):
    """A page of bills."""

    data: list[BillItem]
    page: Page
    facets: Facets | None = None
    meta: ListMeta


class SuggestionsOut(Shape):
    """Ways to end what was typed, commonest first."""

    words: list[str] = Field(description="The text with its last word completed")
    labels: list[str] = Field(description="Labels of bills that begin so")
    names: list[str] = Field(description="Sponsors whose names have these words, the last of which may be a beginning")


class SuggestionsReply(Shape):
    """Suggestions."""

    data: SuggestionsOut
    meta: Meta


class SimilarBills(Shape):
    """Bills like one, most alike first."""

    data: list[BillSummary]
    meta: Meta
