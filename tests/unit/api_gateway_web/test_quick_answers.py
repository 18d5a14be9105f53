"""Which lists are answered on the event loop, and that they are answered alike."""

from typing import Any

import pytest
from api_gateway.search.index.index_state import IndexState
from api_gateway.web.params.list_request import list_question
from api_gateway.web.params.parameters import BillParameters
from api_gateway.web.responses.list_meta import list_answer, quick_answer
from search.small_index import plain_bill, state_of

FEW = {"type": ("PEC",)}
"""One bill in forty has it, so that few need be looked at."""


@pytest.fixture(scope="module")
def state() -> IndexState:
    types = {number: "PL" if number % 40 else "PEC" for number in range(1, 121)}
    return state_of(plain_bill(number, type=kind, type_code=kind) for number, kind in types.items())


@pytest.mark.parametrize("more", [{}, {"limit": 1}, {"sort": "introduced_on"}, {"fields": ("id,title",)}])
def test_few_bills_by_date_are_answered_at_once(state: IndexState, more: dict[str, Any]) -> None:
    question = list_question(BillParameters(**FEW, **more))
    answer = quick_answer(question, state)
    assert answer == list_answer(question, state)
    assert answer is not None
    assert len(answer.items) == min(3, question.limit)
    assert (answer.next_place is not None) == (question.limit == 1)


@pytest.mark.parametrize(
    "dear",
    [
        {"q": "saúde"},
        {"q": "saúde", "sort": "-last_action_at"},
        {"count": "exact"},
        {"facets": ("type",)},
        {"introduced_from": "2020-01-01"},
        {"type": ("PL",)},  # too many, and parts of the order are not known
    ],
)
def test_what_may_take_longer_is_left_to_a_search_thread(state: IndexState, dear: dict[str, Any]) -> None:
    assert quick_answer(list_question(BillParameters(**FEW | dear)), state) is None
