"""The query parameters of each resource, with the words and examples that OpenAPI shows."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api_gateway.store.ranking import CANDIDATES, PHRASE_CANDIDATES

MAX_Q = 200
MAX_LIMIT = 100
MAX_WAIT_SECONDS = 30
MAX_SEQ = 2**63 - 1
BILL_ID = r"(?:camara|senado)-[A-Za-z0-9._-]{1,80}"

Values = list[str]
_MULTI = "Repeated or comma-separated values are OR; a leading `-` excludes. "


class Parameters(BaseModel):
    """Base of all parameter sets: a name that is not in the set is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoParameters(Parameters):
    """For resources that take none."""


class FilterParameters(Parameters):
    """The filters that `/bills`, `/changes` and the feeds share. All are joined by AND."""

    q: Annotated[
        str | None,
        Field(
            description="Words of title, abstract and keywords, without regard to accents, case and plural; "
            '`"a phrase"`, `or`, `-without`, `beginning*`; or a label such as `PL 2630/2020`. At most 200 characters',
            examples=["educação básica"],
        ),
    ] = None
    chamber: Values = Field(
        [], description=_MULTI + "CAMARA, SENADO or CONGRESSO; open list", examples=[["CAMARA"]], max_length=100
    )
    type: Values = Field(
        [],
        description=_MULTI + "Official type codes, or OTHER for those without a word of ours",
        examples=[["PL", "PEC"]],
        max_length=100,
    )
    number: Values = Field([], description=_MULTI + "Official number", examples=[["2630"]], max_length=100)
    year: Values = Field([], description=_MULTI + "Year of the official number", examples=[["2020"]], max_length=100)
    status: Values = Field(
        [], description=_MULTI + "Normalised status; open list", examples=[["IN_COMMITTEE"]], max_length=100
    )
    in_progress: bool | None = Field(None, description="Whether the bill is still moving", examples=[True])
    author: Values = Field(
        [],
        description=_MULTI + "Words of a sponsor's name, all of which must occur, without regard to accents",
        examples=[["Alessandro Vieira"]],
        max_length=100,
    )
    party: Values = Field([], description=_MULTI + "Party of a sponsor", examples=[["PSB"]], max_length=100)
    state: Values = Field(
        [], description=_MULTI + "Federal unit of a sponsor, two letters", examples=[["SP"]], max_length=100
    )
    subject: Values = Field(
        [],
        description=_MULTI
        + "Subject by its official name, accents and case aside; in a name with commas write `-` instead",
        examples=[["Educação"]],
        max_length=100,
    )
    organization: Values = Field(
        [], description=_MULTI + "Acronym of the body that has the bill now", examples=[["CCJC"]], max_length=100
    )
    introduced_from: str | None = Field(None, description="First day of introduction", examples=["2020-01-01"])
    introduced_to: str | None = Field(None, description="Last day of introduction", examples=["2020-12-31"])
    last_action_from: str | None = Field(
        None,
        description="Earliest latest action: an instant, or a day of Brasília, included",
        examples=["2020-06-01"],
    )
    last_action_to: str | None = Field(
        None,
        description="Latest latest action: an instant (excluded), or a day of Brasília (included)",
        examples=["2030-06-30"],
    )
    changed_since: str | None = Field(
        None,
        description="Only bills whose content changed at or after this instant or day",
        examples=["2020-01-01T00:00:00Z"],
    )
    ids: Values = Field(
        [],
        description="Batch get by our ids, at most 100; removed bills are shown too",
        examples=[["camara-2256735"]],
        max_length=100,
    )
    urns: Values = Field(
        [],
        description="Batch get by LexML URN or alias, at most 100; removed bills are shown too",
        examples=[["urn:lex:br:senado.federal:projeto.lei;pl:2020;2630"]],
        max_length=100,
    )


Limit = Annotated[
    int, Field(ge=1, le=MAX_LIMIT, description="Items of one page, at most 100", examples=[20], strict=False)
]
Cursor = Annotated[
    str | None,
    Field(
        max_length=1000,
        description="`page.next_cursor` of the page before, with the same other parameters",
    ),
]


class BillParameters(FilterParameters):
    """Search and list."""

    sort: str | None = Field(
        None,
        description="`last_action_at`, `introduced_on`, `changed_at`, each also with `-` for newest first, or "
        f"`relevance` (with `q`; best first, over the {CANDIDATES} matches with the newest action, {PHRASE_CANDIDATES} "
        "where a phrase is asked for, fewer for words in very many bills). Default `-last_action_at`",
        examples=["-last_action_at"],
    )
    fields: Values = Field(
        [],
        description="Only these fields of each bill; `id` is always there",
        examples=[["identifier", "title", "status"]],
        max_length=100,
    )
    highlight: bool = Field(False, description="Adds `highlight`: the title as HTML with matches of `q` in `<mark>`")
    facets: Values = Field(
        [],
        description="Counts by `type`, `status`, `year`, `chamber`, `party` over the 10 000 newest matches",
        examples=[["type", "status"]],
        max_length=100,
    )
    count: Literal["none", "estimated", "exact"] = Field(
        "none",
        description="Whether `page.count` is filled; `kind` says if the number is exact",
        examples=["estimated"],
    )
    limit: Limit = 20
    cursor: Cursor = None


class FeedParameters(FilterParameters):
    """An Atom feed of any filter."""

    limit: Limit = 50


class DetailParameters(Parameters):
    """One bill."""

    as_of: str | None = Field(
        None,
        description="The record as it was known at this instant (RFC 3339) or at the first moment of this day",
        examples=["2030-01-01T00:00:00Z"],
    )


class ActionParameters(Parameters):
    """Proceedings of one bill."""

    kind: Values = Field(
        [], description="Only these kinds; repeated or comma-separated; open list", examples=[["VOTED"]], max_length=100
    )
    limit: Limit = 20
    cursor: Cursor = None


class PageParameters(Parameters):
    """A plain page."""

    limit: Limit = 20
    cursor: Cursor = None


class ResolveParameters(Parameters):
    """A name to look up."""

    q: str = Field(
        description="`PL 2630/2020`, a LexML URN or alias, our id, an upstream id, or a page of either house",
        examples=["PL 2630/2020"],
    )


class ChangeParameters(FilterParameters):
    """A stretch of the change log."""

    after: int = Field(0, ge=0, le=MAX_SEQ, description="Only entries with a `seq` above this", examples=[0])
    limit: Limit = 20
    wait: int = Field(
        0,
        ge=0,
        le=MAX_WAIT_SECONDS,
        description="Seconds to wait for an entry where there is none yet, at most 30",
        examples=[0],
    )


class StreamParameters(FilterParameters):
    """A running change log."""

    after: int | None = Field(
        None,
        ge=0,
        le=MAX_SEQ,
        description="Begin after this `seq`; `Last-Event-ID` wins. Without both: only what comes from now on",
        examples=[0],
    )
