"""How much of the first reading of the whole corpus is left, and about how long it will take."""

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

from legis.events import BackfillLeft, Walk
from legis.ingest.source import SourceAdapter, WalkPlan

_LATEST = 5
_MOST_WINDOWS = 1000


class BackfillClock:
    """Watches the windows of the backfill go by. `clock` is monotonic, in seconds."""

    def __init__(self, source: SourceAdapter, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._stored_at: deque[float] = deque(maxlen=_LATEST + 1)
        self._began = clock()

    def stored(self) -> None:
        """One more window is stored."""
        if not self._stored_at:
            self._stored_at.append(self._began)
        self._stored_at.append(self._clock())

    def left(self, position: int | None, now: datetime) -> BackfillLeft | None:
        """What is left behind `position`; None when nothing is, or nothing was ever to be read."""
        plan = next((plan for plan in self._source.plans() if plan.walk is Walk.BACKFILL), None)
        windows = 0 if plan is None else self._windows(position, now)
        if plan is None or not windows:
            return None
        return BackfillLeft(years=windows, seconds=round(windows * self._seconds_each(plan, now)))

    def _windows(self, position: int | None, now: datetime) -> int:
        count = 0
        while count < _MOST_WINDOWS and (window := self._source.next_window(Walk.BACKFILL, position, now)) is not None:
            position = window.hi
            count += 1
        return count

    def _seconds_each(self, plan: WalkPlan, now: datetime) -> float:
        """By the last windows where there are any, else by the request budget."""
        if len(self._stored_at) > 1:
            return (self._stored_at[-1] - self._stored_at[0]) / (len(self._stored_at) - 1)
        return plan.hours_at_polite_limit * 3600 / max(1, self._windows(None, now))
