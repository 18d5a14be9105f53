"""Computes when each walk is due and its next window: pure functions of the walk's position and the time."""

from datetime import date, datetime, timedelta

from legis.clock import epoch_micros, instant_of
from legis.domain.brasilia_time import ZONE, day_start, local_day
from legis.events import Walk
from legis.ingest.source import Window
from legis.ingest.years.reconciled_years import reconciled_years

from ingest_camara.budget import FIRST_YEAR_OF_EVENTS, FIRST_YEAR_OF_VOTINGS, OVERLAP_DAYS, RECONCILED_YEARS
from ingest_camara.settings import CamaraSettings
from ingest_camara.source.agenda.agenda_schedule import backfill as agendas_backfill
from ingest_camara.source.people import people_backfill
from ingest_camara.source.votings.votings_schedule import recent, yearly

LONGEST_WINDOW = timedelta(days=7)
"""Longest time that a single list may cover after an outage: upstream's deep pages are slow and fail."""

_NIGHT = range(3, 6)
_SUNDAY = 6
_A_DAY = timedelta(days=1)
_RESTED = timedelta(hours=20)
_OVERDUE = timedelta(hours=27)
_CLOCKS_AGREE = timedelta(hours=36)

Days = tuple[date, date]


def next_window(settings: CamaraSettings, walk: Walk, position: int | None, now: datetime) -> Window | None:
    """The walk's next window, or None when it is not due.

    Positions are microseconds since 1970, except for the backfill: its position is minus the year, so that it rises
    while the years go back. Hours are those of Brasília.
    """
    match walk:
        case Walk.INCREMENTAL:
            return _incremental(timedelta(seconds=settings.poll_interval_seconds), position, now)
        case Walk.OVERLAP:
            return _overlap(position, now)
        case Walk.RECONCILE:
            return _reconcile(settings, position, now)
        case Walk.BACKFILL if settings.backfill:
            return _backfill(settings.backfill_from_year, position, now)
        case Walk.YEARS if settings.backfill:
            return _years(timedelta(seconds=settings.years_retry_seconds), position, now)
        case Walk.PEOPLE:
            return _people(timedelta(seconds=settings.camara_people_seconds), position, now)
        case Walk.PEOPLE_BACKFILL if settings.backfill:
            return people_backfill.next_window(settings.backfill_from_year, position, local_day(now).year)
        case Walk.VOTINGS | Walk.VOTINGS_BACKFILL:
            return _votings(settings, walk, position, now)
        case Walk.AGENDA | Walk.AGENDA_BACKFILL:
            return _agenda(settings, walk, position, now)
    return None


def years_of(window: Window) -> tuple[int, ...]:
    """The years whose files a window reads, newest first."""
    if window.walk is Walk.BACKFILL:
        return (-window.lo,)
    return tuple(int(year) for year in window.detail["years"].split(","))


def _incremental(every: timedelta, position: int | None, now: datetime) -> Window | None:
    """From the end of the last window to now. The first begins today: files and nightly walks read older days."""
    if position is not None and now < instant_of(position) + every:
        return None
    begin = day_start(local_day(now)) if position is None else instant_of(position)
    end = min(now, begin + LONGEST_WINDOW)
    return _days(Walk.INCREMENTAL, begin, end, lo=position)


def _overlap(position: int | None, now: datetime) -> Window | None:
    """The last days once more, between 3 and 6 in the morning; by day only when a night was missed."""
    night = now.astimezone(ZONE).hour in _NIGHT
    if position is None:
        due = night
    else:
        rested = now - instant_of(position)
        due = rested >= _OVERDUE or (night and rested >= _RESTED)
    return _days(Walk.OVERLAP, now - timedelta(days=OVERLAP_DAYS), now, lo=position) if due else None


def _reconcile(settings: CamaraSettings, position: int | None, now: datetime) -> Window | None:
    """Once a week; the first time on a Sunday night, since the backfill has just read the same files."""
    local = now.astimezone(ZONE)
    every = timedelta(seconds=settings.reconcile_interval_seconds)
    if position is not None:
        due = now >= instant_of(position) + every
    else:
        due = every < _A_DAY or (local.weekday() == _SUNDAY and local.hour in _NIGHT)
    if not due:
        return None
    lo = epoch_micros(now) - 1 if position is None else position
    years = reconciled_years(local.date(), settings.backfill_from_year, newest=RECONCILED_YEARS)
    detail = {"years": ",".join(map(str, years))}
    return Window(Walk.RECONCILE, lo, epoch_micros(now), f"files of {len(years)} years", detail)


def _backfill(oldest: int, position: int | None, now: datetime) -> Window | None:
    year = local_day(now).year if position is None else -position
    if year < oldest:
        return None
    return Window(Walk.BACKFILL, -year, -year + 1, f"bulk {year}")


def _years(every: timedelta, position: int | None, now: datetime) -> Window | None:
    """The years not read. Only the store has the list of them, which is loaded when the window is read."""
    if position is not None and now < instant_of(position) + every:
        return None
    return Window(Walk.YEARS, position or 0, epoch_micros(now), "years not read")


def _people(every: timedelta, position: int | None, now: datetime) -> Window | None:
    """The current legislature, once a day."""
    if position is not None and now < instant_of(position) + every:
        return None
    end = epoch_micros(now)
    return Window(Walk.PEOPLE, end - 1 if position is None else position, end, "people")


def _votings(settings: CamaraSettings, walk: Walk, position: int | None, now: datetime) -> Window | None:
    if walk is Walk.VOTINGS:
        return recent(walk, timedelta(seconds=settings.camara_votings_poll_seconds), position, now)
    oldest = max(settings.backfill_from_year, FIRST_YEAR_OF_VOTINGS)
    return yearly(walk, oldest, position, now) if settings.backfill else None


def _agenda(settings: CamaraSettings, walk: Walk, position: int | None, now: datetime) -> Window | None:
    if walk is Walk.AGENDA:
        return recent(walk, timedelta(seconds=settings.camara_agenda_poll_seconds), position, now)
    oldest_file = max(settings.backfill_from_year, FIRST_YEAR_OF_EVENTS)
    oldest_agenda = max(oldest_file, settings.camara_agendas_from_year)
    return agendas_backfill(oldest_file, oldest_agenda, position, now) if settings.backfill else None


def _days(walk: Walk, begin: datetime, end: datetime, *, lo: int | None) -> Window:
    first, last = local_day(begin), local_day(end)
    low = epoch_micros(begin) if lo is None else lo
    return Window(walk, low, epoch_micros(end), f"{first}..{last}", {"first": first.isoformat()})


def days_of(window: Window, offset: timedelta) -> tuple[Days, ...]:
    """First and last days to request; upstream's clock is `offset` ahead of ours.

    Where the two clocks show different days, both days count. Clocks that are days apart give one stretch each:
    whichever clock is wrong, nothing is missed, and no list grows to months.
    """
    begin, end = instant_of(window.lo), instant_of(window.hi)
    ours = date.fromisoformat(window.detail["first"]), local_day(end)
    theirs = ours[0] if begin + offset >= begin else min(ours[0], local_day(begin + offset)), local_day(end + offset)
    if abs(offset) <= _CLOCKS_AGREE:
        return ((min(ours[0], theirs[0]), max(ours[1], theirs[1])),)
    return ours, (local_day(day_start(ours[0]) + offset), theirs[1])
