"""The model of a whole database, beside the index that was made from it."""

import asyncio
import random
from collections.abc import Iterator
from itertools import chain
from queue import Queue
from threading import Thread
from typing import Any

import asyncpg
from api_gateway.indexer.bill_rows import indexed_bill
from api_gateway.search.index.folder import current_build, open_build, schema_folder
from api_gateway.search.index.index_state import IndexState, newest_state
from api_gateway.search.index_documents import IndexedBill
from api_gateway.store.changes.index_feed import IndexFeed

from search.checking import Checker
from search.model import Model
from search.questions import Pool
from search.world import beginnings

_PAGE = 1000
_ASKED_ABOUT = 3000
"""Bills whose values are asked for."""


class NotInStep(Exception):
    """The index is not of this database's last change, so answers cannot be compared."""


def checker_of_database(url: str, folder: str) -> tuple[Checker, Pool]:
    """Reads every bill once; takes some minutes and gigabytes for a million."""
    state = _opened(folder)
    head = asyncio.run(_head(url))
    if state.position.seq != head:
        raise NotInStep(f"the index is at {state.position.seq}, the log at {head}")
    pool, dice = Pool(), random.Random(1)
    share = _ASKED_ABOUT / max(1, state.searcher.num_docs)

    def passed() -> Iterator[IndexedBill]:
        for bill in chain.from_iterable(map(indexed_bill, page) for page in _pages(url)):
            if dice.random() < share:
                pool.add(bill)
            yield bill

    model = Model(passed(), expand=lambda word: beginnings(state, word))
    print(f"read {len(model.ids)} bills; the index has {state.searcher.num_segments} segments", flush=True)
    return Checker(state, model), pool


def _opened(folder: str) -> IndexState:
    home = schema_folder(folder)
    build = current_build(home)
    if build is None:
        raise NotInStep(f"{home} has no index that is whole")
    return newest_state(open_build(home, build))


async def _head(url: str) -> int:
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        return (await IndexFeed(pool).head(0)).last_seq


def _pages(url: str) -> Iterator[Any]:
    """Pages of rows in the order of `ordinal`, read ahead by a thread of its own."""
    read: Queue[Any] = Queue(4)
    thread = Thread(target=lambda: asyncio.run(_read(url, read)), daemon=True)
    thread.start()
    while (page := read.get()) is not None:
        if isinstance(page, Exception):
            raise page
        yield page
    thread.join()


async def _read(url: str, read: "Queue[Any]") -> None:
    try:
        async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
            feed, after = IndexFeed(pool), 0
            while rows := await feed.page(after, _PAGE):
                after = rows[-1]["ordinal"]
                await asyncio.to_thread(read.put, rows)
        read.put(None)
    except Exception as error:  # handed to whoever reads
        read.put(error)
