"""Which lists are answered on the event loop: those that are quick however large the index is."""

from typing import Any

import pytest
from api_gateway.search.index.index_state import IndexState
from api_gateway.web.params.list_request import list_question
from api_gateway.web.params.parameters import BillParameters
from api_gateway.web.responses.list_meta import is_quick
from search.small_index import plain_bill, state_of

FEW = {"type": ("PEC",)}
"""One bill in forty has it."""


@pytest.fixture(scope="module")
def state() -> IndexState:
    types = {number: "PL" if number % 40 else "PEC" for number in range(1, 121)}
    return state_of(plain_bill(number, type=kind, type_code=kind) for number, kind in types.items())


@pytest.mark.parametrize("more", [{}, {"limit": 1}, {"sort": "introduced_on"}, {"fields": ("id,title",)}])
def test_few_bills_by_date_are_quick(state: IndexState, more: dict[str, Any]) -> None:
    assert is_quick(list_question(BillParameters(**FEW | more)), state)


@pytest.mark.parametrize(
    "dear",
    [
        {"q": "saúde"},
        {"q": "saúde", "sort": "-last_action_at"},
        {"count": "exact"},
        {"facets": ("type",)},
        {"introduced_from": "2020-01-01"},
        {"type": ("PL",)},
        {"type": (), "status": ("-ENACTED",)},
        {"type": ()},
    ],
)
def test_what_may_take_longer_is_left_to_a_search_thread(state: IndexState, dear: dict[str, Any]) -> None:
    assert not is_quick(list_question(BillParameters(**FEW | dear)), state)
