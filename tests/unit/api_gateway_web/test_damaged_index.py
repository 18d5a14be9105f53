"""A search that meets damaged files is not the caller's fault, and passes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.search.index.folder import IndexNotReady, Position
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index.live import LiveIndex
from api_gateway.search.index_schema import build_schema
from tantivy import Index


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[LiveIndex]:
    made = LiveIndex(str(tmp_path), threads=1, on_change=lambda: None)
    yield made
    made.close()


def state() -> IndexState:
    index = Index(build_schema())
    return IndexState(index, index.searcher(), Position("epoch"), {})


class PanicException(BaseException):
    """Named as what the binding raises where Rust panics; nobody can import that."""


@pytest.mark.parametrize("error", [ValueError("Fast field not available"), PanicException("Invalid VInt 32")])
async def test_what_tantivy_cannot_read_is_not_ready(live: LiveIndex, error: BaseException) -> None:
    def cut(_: IndexState) -> Any:
        raise error

    with pytest.raises(IndexNotReady) as raised:
        await live.ask(cut, state())
    assert raised.value.text == ("The search index cannot be read", "O índice de busca não pode ser lido")


async def test_a_wrong_parameter_stays_the_callers(live: LiveIndex) -> None:
    def wrong(_: IndexState) -> Any:
        raise InvalidParameter("sort", "is none")

    with pytest.raises(InvalidParameter):
        await live.ask(wrong, state())
