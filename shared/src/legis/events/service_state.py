"""`ServiceState`: what an ingest service says of itself every second, for `/sources` and `/api/metrics`."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from legis.domain.vocabulary import Source
from legis.events.envelope import Walk


class BreakerSnapshot(BaseModel):
    """The circuit towards one chamber. Times in seconds."""

    model_config = ConfigDict(frozen=True)

    state: Literal["closed", "half_open", "open"]
    failures: int = Field(description="Failures in a row")
    opened_at: AwareDatetime | None
    reset_timeout: float = Field(description="How long the circuit stays open before it lets one probe through")
    retry_after: float | None = Field(description="Seconds until that probe, when open")


class BackfillLeft(BaseModel):
    """Years that the first reading of the whole corpus has left, and an estimate in `seconds`, where there is any."""

    model_config = ConfigDict(frozen=True)

    years: int
    seconds: int | None


class WalkProgress(BaseModel):
    """How far one walk is. `total` is None where the source does not say; `failing` says why its last windows could not
    be finished, None while they can.
    """

    model_config = ConfigDict(frozen=True)

    walk: Walk
    window: str | None
    done: int
    total: int | None
    position: int | None
    failing: str | None = None


class ServiceState(BaseModel):
    """A snapshot that expires by itself when its service dies.

    `blocked_until` is when a chamber that has shut us out is asked again, None while it has not. `backfill` is None
    when nothing is left of it, which counts only with `backfill_known`: a service that has just begun does not know.
    """

    model_config = ConfigDict(frozen=True)

    service: str
    source: Source
    updated_at: AwareDatetime
    breaker: BreakerSnapshot
    retry_budget: float
    paused_until: AwareDatetime | None = None
    blocked_until: AwareDatetime | None = None
    blocked_reason: str | None = None
    backfill: BackfillLeft | None = None
    backfill_known: bool = False
    progress: tuple[WalkProgress, ...] = ()
    records_read: int = 0
    records_rejected: int = 0
    windows_failed: int = 0
    last_error: str | None = None
    last_success_at: AwareDatetime | None = None
