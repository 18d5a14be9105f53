"""Bills that are published at a fixed rate, and readers who look for them: by id, in lists, in the change stream."""

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import aiohttp
from legis.events import BillObserved
from legis.streams.connection import connect
from legis.streams.names import BILLS_STREAM

from bench.system.corpus import observed

FIRST_KEY = 900_000_000
TICK = 0.02
PROBED = 100
PROBE_SECONDS = 0.02
"""One bill in so many is asked for, by its id and in a list, until it is there."""

LIMIT_SECONDS = 5.0
_STREAM_ID = re.compile(rb'"bill_id":"[a-z]+-(\d+)"')
_LIST_ID = re.compile(rb'"id":"[a-z]+-(\d+)"')


@dataclass(slots=True)
class Seen:
    """When each bill was published and when readers first had it; seconds of one monotonic clock."""

    published: dict[int, float] = field(default_factory=dict)
    streamed: dict[int, float] = field(default_factory=dict)
    asked: dict[int, float] = field(default_factory=dict)
    listed: dict[int, float] = field(default_factory=dict)

    def delays(self, found: dict[int, float]) -> list[float]:
        """Seconds from publishing to `found`, sorted; what never came counts as the longest wait."""
        wanted = self.published if found is self.streamed else {k: v for k, v in self.published.items() if _probed(k)}
        return sorted(found[key] - at if key in found else LIMIT_SECONDS for key, at in wanted.items())


def new_bill(number: int, total: int, window: str) -> BillObserved:
    """A bill that the corpus has not, as the worker receives it."""
    event = observed(number % total + 1, total, upstream_id=str(FIRST_KEY + number), window=window)
    return event.model_copy(update={"read_seq": 2**40 + number})


async def publish_and_watch(redis_url: str, port: int, payloads: Sequence[bytes], rate: int, seconds: float) -> Seen:
    """Publishes all of them; returns when all are seen, or long enough after the last one."""
    seen, done, count = Seen(), asyncio.Event(), len(payloads)
    async with (
        asyncio.timeout(seconds + 60),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
        asyncio.TaskGroup() as group,
    ):
        streaming = group.create_task(_stream(session, seen, count))
        await asyncio.sleep(0.2)
        group.create_task(_publish(redis_url, payloads, rate, seen, done))
        group.create_task(_probe_ids(session, seen, done))
        group.create_task(_probe_lists(session, seen, done))
        await done.wait()
        deadline = time.perf_counter() + LIMIT_SECONDS
        while len(seen.streamed) < count and time.perf_counter() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        streaming.cancel()
    return seen


async def _publish(url: str, payloads: Sequence[bytes], rate: int, seen: Seen, done: asyncio.Event) -> None:
    redis = connect(url, client_name="bench")
    at_once, began = max(1, round(rate * TICK)), time.perf_counter()
    try:
        for tick, start in enumerate(range(0, len(payloads), at_once)):
            if (early := began + tick * at_once / rate - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            async with redis.pipeline(transaction=False) as pipeline:
                now = time.perf_counter()
                for number in range(start, min(start + at_once, len(payloads))):
                    pipeline.xadd(BILLS_STREAM, {"kind": "bill_observed", "payload": payloads[number]})
                    seen.published[FIRST_KEY + number] = now
                await pipeline.execute()
    finally:
        done.set()
        await redis.aclose()


async def _stream(session: aiohttp.ClientSession, seen: Seen, count: int) -> None:
    timeout = aiohttp.ClientTimeout(total=None)
    async with session.get("/api/v1/changes/stream", timeout=timeout) as reply:
        rest = b""
        async for piece in reply.content.iter_any():
            now, text = time.perf_counter(), rest + piece
            whole, _, rest = text.rpartition(b"\n")
            for key in _STREAM_ID.findall(whole):
                seen.streamed.setdefault(int(key), now)
            if len(seen.streamed) >= count:
                return


async def _probe_ids(session: aiohttp.ClientSession, seen: Seen, done: asyncio.Event) -> None:
    """Asks for the two oldest bills that are due, every `PROBE_SECONDS`: more would be load, not looking."""
    for waiting in _rounds(seen, seen.asked, done):
        await asyncio.gather(*(_ask(session, seen, key) for key in waiting[:2]))
        await asyncio.sleep(PROBE_SECONDS)


async def _probe_lists(session: aiohttp.ClientSession, seen: Seen, done: asyncio.Event) -> None:
    """Asks one list for all bills that are due, at the same pace."""
    for waiting in _rounds(seen, seen.listed, done):
        if waiting:
            await _list(session, seen, waiting[:100])
        await asyncio.sleep(PROBE_SECONDS)


def _rounds(seen: Seen, found: dict[int, float], done: asyncio.Event) -> Iterator[list[int]]:
    """What is published and not found, again and again, until all is found or too long after the last was published."""
    deadline = float("inf")
    while True:
        ended = done.is_set()
        waiting = sorted({key for key in seen.published if _probed(key)} - found.keys())
        if ended:
            deadline = min(deadline, time.perf_counter() + LIMIT_SECONDS)
        if (ended and not waiting) or time.perf_counter() > deadline:
            return
        yield waiting


async def _ask(session: aiohttp.ClientSession, seen: Seen, key: int) -> None:
    async with session.get(f"/api/v1/bills/{_id(key)}") as reply:
        if reply.status == 200:
            await reply.read()
            seen.asked[key] = time.perf_counter()


async def _list(session: aiohttp.ClientSession, seen: Seen, keys: Sequence[int]) -> None:
    async with session.get(f"/api/v1/bills?ids={','.join(map(_id, keys))}&limit=100&fields=id") as reply:
        if reply.status == 200:
            body = await reply.read()
            now = time.perf_counter()
            for key in _LIST_ID.findall(body):
                seen.listed.setdefault(int(key), now)


def _id(key: int) -> str:
    return f"{'senado' if (key - FIRST_KEY + 1) % 5 == 0 else 'camara'}-{key}"  # as the corpus has it


def _probed(key: int) -> bool:
    return (key - FIRST_KEY) % PROBED == 0
