"""The twin's Redis answers as a real one: the same random commands, the same answers, entry by entry."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import pytest
from legis.streams.connection import connect
from legis.streams.consumer import _DONE
from legis.streams.log_heads import _ANNOUNCE
from legis.streams.publisher import _ADD
from legis.streams.stored_marks import _WRITE_MARKS
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from twin.redis_double.redis_client import RedisWire, TwinRedis
from twin.redis_double.redis_server import RedisServer

STREAM, GROUP = "twin-stream", "store"
NEVER = 3_600_000
COMMANDS = 400

Answer = Any
Command = Callable[["Side"], Any]


class Side:
    """One of the two servers, with its own ids for the entries that both have."""

    def __init__(self, redis: Any) -> None:
        self.redis = redis
        self.add = redis.register_script(_ADD)
        self.remember = redis.register_script(_WRITE_MARKS)
        self.done = redis.register_script(_DONE)
        self.announce = redis.register_script(_ANNOUNCE)
        self.ids: list[bytes] = []

    async def answer(self, command: Command) -> Answer:
        """The answer with ids replaced by places, so that both sides' answers compare."""
        try:
            found = await command(self)
        except ResponseError as error:
            return str(error).split()[0]
        return self._plain(found)

    def _plain(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return f"#{self.ids.index(value)}" if value in self.ids else value
        if isinstance(value, dict):
            return {self._plain(key): self._plain(item) for key, item in value.items() if key not in _TIMES}
        if isinstance(value, list | tuple):
            return [self._plain(item) for item in value]
        return value

    def some(self, places: list[int]) -> list[bytes]:
        """Ids of entries by place; one that never was where there are none."""
        return [self.ids[place % len(self.ids)] for place in places] if self.ids else [b"1-1"]

    async def publish(self, count: int, capacity: int, number: int) -> Any:
        """Entries by the publisher's script, remembered by their ids."""
        arguments: list[Any] = []
        for index in range(count):
            arguments += ("bill_observed", f"payload {number} {index}", "00-trace" if index % 2 else "")
        marks = [number, number // 2][: number % 3]
        ids = await self.add(keys=[STREAM, "mark-1", "mark-2"][: 1 + len(marks)], args=[*arguments, capacity, *marks])
        self.ids.extend(ids)
        return len(ids)

    async def flush(self) -> Any:
        """All is gone, and ids begin again: one of the same millisecond may be given twice."""
        found = await self.redis.flushdb()
        self.ids.clear()
        return found

    async def finish(self, places: list[int]) -> Any:
        """What `done` does: acknowledge and delete together."""
        return await self.done(keys=[STREAM], args=[GROUP, *self.some(places)])


_TIMES = ("time_since_delivered", "idle", "inactive", "min", "max", "consumers")


def commands(draw: random.Random, number: int) -> Command:
    """One command of those that product code sends, with the arguments it may have."""
    who, other = draw.choice("ab"), draw.choice("abc")
    places = [draw.randrange(1000) for _ in range(draw.randrange(1, 4))]
    count, capacity = draw.randrange(1, 6), draw.choice((5, 30))
    idle = draw.choice((None, NEVER))
    retries = draw.choice((None, 0, 3))
    justid = draw.random() < 0.5
    kinds: list[Command] = [
        lambda s: s.publish(count, capacity, number),
        lambda s: s.publish(count, capacity, number),
        lambda s: s.redis.xreadgroup(GROUP, who, {STREAM: ">"}, count=count, block=1),
        lambda s: s.redis.xreadgroup(GROUP, who, {STREAM: ">"}, count=count, block=1),
        lambda s: s.redis.xpending_range(STREAM, GROUP, min="-", max="+", count=count, consumername=other, idle=idle),
        lambda s: s.redis.xpending_range(STREAM, GROUP, min="-", max="+", count=count, consumername=None, idle=idle),
        lambda s: s.redis.xpending_range(STREAM, GROUP, min="-", max="+", count=100),
        lambda s: s.redis.xclaim(STREAM, GROUP, who, draw_idle, s.some(places)),
        lambda s: s.redis.xclaim(STREAM, GROUP, who, 0, s.some(places), retrycount=retries, justid=justid),
        lambda s: s.finish(places),
        lambda s: s.redis.xack(STREAM, GROUP, *s.some(places)),
        lambda s: s.redis.xdel(STREAM, *s.some(places)),
        lambda s: s.redis.xlen(STREAM),
        lambda s: s.redis.xrange(STREAM, count=count),
        lambda s: s.redis.xrevrange(STREAM, count=count),
        lambda s: s.redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True),
        lambda s: s.redis.xpending(STREAM, GROUP),
        lambda s: s.redis.xinfo_consumers(STREAM, GROUP),
        lambda s: s.redis.xgroup_delconsumer(STREAM, GROUP, other) if number % 5 == 0 else s.redis.ping(),
        lambda s: s.flush() if number % 8 == 0 else s.redis.xlen(STREAM),
        lambda s: s.remember(keys=["m"], args=["#run", draw_run, 100, told]),
        lambda s: s.redis.hgetall("m"),
        lambda s: s.announce(keys=["head"], args=[draw_run, number, number % 7]),
        lambda s: s.redis.hgetall("head"),
        lambda s: s.redis.hset("h", mapping={who: number, other: "x"}),
        lambda s: s.redis.hgetall("h"),
        lambda s: s.redis.hmget("h", [who, "c", "d"]),
        lambda s: s.redis.expire("h", 100),
        lambda s: s.redis.delete("h"),
        lambda s: s.redis.set("k", number, ex=15),
        lambda s: s.redis.incr("n"),
        lambda s: s.redis.get("mark-1"),
        lambda s: s.redis.get("mark-2"),
    ]
    told = orjson.dumps([(who, "", str(number), ""), (other, "DETAIL", str(number), "x"), (who, "VOTES", "5", "ção")])
    draw_run = "another" if number % 50 == 0 else "this"
    draw_idle = draw.choice((0, NEVER))
    return draw.choice(kinds)


class _Here(TwinRedis):
    """The double, which has one database only."""

    async def flushdb(self) -> bool:
        self._wire.server.flushall()
        return True


def _double() -> Side:
    server = RedisServer(lambda: int(time.time() * 1000))
    wire = RedisWire(server, random.Random(1))
    wire.slow = 0.0
    return Side(_Here(wire))


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    """The real server; closed even where a test fails, so that one failure is not followed by another."""
    made: Redis = connect(redis_url, client_name="twin")
    yield made
    await made.aclose()


@pytest.mark.parametrize("seed", range(12))
async def test_both_answer_the_same(client: Redis, seed: int) -> None:
    real, double = Side(client), _double()
    draw = random.Random(seed)
    said = []
    for number in range(COMMANDS):
        command = commands(draw, number)
        expected, found = await real.answer(command), await double.answer(command)
        said.append(expected)
        assert found == expected, f"command {number} of seed {seed}"
    assert any(answer in ("NOGROUP", "BUSYGROUP") for answer in said), "too tame to prove much"


ABOUT_A_GROUP: tuple[Command, ...] = (
    lambda s: s.redis.xgroup_delconsumer(STREAM, GROUP, "a"),
    lambda s: s.redis.xinfo_consumers(STREAM, GROUP),
    lambda s: s.redis.xpending(STREAM, GROUP),
    lambda s: s.redis.xpending_range(STREAM, GROUP, min="-", max="+", count=1),
    lambda s: s.redis.xclaim(STREAM, GROUP, "a", 0, ["1-1"]),
    lambda s: s.redis.xreadgroup(GROUP, "a", {STREAM: ">"}, count=1, block=1),
    lambda s: s.redis.xack(STREAM, GROUP, "1-1"),
    lambda s: s.finish([1]),
    lambda s: s.redis.xgroup_create(STREAM, GROUP, id="0"),
)


@pytest.mark.parametrize("there", [False, True], ids=["no stream", "a stream without the group"])
@pytest.mark.parametrize("command", ABOUT_A_GROUP)
async def test_a_missing_stream_and_a_missing_group_are_refused_alike(
    client: Redis, command: Command, there: bool
) -> None:
    said = []
    for side in (Side(client), _double()):
        if there:
            await side.redis.xgroup_create(STREAM, "another", id="0", mkstream=True)
        said.append(await side.answer(command))
    assert said[0] == said[1]


@pytest.mark.parametrize("which", ["real", "double"])
async def test_a_blocked_reader_hears_that_its_stream_is_gone(client: Redis, redis_url: str, which: str) -> None:
    side = Side(client) if which == "real" else _double()
    await side.redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    reading = asyncio.ensure_future(side.redis.xreadgroup(GROUP, "a", {STREAM: ">"}, count=1, block=1000))
    await asyncio.sleep(0.1)
    other = connect(redis_url, client_name="other")
    await (other if which == "real" else side.redis).flushdb()
    # which of the two depends on the server's version; the product takes both, and seeds use either
    with pytest.raises(ResponseError, match=r"^(UNBLOCKED|NOGROUP)"):
        await reading
    with pytest.raises(ResponseError, match=r"^NOGROUP"):
        await side.redis.xreadgroup(GROUP, "a", {STREAM: ">"}, count=1, block=1)
    await other.aclose()


@pytest.mark.parametrize("which", ["real", "double"])
async def test_a_blocked_reader_wakes_for_an_entry(client: Redis, which: str) -> None:
    side = Side(client) if which == "real" else _double()
    await side.redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    reading = asyncio.ensure_future(side.redis.xreadgroup(GROUP, "a", {STREAM: ">"}, count=5, block=1000))
    await asyncio.sleep(0.05)
    await side.publish(2, 10, 0)
    ((name, entries),) = await reading
    assert (name, next(entry for entry, _ in entries)) == (STREAM.encode(), side.ids[0])
