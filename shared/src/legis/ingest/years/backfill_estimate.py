"""Estimates how many years the backfill has still to read, and how many seconds that takes."""

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

from legis.events import BackfillLeft, Walk
from legis.ingest.source import SourceAdapter, Window

_TIMED_WINDOWS = 5
_MAX_WINDOWS = 1000  # an end for the loop, whatever a source plans; both backfills have far fewer


class BackfillEstimator:
    """Times the windows of the backfill as they are stored. `clock` is monotonic, in seconds."""

    def __init__(self, source: SourceAdapter, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._stored_at: deque[float] = deque(maxlen=_TIMED_WINDOWS + 1)
        self._last = clock()
        self._timed_step: str | None = None

    def stored(self, position: int, now: datetime) -> None:
        """Records that the window that began at `position` is stored. The windows of each step are timed separately,
        since one step's are no estimate for another's.
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
        """Estimates what is left after `position`; None when nothing is, or the source has no backfill."""
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
        while len(found) < _MAX_WINDOWS:
            window = self._source.next_window(Walk.BACKFILL, position, now)
            if window is None:
                break
            position = window.hi
            found.append(window)
        return found

    def _seconds_each(self) -> float | None:
        """Seconds per window, by the last few windows; None where fewer than two are timed, and the request budget is
        used instead.
        """
        if len(self._stored_at) < 2:
            return None
        return (self._stored_at[-1] - self._stored_at[0]) / (len(self._stored_at) - 1)


def _step(window: Window) -> str:
    """The step of the backfill that a window belongs to: the Senado's backfill goes through the years three times."""
    return window.detail.get("step", "")
