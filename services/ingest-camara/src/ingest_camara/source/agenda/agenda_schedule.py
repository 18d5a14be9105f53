"""Computes when events are read, and of which days, years and months: pure functions of position and time."""

from datetime import date, datetime, timedelta

from legis.domain.brasilia_time import local_day
from legis.events import Walk
from legis.ingest.source import Window

from ingest_camara.source.votings.votings_schedule import yearly

DAYS_BACK = 7
DAYS_AHEAD = 45
"""Days around today whose events are listed at every poll."""

_MONTHS = 12
_LAST_YEAR = 2200
"""A year beyond all others: months are counted back from its end, so that a position rises while months go back."""


def days_around(first: date, last: date) -> tuple[date, date]:
    """The days that a poll lists."""
    return first - timedelta(days=DAYS_BACK), last + timedelta(days=DAYS_AHEAD)


def backfill(oldest_file: int, oldest_agenda: int, position: int | None, now: datetime) -> Window | None:
    """The window of the first reading: years of files, then month by month the agendas of the events in them.

    Below zero the position is minus the year whose files come next; from zero on it counts months back.
    """
    if position is None or position < 0:
        window = yearly(Walk.AGENDA_BACKFILL, oldest_file, position, now)
        if window is not None:
            return window
    today = local_day(now)
    at = position if position is not None else -today.year
    months = max(at, _months_back(today))
    year, month = _month(months)
    if year < oldest_agenda:
        return None
    detail = {"month": date(year, month, 1).isoformat()}
    return Window(Walk.AGENDA_BACKFILL, at, months + 1, f"agendas of {year}-{month:02}", detail)


def month_of(window: Window) -> tuple[date, date] | None:
    """The first and last day of the month whose agendas a window reads; None where it reads files."""
    text = window.detail.get("month")
    if text is None:
        return None
    first = date.fromisoformat(text)
    after = date(first.year + first.month // _MONTHS, first.month % _MONTHS + 1, 1)
    return first, after - timedelta(days=1)


def _months_back(day: date) -> int:
    return (_LAST_YEAR - day.year) * _MONTHS + _MONTHS - day.month


def _month(back: int) -> tuple[int, int]:
    years, months = divmod(back, _MONTHS)
    return _LAST_YEAR - years, _MONTHS - months
