"""Snapshot of the connection to one chamber: breaker, retry budget, pause, block."""

from dataclasses import dataclass
from datetime import datetime

from legis.events import BreakerSnapshot


@dataclass(frozen=True, slots=True)
class UpstreamSnapshot:
    """State at one moment. `retry_budget` is in tokens, of 500.

    `blocked_until` is the time of the next request to a chamber that blocks this client, else None; it may have passed,
    because only an answer ends a block. `blocked_reason` is the answer that began it.
    """

    breaker: BreakerSnapshot
    retry_budget: float
    paused_until: datetime | None
    blocked_until: datetime | None = None
    blocked_reason: str | None = None
