"""Pages in order: whatever part of the order is looked at first, nothing is lost, repeated or out of place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest
from api_gateway.search.filtering.bill_filter import Range, Sort, SortKey
from api_gateway.search.filtering.filters import read_filter
from api_gateway.search.index.index_state import PARTS, IndexState, OrderParts, order_parts
from api_gateway.search.index_documents import IndexedBill
from api_gateway.search.results import ordered_page

BILLS = 200
SORTS = [Sort(key, descending=down) for key in SortKey if key is not SortKey.RELEVANCE for down in (True, False)]


@pytest.fixture(scope="module")
def bills(indexed: Callable[..., IndexedBill]) -> list[IndexedBill]:
    """With many that share a date, some without one, one type that most have and one that few have."""
    noon = datetime(2024, 1, 1, 12, tzinfo=UTC)
    return [
        indexed(
            number,
            type_code="PL" if number % 7 else "PEC",
            type="PL" if number % 7 else "PEC",
            introduced_on=None if number % 10 == 0 else date(2024, 1, 1) + timedelta(days=number // 9),
            last_action_at=None if number % 13 == 0 else noon + timedelta(hours=number % 17),
            change_seq=(number * 37) % 211 * 5000,  # over some sixty slots
            removed=number == 50,
        )
        for number in range(1, BILLS + 1)
    ]


@pytest.fixture(scope="module")
def states(bills: list[IndexedBill], state_of: Callable[..., IndexState]) -> dict[str, IndexState]:
    whole = state_of(bills)
    cut = replace(whole, parts=order_parts(whole.searcher))
    wrong = replace(cut, parts={order: OrderParts((1, 2, 3)) for order in cut.parts})
    return {"whole": whole, "cut": cut, "cut long ago": wrong}


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: f"{sort.key}-{sort.descending}")
@pytest.mark.parametrize("which", ["whole", "cut", "cut long ago"])
@pytest.mark.parametrize("given", [{}, {"type": ["PL"]}, {"type": ["PEC"]}, {"introduced_from": "2024-01-10"}])
def test_pages_join_up(states: dict[str, IndexState], bills: list[Any], which: str, sort: Sort, given: Any) -> None:
    field = {"acted": "last_action_at", "introduced": "introduced_on", "changed": "change_seq"}[sort.key.value]
    nothing = {"last_action_at": datetime.min.replace(tzinfo=UTC), "introduced_on": date.min, "change_seq": -1}[field]
    wanted = [
        bill
        for bill in bills
        if not bill.removed
        and bill.type_code in given.get("type", [bill.type_code])
        and ("introduced_from" not in given or (bill.introduced_on and bill.introduced_on >= date(2024, 1, 10)))
    ]
    wanted.sort(key=lambda bill: (getattr(bill, field) or nothing, bill.ordinal), reverse=sort.descending)
    for limit in (7, 50, 1000):
        found: list[str] = []
        after = None
        for _ in range(BILLS):
            page = ordered_page(states[which], read_filter(given), sort, limit, after)
            found += [orjson.loads(hit.summary)["id"] for hit in page.hits]
            after = page.last
            if not page.more:
                break
        assert found == [bill.id for bill in wanted]


def test_an_order_is_cut_into_parts(states: dict[str, IndexState]) -> None:
    cut = states["cut"]
    assert set(cut.parts) == {"acted", "introduced", "changed"}
    assert 150 <= len(cut.parts["changed"].bounds) < PARTS
    assert cut.begin("changed", None, 1, descending=True) is not None
    assert states["whole"].begin("changed", None, 1, descending=True) is None


def test_a_part_begins_behind_the_cursor() -> None:
    parts = OrderParts((10, 20, 30))
    assert parts.end(None, 1, descending=True) == 20  # what is behind the last bound may be less than a part
    assert parts.end(None, 2, descending=True) == 10
    assert parts.end(25, 1, descending=True) == 10
    assert parts.end(35, 2, descending=True) == 10
    assert parts.end(15, 1, descending=True) is None
    assert parts.end(None, 1, descending=False) == 10
    assert parts.end(None, 3, descending=False) == 30
    assert parts.end(5, 1, descending=False) == 20
    assert parts.end(5, 2, descending=False) == 30
    assert parts.end(25, 1, descending=False) is None
    assert OrderParts().end(None, 1, descending=True) is None


def test_the_rest_of_an_order_is_without_the_cursor(states: dict[str, IndexState]) -> None:
    state = states["whole"]
    assert state.rest("changed", 7, descending=True) == Range("changed", upper=6)
    assert state.rest("changed", 7, descending=False) == Range("changed", lower=8)
    assert state.rest("changed", None, descending=False) is None
