"""The simulated clock: real time plus an offset, in naive Brasília time, which both chambers print."""

import time
from datetime import UTC, datetime, timedelta

BRASILIA_FROM_UTC = timedelta(hours=-3)


class Clock:
    """A clock that runs at the speed of real time and can be moved forward, never back."""

    def __init__(self, starts_at: datetime | None) -> None:
        real = datetime.now(UTC).replace(tzinfo=None) + BRASILIA_FROM_UTC
        self.started_at = starts_at or real
        self._begun = time.monotonic()
        self._skipped = 0.0

    def now(self) -> datetime:
        """Simulated Brasília time, naive."""
        return self.started_at + timedelta(seconds=self.elapsed())

    def utc(self) -> datetime:
        """Simulated UTC, aware."""
        return (self.now() - BRASILIA_FROM_UTC).replace(tzinfo=UTC)

    def elapsed(self) -> float:
        """Simulated seconds since the start."""
        return time.monotonic() - self._begun + self._skipped

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("time does not run back")
        self._skipped += seconds
