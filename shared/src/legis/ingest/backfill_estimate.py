"""How much of the first reading of the whole corpus is left, and about how long it will take."""

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

from legis.events import BackfillLeft, Walk
from legis.ingest.source import SourceAdapter, Window

_LATEST = 5
_MOST_WINDOWS = 1000


class BackfillEstimator:
    """Watches the windows of the backfill go by. `clock` is monotonic, in seconds."""

    def __init__(self, source: SourceAdapter, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._stored_at: deque[float] = deque(maxlen=_LATEST + 1)
        self._last = clock()
        self._timed_step: str | None = None

    def stored(self, position: int, now: datetime) -> None:
        """The window that began at `position` is stored. Those of another step of a backfill say nothing of how long
        this one's take.
        """
        window = self._source.next_window(Walk.BACKFILL, position, now)
        step = self._timed_step if window is None else _step(window)
        if not self._stored_at or step != self._timed_step:
            self._stored_at.clear()
            self._stored_at.append(self._last)
            self._timed_step = step
        self._last = self._clock()
        self._stored_at.append(self._last)

    def left(self, position: int | None, now: datetime) -> BackfillLeft | None:
        """What is left behind `position`; None when nothing is, or nothing was ever to be read."""
        plan = next((plan for plan in self._source.plans() if plan.walk is Walk.BACKFILL), None)
        windows = [] if plan is None else self._windows(position, now)
        if plan is None or not windows:
            return None
        each = plan.hours_at_polite_limit * 3600 / max(1, len(self._windows(None, now)))
        timed = self._seconds_each()
        seconds = sum(each if timed is None or _step(one) != self._timed_step else timed for one in windows)
        return BackfillLeft(years=len({one.detail.get("year", one.label) for one in windows}), seconds=round(seconds))

    def _windows(self, position: int | None, now: datetime) -> list[Window]:
        found: list[Window] = []
        while len(found) < _MOST_WINDOWS:
            window = self._source.next_window(Walk.BACKFILL, position, now)
            if window is None:
                break
            position = window.hi
            found.append(window)
        return found

    def _seconds_each(self) -> float | None:
        """By the last windows, where there are any; the request budget knows the rest."""
        if len(self._stored_at) < 2:
            return None
        return (self._stored_at[-1] - self._stored_at[0]) / (len(self._stored_at) - 1)


def _step(window: Window) -> str:
    """Which turn through the years a window belongs to: the Senado's backfill has three."""
    return window.detail.get("step", "")
