"""Dates, times and numbers as each language writes them."""

from datetime import UTC, datetime

import pytest
from api_gateway.site.formats import Formats
from legis.languages import Language

PT, EN = Formats(Language.PORTUGUESE), Formats(Language.ENGLISH)


def test_days() -> None:
    assert (PT.day("2026-11-27"), EN.day("2026-11-27")) == ("27 nov 2026", "27 Nov 2026")
    assert PT.day("2026-12-01") == "1º dez 2026"
    assert EN.short_day("2026-12-01") == "1 Dec"
    assert (PT.weekday("2026-12-01"), EN.weekday("2026-12-01")) == ("terça", "Tuesday")


def test_an_instant_is_told_in_the_time_of_brasilia() -> None:
    assert PT.moment("2026-11-28T01:29:00Z") == "27 nov 2026, 22h29"
    assert EN.moment("2026-11-28T01:29:00Z") == "27 Nov 2026, 22:29"
    assert PT.clock("2026-11-28T12:00:00Z") == "9h"


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-11-28T12:00:00Z", "9h"),
        ("2026-11-28T02:59:00Z", "27 nov, 23h59"),
        ("2026-11-29T12:00:00Z", "29 nov, 9h"),
        ("2025-11-28T12:00:00Z", "28 nov 2025, 9h"),
    ],
)
def test_a_time_has_its_day_where_it_is_not_today(at: str, told: str) -> None:
    assert PT.near(at, datetime(2026, 11, 28, 15, tzinfo=UTC)) == told


def test_a_day_has_its_year_where_it_is_not_this_one() -> None:
    new_year = datetime(2027, 1, 1, 2, tzinfo=UTC)  # still the old year in Brasília
    assert (PT.day_near("2026-11-28", new_year), PT.day_near("2027-01-01", new_year)) == ("28 nov", "1º jan 2027")


def test_a_day_of_an_early_century() -> None:
    assert PT.day("0001-01-01") == "1º jan 0001"


def test_numbers() -> None:
    assert (PT.number(1234567), EN.number(1234567)) == ("1.234.567", "1,234,567")
    assert (PT.percent(0.98), EN.percent(0.98)) == ("98\u00a0%", "98%")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-3, "0 s"),
        (40, "40 s"),
        (60, "1 min"),
        (4320, "1 h 12 min"),
        (7200, "2 h"),
        (86_400, "1 dia"),
        (260_000, "3 dias"),
    ],
)
def test_spans(seconds: float, told: str) -> None:
    assert PT.span(seconds) == told


@pytest.mark.parametrize(
    ("days", "told"), [(1, "1 day"), (59, "59 days"), (60, "2 months"), (729, "24 months"), (730, "2 years")]
)
def test_days_as_a_span(days: int, told: str) -> None:
    assert EN.days(days) == told
