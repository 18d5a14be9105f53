"""Anything may be asked: a short run of what `make search-fuzz` does at length."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from integration.indexing import indexing, until
from legis_launcher.processes.child_process import Child
from legis_launcher.servers.ports import answers, free_port
from search.filling import fill
from search.fuzz import PATIENT, fuzz

REQUESTS = 1500


@pytest.fixture
async def port(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[int]:
    """The port of an API over some hundred invented bills and their index."""
    await fill(database_url, 300)
    port, index = free_port(), tmp_path / "index"
    there = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "INDEX_FOLDER": str(index), "PORT": str(port)}
    api = Child(
        "web", [sys.executable, "-m", "api_gateway.web"], tmp_path / "web.log", {**os.environ, **PATIENT, **there}
    )
    async with indexing(database_url, index) as indexer:
        await until(lambda: indexer.builds.current, "the index is built")
        api.start()
        try:
            await until(lambda: answers(port), "the API listens")
            yield port
        finally:
            await asyncio.to_thread(api.stop, 10)


async def test_no_request_fails_and_each_refusal_says_why(port: int) -> None:
    tally = await asyncio.to_thread(fuzz, port, 1, range(REQUESTS))
    assert not tally.wrong, tally.wrong[:5]
    assert sum(tally.statuses.values()) == REQUESTS
    assert tally.statuses[200] > REQUESTS / 3
    assert tally.statuses[400] > REQUESTS / 20
