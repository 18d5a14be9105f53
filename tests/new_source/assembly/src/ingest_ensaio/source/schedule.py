"""When each walk is due, and over which stretch: pure functions of the clock and the position."""

from datetime import datetime, timedelta

from legis.clock import epoch_micros, instant_of
from legis.domain.brasilia_time import local_day
from legis.events import Walk
from legis.ingest.source import Window

from ingest_ensaio.settings import EnsaioSettings

LOOK_BACK = timedelta(minutes=5)
"""How much of the time before the last poll is asked for again: two clocks never agree to the second."""


def next_window(settings: EnsaioSettings, walk: Walk, position: int | None, now: datetime) -> Window | None:
    """The walk's next window, or None when it is not due.

    Positions are microseconds since 1970, except for the backfill: there it is minus the year, so that it rises while
    the years go back.
    """
    match walk:
        case Walk.INCREMENTAL:
            return _periodic(walk, timedelta(seconds=settings.poll_interval_seconds), position, now)
        case Walk.BACKFILL if settings.backfill:
            return _backfill(settings.backfill_from_year, position, now)
        case Walk.YEARS if settings.backfill:
            return _periodic(walk, timedelta(seconds=settings.years_retry_seconds), position, now)
    return None


def since(window: Window) -> datetime:
    """The moment from which on an incremental window reads."""
    begin = instant_of(window.lo)
    return begin - LOOK_BACK


def year_of(window: Window) -> int:
    """The year that a window of the backfill reads."""
    return -window.lo


def _periodic(walk: Walk, every: timedelta, position: int | None, now: datetime) -> Window | None:
    hi = epoch_micros(now)
    if position is not None and timedelta(microseconds=hi - position) < every:
        return None
    lo = hi - 1 if position is None else position
    return Window(walk, lo, hi, f"up to {now:%Y-%m-%d %H:%M:%S}")


def _backfill(oldest: int, position: int | None, now: datetime) -> Window | None:
    year = local_day(now).year if position is None else -position
    return None if year < oldest else Window(Walk.BACKFILL, -year, -year + 1, f"year {year}", {"year": str(year)})
