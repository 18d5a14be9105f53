"""The query parameters of each resource, with the words and examples that OpenAPI shows."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from legis.domain.change_kind import ChangeKind
from legis.domain.identity.source_registry import BILL_ID as BILL_ID
from pydantic import BaseModel, ConfigDict, Field, create_model, field_validator
from pydantic_core import PydanticCustomError

from api_gateway.documents.models import SubjectType
from api_gateway.search.filtering.filters import FACETS, FILTERS, MAX_Q, Kind
from api_gateway.search.filtering.values import EMPTY
from api_gateway.search.past_list import MAX_BILLS, NAMED
from api_gateway.search.relevance import MAX_OFFSET

MAX_LIMIT = 100
MAX_WAIT_SECONDS = 30
MAX_SEQ = 2**63 - 1

Values = tuple[str, ...]
"""Repeated values of one name. A tuple: pydantic would copy the empty list that is their default for each request."""


def _longest(characters: int) -> dict[str, Any]:
    """The limit that the reader of the value holds, with a message of its own, for the description."""
    return {"maxLength": characters}


_INSTANT = _longest(40)


class Parameters(BaseModel):
    """Base of all parameter sets: a name that is not in the set is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _not_empty(cls, value: Any) -> Any:
        if value == "":
            raise PydanticCustomError("empty", EMPTY.en)
        return value


class NoParameters(Parameters):
    """For resources that take none."""


class _Filters(Parameters):
    """The filters that `/bills`, `/changes` and the feeds share. All are joined by AND."""

    def filters(self) -> dict[str, Any]:
        """What is asked of each filter that is asked for, by name."""
        asked = {one.name: getattr(self, one.name) for one in FILTERS}
        return {name: value for name, value in asked.items() if value is not None and value != ()}


def _filter_fields() -> dict[str, Any]:
    """A parameter for each row of the registry."""
    fields: dict[str, Any] = {}
    for one in FILTERS:
        if one.several:
            listed: Values = Field((), description=one.description, examples=[[one.example]], max_length=100)
            fields[one.name] = (Values, listed)
        else:
            kind = bool if one.kind is Kind.BOOLEAN else str
            longest = {Kind.BOOLEAN: None, Kind.TEXT: _longest(MAX_Q)}.get(one.kind, _INSTANT)
            single = Field(None, description=one.description, examples=[one.example], json_schema_extra=longest)
            fields[one.name] = (kind | None, single)
    return fields


if TYPE_CHECKING:
    FilterParameters = _Filters
else:
    FilterParameters = create_model("FilterParameters", __base__=_Filters, **_filter_fields())


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


class FileParameters(Parameters):
    """The format of a list that is also served as a file."""

    format: Literal["json", "csv", "ndjson", "xlsx"] | None = Field(
        None,
        description="The whole list as a file, all matches up to `Legis-Row-Limit`; `limit`, if given, is then the "
        "number of rows. Without it `Accept` decides (`text/csv`, `application/x-ndjson`, XLSX's media type)",
        examples=["json"],
    )
    dialect: Literal["rfc4180", "excel-pt"] = Field(
        "rfc4180",
        description="Of a CSV file. `excel-pt`: semicolons, byte order mark and decimal comma, as Excel in Portuguese "
        "opens it",
    )


class BillParameters(FilterParameters, FileParameters):
    """Search and list."""

    sort: str | None = Field(
        None,
        description="`last_action_at`, `introduced_on`, `changed_at`, each also with `-` for newest first, or "
        "`relevance` (with `q`; best first: the bill that was named, titles that are the query, then all matches by "
        "BM25; where few have all words, those with most of them follow, and misspelt words are corrected, as "
        f"`meta.search` tells; at most {MAX_OFFSET} can be paged through, and pages fit together while nothing "
        "changes). Default `-last_action_at`",
        examples=["-last_action_at"],
        json_schema_extra=_longest(40),
    )
    fields: Values = Field(
        (),
        description="Only these fields of each bill; `id` is always there",
        examples=[["identifier", "title", "status"]],
        max_length=100,
    )
    highlight: bool = Field(
        False,
        description="Adds `highlight`: the title as HTML with matches of `q` in `<mark>`, and every field that matched "
        "with an excerpt",
    )
    facets: Values = Field(
        (),
        description=f"Exact counts over all matches by {', '.join(f'`{name}`' for name in FACETS)}; the 100 commonest "
        "values of each",
        examples=[["type", "status"]],
        max_length=100,
    )
    count: Literal["none", "estimated", "exact"] = Field(
        "none",
        description="Whether `page.count` is filled; it is exact in either case",
        examples=["exact"],
    )
    min_seq: int | None = Field(
        None,
        ge=0,
        le=MAX_SEQ,
        description="Answer only from an index that has this entry of the change log: waits 2 s at most, then 503. An "
        "entry that does not exist yet is 410",
        examples=[0],
    )
    as_of: str | None = Field(
        None,
        description="The list as it was at this instant (RFC 3339), the first moment of this day, or this `seq` of the "
        f"change log; `meta` tells both. For sets of at most {MAX_BILLS} bills, chosen by {NAMED}; all other "
        "filters are applied to what each bill was then. `next_event` is null: agendas of the past are not known. Not "
        "with `facets`, `highlight`, `min_seq`, `sort=relevance` or a file",
        examples=["2030-01-01T00:00:00Z"],
        json_schema_extra=_INSTANT,
    )
    limit: Limit = 20
    cursor: Cursor = None


