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


class CountOut(Shape):
    """How many items match."""

    value: int = Field(ge=0)
    kind: Literal["exact", "estimated"]


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

    counted: int = Field(description="Bills that the counts are over: the newest matches")
    complete: bool = Field(description="Whether these are all matches")
    values: dict[str, list[FacetValue]]


class Highlight(Shape):
    """Matches of `q`, as HTML that is safe to insert."""

    title: str | None


class BillItem(BillSummary):
    """A bill of a list; with `fields` only those are there, with `highlight` that is there too."""

    model_config = ConfigDict(frozen=True, extra="allow")
    highlight: Highlight | None = None


class BillList(Shape):
    """A page of bills."""

    data: list[BillItem]
    page: Page
    facets: Facets | None = None
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
