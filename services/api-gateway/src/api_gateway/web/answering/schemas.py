"""Envelopes of the public API, for its OpenAPI description; replies are joined from bytes and tested against these."""

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from legis.domain.vocabulary import Source
from legis.events import Walk
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api_gateway.documents.models import ActionOut, BillDetail, BillSummary, Change, VoteEventOut

T = TypeVar("T")


class Shape(BaseModel):
    """Base of the shapes: fields may be added in later versions."""

    model_config = ConfigDict(frozen=True, extra="allow")


class FreshnessOut(Shape):
    """How current one source is."""

    source: Source
    state: Literal["FRESH", "STALE", "UNKNOWN"] = Field(
        description="STALE: its circuit is open or its data are older than the freshness goal. UNKNOWN: never read yet"
    )
    last_success_at: AwareDatetime | None = Field(description="Last complete look at what changed")
    lag_seconds: int | None = Field(description="Time since then, in steps of about half a minute")


class Meta(Shape):
    """About the data, not of them."""

    dataset: Literal["live", "sample"]
    freshness: list[FreshnessOut]
    notice: str | None = Field(None, description="Something a client should show; left out when there is nothing")


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


class CountOut(Shape):
    """How many items match."""

    value: int = Field(ge=0)
    kind: Literal["exact", "estimated"] = Field(description="Always `exact` now")


class Page(Shape):
    """Where this page ends and the next begins."""

    limit: int
    next_cursor: str | None
    next: str | None = Field(description="Address of the next page; null on the last")
    count: CountOut | None = Field(description="Only where `count` asks for it")


class FacetValue(Shape):
    """One value and how often it occurs."""

    value: str | int
    count: int


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


class One(Shape, Generic[T]):
    """A single thing."""

    data: T
    meta: Meta


class Many(Shape, Generic[T]):
    """A page of things."""

    data: list[T]
    page: Page
    meta: Meta


class Resolved(Shape):
    """What the name was taken for."""

    kind: Literal["LABEL", "URN", "ID", "UPSTREAM_ID", "URL"]
    q: str


class ResolvedBills(Shape):
    """Every bill that bears the name, and its counterparts in the other house."""

    data: list[BillSummary]
    resolved: Resolved
    meta: Meta


class ChangePageOut(Shape):
    """Where to go on in the log."""

    limit: int
    next_after: int = Field(description="`after` of the next request; moves on even where nothing matched")
    next: str
    has_more: bool = Field(description="Whether more entries are known to be there already")


class ChangeList(Shape):
    """A stretch of the change log, in order."""

    data: list[Change]
    page: ChangePageOut
    meta: Meta


class BreakerOut(Shape):
    """The circuit towards a chamber's API."""

    state: Literal["closed", "half_open", "open", "unknown"]
    failures: int | None
    opened_at: AwareDatetime | None
    reset_timeout: float | None = Field(description="Seconds that it stays open")


class CheckpointOut(Shape):
    """One walk through a source."""

    walk: Walk
    position: int
    updated_at: AwareDatetime


class ProgressOut(Shape):
    """The window being read."""

    walk: Walk
    window: str | None
    done: int
    total: int | None


class SourceOut(FreshnessOut):
    """One source, with all that operators ask first."""

    breaker: BreakerOut
    checkpoints: list[CheckpointOut]
    progress: list[ProgressOut]
    records_read: int | None
    records_rejected: int | None
    windows_failed: int | None
    dead_letters_open: int | None
    last_error: str | None


class StatsOut(Shape):
    """Counts over all bills that are not removed."""

    total: int
    computed_at: AwareDatetime
    type: list[FacetValue]
    status: list[FacetValue]
    year: list[FacetValue]
    chamber: list[FacetValue]
    month: list[FacetValue] = Field(description="Month of introduction, as 2026-11")


class HealthOut(Shape):
    """How the service is."""

    status: Literal["ok", "degraded", "unavailable"]
    checks: dict[str, Any]


class MetricsOut(Shape):
    """A snapshot for people and `jq`."""

    circuit_breakers: dict[str, BreakerOut]
    requests: dict[str, float | None]
    queue: dict[str, int | None]
    pool: dict[str, int]
    sources: dict[str, Any]
    generated_at: datetime


class ProblemError(Shape):
    """One parameter at fault."""

    parameter: str
    detail: str


class Problem(Shape):
    """An error as RFC 9457 describes it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[ProblemError] = []
    trace_id: str | None = None


class Index(Shape):
    """Where everything is."""

    name: str
    links: dict[str, str]


class BillReply(One[BillDetail]):
    """One bill, complete."""


class ActionList(Many[ActionOut]):
    """Proceedings, oldest first."""


class VersionList(Many[Change]):
    """Versions of the record, oldest first."""


class VoteList(Many[VoteEventOut]):
    """Votings, oldest first, each with its votes where they are nominal."""


class SourceList(Shape):
    """All sources."""

    data: list[SourceOut]
    meta: Meta


class StatsReply(One[StatsOut]):
    """Counts for charts."""
