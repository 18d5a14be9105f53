"""Dates that cannot be."""

from datetime import date

import pytest
from legis.domain.dates import date_doubt, year_doubt

LATEST = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("day", "doubt"),
    [
        (date(2026, 11, 27), None), (date(2026, 11, 28), "DATE_IN_FUTURE"), (date(2027, 2, 20), "DATE_IN_FUTURE"),
        (date(9999, 12, 31), "DATE_IN_FUTURE"), (date(202, 5, 1), "DATE_IMPOSSIBLE"),
        (date(1, 1, 1), "DATE_IMPOSSIBLE"),
        (date(1822, 9, 6), "DATE_IMPOSSIBLE"), (date(1822, 9, 7), None), (date(1826, 5, 6), None),
    ],
)  # fmt: skip
def test_days(day: date, doubt: str | None) -> None:
    assert date_doubt(day, LATEST) == doubt


@pytest.mark.parametrize(
    ("year", "doubt"),
    [(202, "DATE_IMPOSSIBLE"), (1821, "DATE_IMPOSSIBLE"), (1891, None), (2026, None), (2062, "DATE_IN_FUTURE")],
)
def test_years(year: int, doubt: str | None) -> None:
    assert year_doubt(year, LATEST) == doubt


def test_without_a_day_of_reading_nothing_is_future() -> None:
    assert date_doubt(date(9999, 1, 1), None) is None
    assert year_doubt(9999, None) is None
