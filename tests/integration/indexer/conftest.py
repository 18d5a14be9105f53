"""A database of its own for each test, bills put there by the real writer, and what an index holds beside it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from api_gateway.search.index.folder import current_build
from api_gateway.search.index.live import LiveIndex
from api_gateway.search.index_schema import POSITION
from api_gateway.store.bills.bill_writer import apply
from integration.bills import make_bill, observed
from integration.indexer.built import HOME
from integration.indexing import caught_up, indexing, reading
from legis.domain.bill import Bill
from tantivy import Query

Write = Callable[..., Awaitable[None]]
Agree = Callable[[LiveIndex], Awaitable[None]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the index is."""
    return tmp_path / "index"


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Any]:
    """Connections to a fresh database."""
    async with asyncpg.create_pool(database_url, min_size=0, max_size=2) as opened:
        yield opened


@pytest.fixture
def write(pool: Any) -> Write:
    """`await write(bill, bill)` stores observations as the worker does."""

    async def put(*bills: Bill) -> None:
        await apply(pool, [observed(bill) for bill in bills], confirm_seconds=0)

    return put


@pytest.fixture
def agree(pool: Any) -> Agree:
    """`await agree(index)` returns when an index has come to the log's head, and holds every bill as it is stored."""

    async def wait(index: LiveIndex) -> None:
        await caught_up(index, pool)
        stored = {row["id"]: row["summary"] for row in await pool.fetch("SELECT id, summary FROM bill")}
        assert contents(index) == stored
        assert index.state is not None
        assert index.state.searcher.num_docs == len(stored) + 1, "each bill once, and the position"

    return wait


def contents(index: LiveIndex) -> dict[str, bytes]:
    """The list item of every bill, by id."""
    assert index.state is not None
    searcher = index.state.searcher
    found = searcher.search(Query.all_query(), limit=max(1, searcher.num_docs), count=False).hits
    documents = [searcher.doc(address) for _, address in found]
    return {one["id"][0]: bytes(one["summary"][0]) for one in documents if one["id"][0] != POSITION}


@pytest.fixture
async def built(database_url: str, folder: Path, write: Any, agree: Any) -> str:
    """An index of some bills that nobody follows now; the name of its build."""
    await write(*(make_bill(number) for number in range(1, 21)))
    async with indexing(database_url, folder), reading(folder) as index:
        await agree(index)
    build = current_build(folder / HOME)
    assert build is not None
    return build
