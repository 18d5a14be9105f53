"""The change log: pages as PostgreSQL has them, and pages that a filter asks for."""

import random
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import asyncpg
from api_gateway.search.filtering.filters import read_filter
from api_gateway.search.index.index_state import IndexState
from api_gateway.settings import StoreSettings
from api_gateway.store.changes.change_reader import load_changes
from api_gateway.store.database.pool import open_pool
from api_gateway.store.database.reader import Database
from api_gateway.web.responses.filtered_changes import ENTRIES_LOOKED_AT, FilteredChanges, Wanted

from bench.pace import Pace
from bench.reading.questions import PAGE
from bench.report import Figure, Report, at_most
from bench.turns import Ratio

PART = "queries"
_PLACES = 60
_FILTERS: Sequence[dict[str, Any]] = ({"type": ["PL"]}, {"q": "saúde"}, {"status": ["-ARCHIVED"]}, {"party": ["PT"]})


async def noise(url: str, report: Report) -> None:
    """How quiet the machine is: the least that can be asked of PostgreSQL."""
    connection = await asyncpg.connect(url)
    try:
        seconds = [await _timed(lambda: connection.fetch("SELECT 1")) for _ in range(500)]
    finally:
        await connection.close()
    report.add(PART, _quantile("noise of this machine: SELECT 1, p99", seconds))


async def measure(url: str, state: IndexState, bills: int, report: Report, pace: Pace) -> None:
    """From random places of the log, once before it counts."""
    pool = await open_pool(StoreSettings(database_url=url), name="bench", statement_timeout=300, size=1)
    database = Database(pool, pool, limit=1, acquire_timeout=300)
    try:
        await _pages(database, bills, report, pace)
        await _filtered(database, state, bills, report, pace)
    finally:
        await database.close(5)


async def _pages(database: Database, bills: int, report: Report, pace: Pace) -> None:
    dice, found = random.Random(5), list[float]()
    for _ in range(_PLACES):
        after = dice.randrange(bills)
        ask = partial(load_changes, database, after=after, limit=PAGE)
        await ask()
        found += [await _timed(ask) for _ in range(pace.repeats)]
    report.add(PART, _quantile("changes, p99", found, 5))


async def _filtered(database: Database, state: IndexState, bills: int, report: Report, pace: Pace) -> None:
    """A page looks at 500 entries: new ones are made ready for filters first, the next filter finds them so."""
    dice = random.Random(6)
    new: list[float] = []
    known: list[float] = []
    for _ in range(_PLACES if pace.questions is None else 3):
        after = dice.randrange(max(1, bills - ENTRIES_LOOKED_AT))
        changes = FilteredChanges(database)
        for number, given in enumerate(_FILTERS):
            wanted = Wanted(read_filter(given))
            ask = partial(changes.page, wanted, after=after, limit=PAGE)
            (known if number else new).append(await _timed(ask))
    report.add(
        PART,
        _quantile("changes by a filter, 500 new entries, p99", new),
        _quantile("changes by another filter, the same 500 entries, p99", known),
    )


async def _timed(ask: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await ask()
    return time.perf_counter() - began


def _quantile(name: str, seconds: Sequence[float], bound: float | None = None) -> Figure:
    ms = sorted(one * 1000 for one in seconds)
    value = Ratio(ms[min(len(ms) - 1, int(0.99 * len(ms)))], ms[len(ms) // 2], ms[-1])
    target = None if bound is None else at_most(bound)
    return Figure(name, value, "ms", target, f" (p50..worst) n={len(ms)}")
