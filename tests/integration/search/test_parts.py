"""The parts that an order is cut into: each has its share, whatever the order's values are."""

import random
from bisect import bisect_right
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from api_gateway.search import orders
from api_gateway.search.index.index_state import PARTS, order_parts
from api_gateway.search.index_documents import IndexedBill
from search.small_index import plain_bill, state_of

BILLS = 3000


def bill(number: int, dice: random.Random) -> IndexedBill:
    age = timedelta(days=dice.random() ** 1.5 * 36 * 365)
    acted = datetime(2026, 11, 1, tzinfo=UTC) - age
    return plain_bill(number, introduced_on=(date(2026, 11, 1) - age), last_action_at=acted, change_seq=number * 100)


@pytest.mark.parametrize("order", ["introduced", "acted", "changed"])
def test_every_part_has_its_share(order: str) -> None:
    dice = random.Random(1)
    bills = [bill(number, dice) for number in range(1, BILLS + 1)]
    places = {
        "introduced": [orders.placed(orders.of_day(one.introduced_on), one.ordinal) for one in bills],
        "acted": [orders.placed(orders.of_instant(one.last_action_at), one.ordinal) for one in bills],
        "changed": [one.change_seq for one in bills],
    }[order]
    bounds = order_parts(state_of(bills).searcher)[order].bounds
    sizes = Counter(bisect_right(bounds, place) for place in places)
    assert list(bounds) == sorted(set(bounds))
    assert 15 < len(bounds) < PARTS
    assert min(sizes[part] for part in range(len(bounds))) >= BILLS / PARTS
    slots = Counter(orders.slot(order, place) for place in places)
    assert max(sizes.values()) <= BILLS / PARTS + max(slots.values())


def test_an_empty_index_has_no_parts() -> None:
    assert {part.bounds for part in order_parts(state_of([]).searcher).values()} == {()}
