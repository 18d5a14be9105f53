"""Numbers of legislatures and the years in which they began."""

from datetime import date
from typing import Final

_KNOWN: Final = (57, 2023)
_YEARS: Final = 4
OLDEST_BEGIN: Final = 1951
"""First year since which every legislature has lasted four years; before it numbers cannot be counted back."""


def legislature_of(day: date) -> int:
    """The number of the legislature that holds office on a day. It begins on 1 February."""
    year = day.year if day >= date(day.year, 2, 1) else day.year - 1
    number, begin = _KNOWN
    return number + (year - begin) // _YEARS


def begin_of(number: int) -> int:
    """The year in which a legislature began."""
    known, begin = _KNOWN
    return begin + (number - known) * _YEARS
