"""Replies of the public API, for its OpenAPI description; they are joined from bytes and tested against these."""

from datetime import datetime
from typing import Any, Literal

from legis.events import Walk
from pydantic import AwareDatetime, Field

from api_gateway.documents.models import ActionOut, BillDetail, BillSummary, Change, VoteEventOut
from api_gateway.store.sources.source_state import Shortfall, SourceState
from api_gateway.web.responses.envelopes import FacetValue, FreshnessOut, Many, Meta, One, Shape


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
    epoch: str = Field(description="Which log this is; another one after a restore. Give it back with `after`")
    head: int = Field(description="`seq` of the log's last entry")


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
    failing: str | None = Field(description="Why its last windows could not be finished; null while they can")


class ReasonOut(Shape):
    """One reason why a source is not FRESH."""

    code: Shortfall
    detail: str


class BackfillOut(Shape):
    """Years that the first reading of the whole corpus has left."""

    years: int
    seconds: int | None = Field(description="An estimate, by the last years that were read")


class SourceOut(FreshnessOut):
    """One source, with all that operators ask first."""

    details: list[ReasonOut] = Field(description="The reasons with what there is to say of each")
    blocked_until: AwareDatetime | None = Field(description="When a source that has shut us out is asked again")
    backfill: BackfillOut | None = Field(description="Null when all has been read once, or when nobody can tell")
    years_not_read: list[int] = Field(description="Years whose list could not be had; asked for again every day")
    records_set_aside: int | None = Field(
        description="Records that the source refuses or never gives whole; asked for again with growing waits"
    )
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
    errors: list[ProblemError] = Field([])
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


class StateChangeOut(Shape):
    """One change of a source's state."""

    from_state: SourceState | None = Field(alias="from", description="Null for the first that was written down")
    to_state: SourceState = Field(alias="to")
    reason: str = Field(description="Every reason at that moment, the gravest first; empty for FRESH")
    at: AwareDatetime


class StateHistory(Many[StateChangeOut]):
    """Changes of a source's state, newest first."""


class SourceList(Shape):
    """All sources."""

    data: list[SourceOut]
    meta: Meta


class StatsReply(One[StatsOut]):
    """Counts for charts."""
