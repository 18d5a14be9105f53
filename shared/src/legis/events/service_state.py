"""`ServiceState`: an ingest service's own report, written every second for `/sources` and `/api/metrics`."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from legis.domain.vocabulary import Source
from legis.events.envelope import Walk


class BreakerSnapshot(BaseModel):
    """State of the circuit towards one chamber. Times in seconds."""

    model_config = ConfigDict(frozen=True)

    state: Literal["closed", "half_open", "open"]
    failures: int = Field(description="Failures in a row")
    opened_at: AwareDatetime | None
    reset_timeout: float = Field(description="How long the circuit stays open before it lets one probe through")
    retry_after: float | None = Field(description="Seconds until that probe, when open")


class BackfillLeft(BaseModel):
    """Number of years that the backfill has still to read, and an estimate in `seconds`; None where there is no
    estimate.
    """

    model_config = ConfigDict(frozen=True)

    years: int
    seconds: int | None


class WalkProgress(BaseModel):
    """Progress of one walk. `total` is None where the source does not say; `failing` is the reason why its last windows
    failed, None while they succeed.
    """

    model_config = ConfigDict(frozen=True)

    walk: Walk
    window: str | None
    done: int
    total: int | None
    position: int | None
    failing: str | None = None


class ServiceState(BaseModel):
    """A snapshot that expires in Redis when its service dies.

    `blocked_until` is the time of the next request to a chamber that blocks this client, else None. `backfill` is None
    when nothing is left to read, which is valid only with `backfill_known`: just after its start a service cannot tell.
    `reader` names the process that reads the source, as host, process id and a random part.
    """

    model_config = ConfigDict(frozen=True)

    service: str
    source: Source
    updated_at: AwareDatetime
    reader: str | None = None
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
