"""What no date of a bill can be: before there was a Congress, or well ahead of the day on which it was read."""

from datetime import date, timedelta

from legis.domain.vocabulary import QualityFlagCode

FUTURE = timedelta(days=7)
"""How far ahead of its reading a date may lie before it is doubted; agendas and deadlines explain a few days."""

EARLIEST = date(1822, 9, 7)
"""Brazil's independence. Dates before it are mistyped (year 0202) or stand for "not known"."""


def date_doubt(day: date, latest: date | None) -> QualityFlagCode | None:
    """Why a date is not to be believed. `latest` is the last day that may be: FUTURE after the reading; None: any."""
    if day < EARLIEST:
        return QualityFlagCode.DATE_IMPOSSIBLE
    return QualityFlagCode.DATE_IN_FUTURE if latest is not None and day > latest else None


def year_doubt(year: int, latest: date | None) -> QualityFlagCode | None:
    """The same of a bare year."""
    if year < EARLIEST.year:
        return QualityFlagCode.DATE_IMPOSSIBLE
    return QualityFlagCode.DATE_IN_FUTURE if latest is not None and year > latest.year else None
