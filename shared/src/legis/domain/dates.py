"""Detects impossible dates of a bill: before there was a Congress, or well after the day on which it was read."""

from datetime import date, timedelta

from legis.domain.vocabulary import QualityFlagCode

FUTURE = timedelta(days=7)
"""How long after its reading a date may be before it is doubted; agendas and deadlines explain a few days."""

EARLIEST = date(1822, 9, 7)
"""Brazil's independence. Earlier dates are typing errors (year 0202) or mean "not known"."""


def date_doubt(day: date, latest: date | None) -> QualityFlagCode | None:
    """The flag for an impossible date, or None. `latest` is the last possible day: FUTURE after the reading; None: no
    limit.
    """
    if day < EARLIEST:
        return QualityFlagCode.DATE_IMPOSSIBLE
    return QualityFlagCode.DATE_IN_FUTURE if latest is not None and day > latest else None


def year_doubt(year: int, latest: date | None) -> QualityFlagCode | None:
    """The same for a year without a day."""
    if year < EARLIEST.year:
        return QualityFlagCode.DATE_IMPOSSIBLE
    return QualityFlagCode.DATE_IN_FUTURE if latest is not None and year > latest.year else None