MinSeq = Annotated[
    int | None,
    Field(
        ge=0,
        le=MAX_SEQ,
        description="Answer only from a server that has this entry of the change log: else 503. An entry that does not "
        "exist yet is 410",
        examples=[0],
    ),
]

_KINDS = ", ".join(f"`{kind}`" for kind in ChangeKind)
_SEVERAL = "Repeated or comma-separated values are OR; a leading `-` excludes. "


class EntryParameters(FilterParameters):
    """The filters on changes: on the bill before or after a change, and on what the change tells."""

    kind: Values = Field(
        (),
        description=f"{_SEVERAL}What kind of change: {_KINDS}. Open list",
        examples=[["MOVED", "REMOVED"]],
        max_length=100,
    )
    field: Values = Field(
        (), description=f"{_SEVERAL}A field that changed", examples=[["status", "latest_action"]], max_length=100
    )


class FeedParameters(EntryParameters):
    """An Atom feed of any filter. Without `kind` it tells movement: MOVED, REMOVED, and CREATED of bills introduced in
    the 30 days before."""

    limit: Limit = 50
    cursor: str | None = Field(
        None,
        max_length=1000,
        description="Of a page before: the link `next` of the feed has it",
    )


class DetailParameters(Parameters):
    """One bill."""

    min_seq: MinSeq = None
    as_of: str | None = Field(
        None,
        description="The record as it was known at this instant (RFC 3339), the first moment of this day, or this "
        "`seq` of the change log",
        examples=["2030-01-01T00:00:00Z"],
        json_schema_extra=_INSTANT,
    )


class ActionParameters(FileParameters):
    """Proceedings of one bill."""

    min_seq: MinSeq = None
    kind: Values = Field(
        (), description="Only these kinds; repeated or comma-separated; open list", examples=[["VOTED"]], max_length=100
    )
    limit: Limit = 20
    cursor: Cursor = None


class PageParameters(Parameters):
    """A plain page."""

    min_seq: MinSeq = None
    limit: Limit = 20
    cursor: Cursor = None


_EPOCH = "`page.epoch` of the reply that `after` is from: after a restore, when the log is another one, this is 410"


class LogParameters(EntryParameters):
    """The filters on entries of the whole log."""

    about: Values = Field(
        (),
        description="Repeated or comma-separated values are OR. What the entries are about: "
        f"{', '.join(f'`{word}`' for word in SubjectType)}; open list. Default `bill`. Filters on bills need `bill` "
        "alone",
        examples=[["bill"]],
        max_length=100,
    )


class ChangeParameters(LogParameters, FileParameters):
    """A stretch of the change log."""

    after: int = Field(
        0,
        ge=0,
        le=MAX_SEQ,
        description="Only entries with a `seq` above this; above `head`, or before the oldest that is kept, it is 410",
        examples=[0],
    )
    epoch: str | None = Field(None, max_length=100, description=_EPOCH)
    sort: Literal["seq", "-seq"] = Field(
        "seq",
        description="In order, or with `-` the newest entries, newest first: the last `limit` that match among the "
        "newest 5000, with filters on bills among the newest 500. `page.next` then leads to what comes after them. Not "
        "with `after`, `epoch`, `wait` or a file",
        examples=["seq"],
    )
    limit: Limit = 20
    wait: int = Field(
        0,
        ge=0,
        le=MAX_WAIT_SECONDS,
        description="Seconds to wait for an entry where there is none yet, at most 30",
        examples=[0],
    )


class StreamParameters(LogParameters):
    """A running change log."""

    epoch: str | None = Field(None, max_length=100, description=_EPOCH)

    after: int | None = Field(
        None,
        ge=0,
        le=MAX_SEQ,
        description="Begin after this `seq`; `Last-Event-ID` wins. Without both: only what comes from now on",
        examples=[0],
    )
