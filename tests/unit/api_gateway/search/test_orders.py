"""The orders as whole numbers: they fit, they sort as dates do, and what has no date is the smallest."""

from datetime import UTC, date, datetime, timedelta

import pytest
from api_gateway.search import orders
from api_gateway.search.filtering.bill_filter import Range
from api_gateway.search.ranges import SlotRange, dated, edge
from hypothesis import given
from hypothesis import strategies as st

ORDINALS = st.integers(1, orders.MAX_ORDINAL)
INSTANTS = st.datetimes(timezones=st.just(UTC))
LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("place", [orders.of_day(date.max), orders.of_instant(LAST_INSTANT)])
def test_the_last_date_fits_into_63_bits(place: int) -> None:
    assert orders.placed(place, orders.MAX_ORDINAL) < 2**63
    assert [orders.ordinal_of(orders.placed(place, one)) for one in (1, orders.MAX_ORDINAL)] == [1, orders.MAX_ORDINAL]
    assert orders.first_at(place + 1) <= 2**63


def test_what_has_no_date_is_the_smallest_and_in_no_range() -> None:
    undated = orders.placed(orders.of_day(None), orders.MAX_ORDINAL)
    assert undated == orders.placed(orders.of_instant(None), orders.MAX_ORDINAL)
    assert undated < orders.placed(orders.of_day(date.min), 1)
    assert undated < orders.placed(orders.of_instant(datetime.min.replace(tzinfo=UTC)), 1)
    assert undated < orders.first_at(1) <= orders.placed(orders.of_day(date.min), 1)


@pytest.mark.parametrize("ordinal", [0, -1, orders.MAX_ORDINAL + 1])
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


SLOTS = st.integers(0, orders.LAST_SLOT)
VALUES = st.integers(0, orders.first_at(orders.of_day(date(2100, 1, 1))))


@given(SLOTS, SLOTS, SLOTS)
def test_the_terms_between_two_slots_find_each_bill_of_them_once_and_no_other(one: int, other: int, slot: int) -> None:
    first, last = sorted((one, other))
    terms = orders.terms_between(first, last)
    assert len(set(terms) & set(orders.slot_terms(slot))) == (first <= slot <= last)
    assert len(terms) == len(set(terms)) <= 184  # fifteen at each end of each size, and 64 of the largest


def test_two_centuries_are_few_terms() -> None:
    years = [orders.slot("introduced", orders.first_at(orders.of_day(date(year, 1, 1)))) for year in (1826, 2026)]
    assert len(orders.terms_between(*years)) < 60


@given(st.sampled_from(["introduced", "acted", "changed"]), st.integers(1, orders.LAST_SLOT))
def test_a_slot_begins_with_its_first_value(order: str, number: int) -> None:
    begin = orders.slot_begin(order, number)
    assert orders.slot(order, begin) == number
    assert begin == 0 or orders.slot(order, begin - 1) == number - 1


def test_what_is_behind_the_last_slot_is_refused() -> None:
    with pytest.raises(ValueError, match="above"):
        orders.slot("changed", orders.slot_begin("changed", orders.LAST_SLOT + 1))


@given(VALUES | st.none(), VALUES | st.none(), VALUES)
def test_a_stretch_holds_the_values_of_its_range(lower: int | None, upper: int | None, value: int) -> None:
    part = SlotRange.of(Range("introduced", lower, upper))
    terms = set(orders.slot_terms(orders.slot("introduced", value)))
    inside = (lower is None or lower <= value) and (upper is None or value <= upper)
    compared = bool(terms & set(part.ends)) and part.lower <= value and (part.upper is None or value <= part.upper)
    assert (bool(terms & set(part.whole)) or compared) == inside


def test_a_bill_without_a_date_is_in_no_range_of_dates() -> None:
    undated = set(orders.slot_terms(orders.slot("introduced", 7)))
    asked = dated(Range("introduced", None, orders.first_at(99)))
    assert not undated & set(SlotRange.of(asked).touched)
    assert undated & set(SlotRange.of(Range("introduced", None, orders.first_at(99))).touched)


def test_an_upper_end_above_all_is_an_open_one() -> None:
    assert SlotRange.of(Range("changed", 5, 1 << 62)) == SlotRange.of(Range("changed", 5))
    assert SlotRange.of(Range("changed", 1 << 62)).touched == ()


@given(st.sets(SLOTS, max_size=20))
def test_the_last_slot_is_found_from_the_largest_size_down(slots: set[int]) -> None:
    terms = {term for slot in slots for term in orders.slot_terms(slot)}
    assert orders.last_slot(terms.__contains__) == max(slots, default=0)


@given(st.integers(1, 40_000), VALUES | st.none(), VALUES | st.none(), st.integers(0, 1 << 30))
def test_behind_the_last_slot_nothing_is_looked_up(last: int, lower: int | None, upper: int | None, at: int) -> None:
    asked = Range("introduced", lower, upper)
    value = orders.slot_begin("introduced", last + 1) - 1 - at
    terms = set(orders.slot_terms(orders.slot("introduced", value)))
    every, near = (SlotRange.of(asked, *known) for known in ((), (last,)))
    assert bool(terms & set(every.touched)) == bool(terms & set(near.touched))


def test_the_edge_of_a_range_is_just_outside() -> None:
    ranges = [Range("acted", 3), Range("introduced", None, 1 << 40)]
    assert edge(ranges, "introduced", descending=True) == (1 << 40) + 1
    assert edge(ranges, "introduced", descending=False) == orders.first_at(1) - 1
    assert edge(ranges, "acted", descending=True) is None
    assert edge(ranges, "changed", descending=True) is None
