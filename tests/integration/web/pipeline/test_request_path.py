"""How many modules of ours one request passes: those of which a function runs, on the event loop or on a search thread.

Only the task of the request itself counts, and what its connection does; not what runs in the background meanwhile.
"""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from itertools import count, islice, repeat
from pathlib import Path
from typing import Any

import api_gateway
import httpx2
import legis
import pytest
from integration.indexing import until

OURS = tuple(f"{Path(package.__path__[0])}/" for package in (api_gateway, legis))
INDEXER = tuple(f"{OURS[0]}{name}" for name in ("indexer/", "store/changes/index_feed.py"))
"""It runs in the process of these tests, and on threads of its own."""

REQUESTS = 12


class Passed:
    """The modules whose functions run while it looks."""

    def __init__(self) -> None:
        self.looking = False
        self.modules: set[str] = set()

    def note(self, frame: Any, event: str, _: Any) -> None:
        file = frame.f_code.co_filename
        if self.looking and event == "call" and file.startswith(OURS) and not file.startswith(INDEXER) and _counts():
            self.modules.add(next(file.removeprefix(root) for root in OURS if file.startswith(root)))


def _counts() -> bool:
    try:
        task = asyncio.current_task()
    except RuntimeError:  # a thread that searches
        return True
    return task is None or "run_asgi" in task.get_coro().__qualname__  # type: ignore[union-attr]


@pytest.fixture(scope="module")
async def passed() -> AsyncIterator[Passed]:
    found = Passed()
    threading.setprofile(found.note)  # for the threads that search, which start with the first search
    yield found
    threading.setprofile(None)


@pytest.fixture(scope="module", params=[0, 100], ids=["computed", "kept"])
async def client(request: Any, passed: Passed, serve: Any) -> AsyncIterator[httpx2.AsyncClient]:
    async with serve(response_cache_entries=request.param) as client:
        yield client


async def modules_of(client: httpx2.AsyncClient, passed: Passed, paths: Iterator[str]) -> set[str]:
    resources = client.app.state.resources  # type: ignore[attr-defined]
    for _ in range(3):  # the first ones open connections
        await client.get(next(paths))
    sets = []
    for path in islice(paths, REQUESTS):
        await until(lambda: resources.gate.open, "Redis answers")
        passed.modules = set()
        sys.setprofile(passed.note)
        passed.looking = True
        try:
            assert (await client.get(path)).status_code == 200
        finally:
            passed.looking = False
            sys.setprofile(None)
        sets.append(passed.modules)
    return set.intersection(*sets)


LIST, PAGE, DETAIL = "/api/v1/bills?type=PL", "/api/v1/bills?type=PL&limit=3", "/api/v1/bills/camara-2"
KEPT = 12
"""Figures as reached: two above the last ones for refusals before the count, up to five for reading from standbys."""


@pytest.mark.parametrize(
    ("path", "most"), [(LIST, 25), (PAGE, 26), (DETAIL, 22)], ids=["list", "first of several pages", "detail"]
)
async def test_a_request_passes_few_modules(client: httpx2.AsyncClient, passed: Passed, path: str, most: int) -> None:
    found = await modules_of(client, passed, repeat(path))
    kept = client.app.state.resources.settings.response_cache_entries > 0  # type: ignore[attr-defined]
    assert "web/pipeline/request_context.py" in found
    assert kept or "web/routes/bills.py" in found
    assert len(found) <= (KEPT if kept else most), sorted(found)


async def test_a_list_that_nobody_asked_for_before_passes_those_that_read_it_too(
    client: httpx2.AsyncClient, passed: Passed
) -> None:
    found = await modules_of(client, passed, (f"/api/v1/bills?type=PL&number={number}" for number in count(1)))
    assert "search/filtering/filters.py" in found
    assert len(found) <= 31, sorted(found)
