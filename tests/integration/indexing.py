# ruff: noqa: ASYNC110 (the index sets no events for those who read it elsewhere)
"""The real indexer inside the test process, and waiting until an index has come to where the log stands."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from api_gateway.indexer.index_loop import IndexerLoop
from api_gateway.search.index.folder import Position
from api_gateway.search.index.live import LiveIndex
from api_gateway.settings import IndexerSettings
from api_gateway.store.changes.index_feed import IndexFeed
from api_gateway.store.database.pool import open_pool

WITHIN_SECONDS = 60


def impatient(database_url: str, folder: Path | str, **changed: Any) -> IndexerSettings:
    """Settings of an indexer that looks and commits as often as it can."""
    quick = {"index_poll_seconds": 0.02, "index_commit_seconds": 0.02, "index_writer_megabytes": 15}
    return IndexerSettings(**{"database_url": database_url, "index_folder": str(folder), **quick, **changed})


@asynccontextmanager
async def indexing(database_url: str, folder: Path | str, **changed: Any) -> AsyncIterator[IndexerLoop]:
    """An indexer that runs as long as the context lasts."""
    settings = impatient(database_url, folder, **changed)
    pool = await open_pool(settings, name="indexer", statement_timeout=20, size=2, stateless=True)
    loop, stop = IndexerLoop(settings, IndexFeed(pool)), asyncio.Event()
    running = asyncio.create_task(loop.run(stop))
    try:
        yield loop
        assert not running.done(), "nothing but `stop` ends an indexer"
    finally:
        stop.set()
        async with asyncio.timeout(WITHIN_SECONDS):
            await running
        await pool.close()


@asynccontextmanager
async def reading(folder: Path | str) -> AsyncIterator[LiveIndex]:
    """The index as a web process has it open."""
    index, stop = LiveIndex(str(folder), threads=1, on_change=lambda: None), asyncio.Event()
    running = asyncio.create_task(index.run(stop))
    try:
        yield index
    finally:
        stop.set()
        await running


async def until(condition: Callable[[], Any], what: str, within: float = WITHIN_SECONDS) -> Any:
    """Waits for a true value and gives it."""
    try:
        async with asyncio.timeout(within):
            while not (seen := condition()):
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"not within {within} s: {what}") from None
    return seen


async def caught_up(index: LiveIndex, connection: Any) -> None:
    """Waits until an index is where the database's log is, neither behind it nor ahead. A reader is ahead of a log that
    went back for as long as it has the old build open.
    """
    head = at = None
    try:
        async with asyncio.timeout(WITHIN_SECONDS):
            while True:
                row = await connection.fetchrow(
                    "SELECT epoch::text, last_seq, last_render_seq FROM store_epoch CROSS JOIN change_counter"
                )
                head = tuple(row)
                at = index.state and _place(index.state.position)
                if at == head:
                    return
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"not within {WITHIN_SECONDS} s: the index at {head}; it is at {at}") from None


def _place(position: Position) -> tuple[str, int, int]:
    return position.epoch, position.seq, position.render_seq
