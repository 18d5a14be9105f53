"""How things stand between us and one chamber."""

from dataclasses import dataclass
from datetime import datetime

from legis.events import BreakerSnapshot


@dataclass(frozen=True, slots=True)
class UpstreamSnapshot:
    """`retry_budget` is in tokens, of 500.

    `blocked_until` is when a chamber that has shut us out is asked again, None while it has not; it may have passed,
    for only an answer ends a block. `blocked_reason` is the answer that began it.
    """

    breaker: BreakerSnapshot
    retry_budget: float
    paused_until: datetime | None
    blocked_until: datetime | None = None
    blocked_reason: str | None = None
