"""The orders as whole numbers: they fit, they sort as dates do, and what has no date is the smallest."""

from datetime import UTC, date, datetime, timedelta

import pytest
from api_gateway.search import orders
from hypothesis import given
from hypothesis import strategies as st

ORDINALS = st.integers(1, orders.MOST_ORDINAL)
INSTANTS = st.datetimes(timezones=st.just(UTC))
LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("place", [orders.of_day(date.max), orders.of_instant(LAST_INSTANT)])
def test_the_last_date_fits_into_63_bits(place: int) -> None:
    assert orders.placed(place, orders.MOST_ORDINAL) < 2**63
    assert orders.first_at(place + 1) <= 2**63


def test_what_has_no_date_is_the_smallest_and_in_no_range() -> None:
    undated = orders.placed(orders.of_day(None), orders.MOST_ORDINAL)
    assert undated == orders.placed(orders.of_instant(None), orders.MOST_ORDINAL)
    assert undated < orders.placed(orders.of_day(date.min), 1)
    assert undated < orders.placed(orders.of_instant(datetime.min.replace(tzinfo=UTC)), 1)
    assert undated < orders.first_at(1) <= orders.placed(orders.of_day(date.min), 1)


@pytest.mark.parametrize("ordinal", [0, -1, orders.MOST_ORDINAL + 1])
def test_an_ordinal_that_does_not_fit_is_refused(ordinal: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        orders.placed(1, ordinal)


@given(st.dates(), st.dates(), ORDINALS, ORDINALS)
def test_days_come_before_ordinals(one: date, other: date, first: int, second: int) -> None:
    a, b = orders.placed(orders.of_day(one), first), orders.placed(orders.of_day(other), second)
    assert (a < b) == ((one, first) < (other, second))


@given(INSTANTS, INSTANTS, ORDINALS, ORDINALS)
def test_instants_come_by_whole_seconds_and_then_by_ordinals(
    one: datetime, other: datetime, first: int, second: int
) -> None:
    a, b = orders.placed(orders.of_instant(one), first), orders.placed(orders.of_instant(other), second)
    assert (a < b) == ((one.replace(microsecond=0), first) < (other.replace(microsecond=0), second))


@given(INSTANTS, ORDINALS)
def test_a_range_begins_at_the_first_whole_second_at_or_after_its_bound(at: datetime, ordinal: int) -> None:
    lower = orders.first_at(orders.from_instant(at))
    whole = at.replace(microsecond=0)
    assert (orders.placed(orders.of_instant(whole), ordinal) >= lower) == (whole >= at)
    if at < LAST_INSTANT - timedelta(seconds=1):
        assert orders.placed(orders.of_instant(whole + timedelta(seconds=1)), ordinal) >= lower
