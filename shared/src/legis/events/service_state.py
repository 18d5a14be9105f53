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


class WalkProgress(BaseModel):
    """How far one walk is. `total` is None where the source does not say."""

    model_config = ConfigDict(frozen=True)

    walk: Walk
    window: str | None
    done: int
    total: int | None
    position: int | None


class ServiceState(BaseModel):
    """A snapshot that expires by itself when its service dies."""

    model_config = ConfigDict(frozen=True)

    service: str
    source: Source
    updated_at: AwareDatetime
    breaker: BreakerSnapshot
    retry_budget: float
    paused_until: AwareDatetime | None = None
    progress: tuple[WalkProgress, ...] = ()
    records_read: int = 0
    records_rejected: int = 0
    windows_failed: int = 0
    last_error: str | None = None
    last_success_at: AwareDatetime | None = None
