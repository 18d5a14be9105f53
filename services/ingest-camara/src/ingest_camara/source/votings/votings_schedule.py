"""Computes when votings are read, and of which days and years: pure functions of the walk's position and the time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from legis.clock import epoch_micros, instant_of
from legis.domain.brasilia_time import day_start, local_day
from legis.events import Walk
from legis.ingest.source import Window

LONGEST_DAYS = 60
"""Longest time, in days, that one window lists after an outage; upstream refuses more than three months."""

FILES_READ_AT = timedelta(hours=4)
"""Hour of the day, in Brasília, at which the current year's files are read again: upstream makes them at night."""


def recent(walk: Walk, every: timedelta, position: int | None, now: datetime) -> Window | None:
    """The window of a walk that lists recent days: from its position to now. The first begins now."""
    begin = now if position is None else instant_of(position)
    if position is not None and now < begin + every:
        return None
    end = min(now, begin + timedelta(days=LONGEST_DAYS))
    detail = {"first": local_day(begin).isoformat(), "last": local_day(end).isoformat(), **_files(begin, end, position)}
    lo = epoch_micros(begin) - 1 if position is None else position
    return Window(walk, lo, epoch_micros(end), f"{detail['first']}..{detail['last']}", detail)


def yearly(walk: Walk, oldest: int, position: int | None, now: datetime) -> Window | None:
    """The window of a walk through the yearly files, newest first. The position is minus the year."""
    year = local_day(now).year if position is None else -position
    return Window(walk, -year, -year + 1, f"files of {year}", {"years": str(year)}) if year >= oldest else None


def days_of(window: Window) -> tuple[date, date]:
    """The first and the last day of a window of recent days."""
    return date.fromisoformat(window.detail["first"]), date.fromisoformat(window.detail["last"])


def files_of(window: Window) -> tuple[int, ...]:
    """The years whose files a window reads."""
    return tuple(int(year) for year in window.detail.get("years", "").split(",") if year)


def within_years(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from first to last in parts that do not cross the end of a year."""
    while first <= last:
        end = min(last, date(first.year, 12, 31))
        yield first, end
        first = end + timedelta(days=1)


def _files(begin: datetime, end: datetime, position: int | None) -> dict[str, str]:
    """The year whose files are to be read, where the hour of the files lies between the two instants."""
    day = local_day(end)
    hour = day_start(day) + FILES_READ_AT
    yesterday = day_start(day - timedelta(days=1)) + FILES_READ_AT
    if position is None or not (begin < hour <= end or begin < yesterday):
        return {}
    return {"years": str((day - timedelta(days=1)).year)}
