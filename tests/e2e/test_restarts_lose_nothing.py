"""Processes are killed and Redis is emptied while bills move; every bill is still stored as its chamber shows it."""

import asyncio
import os
import signal
import time
from typing import Any

import asyncpg
import orjson
import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

KILLED = ("worker", "indexer", "ingest-camara", "worker", "ingest-senado", "indexer", "redis")


def stored(legis) -> dict[str, tuple[str, str]]:
    """Label and title of every bill in the database, white space folded."""

    async def ask() -> list[Any]:
        connection = await asyncpg.connect(legis.database_url)
        try:
            return await connection.fetch("SELECT id, identifier, summary FROM bill WHERE removed_at IS NULL")
        finally:
            await connection.close()

    loop = asyncio.new_event_loop()
    try:
        rows = loop.run_until_complete(ask())
    finally:
        loop.close()
    return {row["id"]: (row["identifier"], _folded(orjson.loads(row["summary"])["title"])) for row in rows}


def truth(legis) -> dict[str, tuple[str, str]]:
    """The same, as the chambers know it."""
    found: dict[str, tuple[str, str]] = {}
    for source in ("camara", "senado"):
        after: int | None = 0
        while after is not None:
            page = legis.simulator(f"/truth/bills?source={source}&after={after}&limit=1000")
            for bill in page["bills"]:
                if not bill["deleted"]:
                    found[f"{source}-{bill['id']}"] = (_label(bill["identifier"]), _folded(bill["title"]))
            after = page["next"]
    return found


def _label(text: str) -> str:
    """The label as we print it: the Câmara's year 0 means that there is none."""
    return text.removesuffix("/0")


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())


def differing(legis) -> dict[str, Any]:
    known, ours = truth(legis), stored(legis)
    keys = known.keys() | ours.keys()
    return {key: (known.get(key), ours.get(key)) for key in keys if known.get(key) != ours.get(key)}


def listed(legis) -> set[str]:
    """Every bill that the lists show, page by page; the head of the log is waited for."""
    head = legis.until(lambda: legis.get("/api/v1/bills?limit=1").headers.get("legis-index-seq"), 30, "lists")
    found: set[str] = set()
    where = f"/api/v1/bills?limit=100&sort=changed_at&min_seq={head}"
    while where:
        body = legis.get(where).json()
        found |= {bill["id"] for bill in body["data"]}
        where = body["page"]["next"]
    return found


def has_loaded(redis: Redis) -> bool:
    try:
        return bool(redis.ping())
    except RedisConnectionError:  # not up, or still loading
        return False


@pytest.mark.timeout(900)
def test_kills_and_a_flush_cost_no_bill(legis) -> None:
    legis.until(lambda: len(stored(legis)) >= 200, 90, "most bills stored")
    legis.simulator("/control/freeze", {"frozen": False})
    for name in KILLED:
        for source in ("camara", "senado"):
            legis.simulator("/control/change", {"source": source})
            legis.simulator("/control/create", {"source": source})
        before = legis.pids[name]
        os.kill(before, signal.SIGKILL)
        legis.until(lambda name=name, before=before: legis.pids.get(name) not in (None, before), 30, f"{name} again")
        time.sleep(0.5)
    with Redis.from_url(legis.redis_url) as redis:
        legis.until(lambda: has_loaded(redis), 30, "redis has loaded what it kept")
        redis.flushall()
    legis.simulator("/control/change", {"source": "camara"})
    legis.simulator("/control/freeze", {"frozen": True})

    deadline = time.monotonic() + 90
    while left := differing(legis):
        assert time.monotonic() < deadline, f"{len(left)} bills differ after 90 s, such as {list(left.items())[:3]}"
        time.sleep(1)
    legis.until(lambda: listed(legis) == stored(legis).keys(), 30, "the lists have what is stored")
