"""A panic inside the engine fails one request, and neither the process nor those that follow."""

from pathlib import Path

import pytest
from api_gateway.search.index.folder import IndexNotReady
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index.live import LiveIndex
from search.small_index import plain_bill, state_of
from tantivy import Query

TOO_MANY = 2**62
"""Matches that no memory has room for."""


async def test_a_panic_fails_one_question_and_the_next_question_is_answered(tmp_path: Path) -> None:
    live, state = LiveIndex(str(tmp_path), threads=1, on_change=lambda: None), state_of([plain_bill(1)])
    try:
        with pytest.raises(IndexNotReady, match="cannot be read"):
            await live.ask(lambda state: _ask(state, TOO_MANY), state)
        assert await live.ask(lambda state: _ask(state, 10), state) == 2
        with pytest.raises(IndexNotReady, match="cannot be read"):
            live.ask_here(lambda state: _ask(state, TOO_MANY), state)
        assert live.ask_here(lambda state: _ask(state, 10), state) == 2
    finally:
        live.close()


def _ask(state: IndexState, limit: int) -> int:
    return len(state.searcher.search(Query.all_query(), limit=limit).hits)
