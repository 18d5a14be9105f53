"""Selects the years that a reconciliation compares: the newest every time, the older ones in turns."""

from datetime import date

TURNS = 13
"""Weeks until every older year has been compared once: a quarter of a year."""


def reconciled_years(today: date, oldest: int, *, newest: int) -> tuple[int, ...]:
    """The last `newest` years, and of the older ones down to `oldest` those whose turn falls on the week of `today`.

    Newest first. Pure: the same day gives the same years.
    """
    recent = range(today.year, max(today.year - newest, oldest - 1), -1)
    week = today.toordinal() // 7
    older = (year for year in range(today.year - newest, oldest - 1, -1) if year % TURNS == week % TURNS)
    return (*recent, *older)
