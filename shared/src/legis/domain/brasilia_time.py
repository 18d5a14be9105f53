"""Reads the chambers' zoneless local times as Brasília time, and gives the calendar day in Brasília of an instant."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Sao_Paulo")
"""Brasília's time zone. Both chambers print its local time without a zone, with summer time up to February 2019."""

_TIME = r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d\d)-(\d\d)(?:[T ]{_TIME})?", re.ASCII)
_BRAZILIAN = re.compile(rf"(\d\d)/(\d\d)/(\d{{4}})(?: {_TIME})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A local time as a source wrote it (`raw`), read as Brasília time.

    `at` is the instant in UTC, or None where only the day is known: no time was given, or exactly midnight, which both
    chambers print for "no time". `ambiguous` is true where the clock showed that time twice or never, at a change of
    summer time; the earlier instant is taken.
    """

    date: date
    at: datetime | None
    ambiguous: bool
    raw: str


@lru_cache(maxsize=16_384)
def parse_local(text: str | None) -> LocalTime | None:
    """Parses ISO 8601 with `T` or a blank, or `31/12/2018[ 23:30:00]`; None for None and blank text.

    Raises ValueError for anything else: impossible days, other formats, and text with a time zone.
    """
    if text is None or not (stripped := text.strip()):
        return None
    if len(stripped) == 10 and stripped[7] == "-":
        return LocalTime(date.fromisoformat(stripped), None, False, text)
    if match := _ISO.fullmatch(stripped):
        year, month, day, hour, minute, second, fraction = match.groups()
    elif match := _BRAZILIAN.fullmatch(stripped):
        day, month, year, hour, minute, second, fraction = match.groups()
    else:
        raise ValueError(f"not a date or time that we can read: {text[:60]!r}")
    if hour is None:
        return LocalTime(date(int(year), int(month), int(day)), None, False, text)
    micros = int(fraction.ljust(6, "0")) if fraction else 0
    local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micros, ZONE)
    ambiguous = local.utcoffset() != local.replace(fold=1).utcoffset()
    only_day = not (local.hour or local.minute or local.second or micros)
    return LocalTime(local.date(), None if only_day else _utc(local), ambiguous, text)


def _utc(local: datetime) -> datetime:
    try:
        return local.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"beyond the calendar: {local.replace(tzinfo=None)}") from None


def local_day(instant: datetime) -> date:
    """The calendar day in Brasília of an aware instant."""
    try:
        return instant.astimezone(ZONE).date()
    except OverflowError:  # the first hours of year 1, which stand for "no date" where a sort key may not be null
        return instant.date()


def day_start(day: date) -> datetime:
    """The first instant of a day in Brasília, in UTC. Days that began at 01:00 (summer time) start at that 01:00."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)
