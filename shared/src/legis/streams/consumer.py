"""Reads the stream as one consumer of a group. A crash, a hung consumer or an emptied Redis loses no entry."""

import asyncio
import os
import random
import secrets
import socket
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError, RedisError, ResponseError

from legis.streams import pending
from legis.streams.names import BILLS_STREAM, STORE_GROUP
from legis.telemetry import traces
from legis.telemetry.metrics import GROUP_RECREATED
from legis.waiting import retreat

READ_MARGIN_SECONDS = 4.0
"""Time that a read may take beyond its block time: a consumer's client needs a socket timeout of both together."""

_GROUP_LOST = ("NOGROUP", "UNBLOCKED")
_MAX_BACKOFF_SECONDS = 5.0

# One step, and no transaction: while Redis is full, a transaction refuses every command.
_DONE = """
redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, 2))
redis.call('XDEL', KEYS[1], unpack(ARGV, 2))
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivered entry. `deliveries` includes this delivery; above 1, an earlier consumer failed or died while it
    handled the entry.
    """

    id: str
    payload: bytes
    traceparent: str | None
    deliveries: int


def consumer_name(role: str) -> str:
    """A name unique among processes: host, role, process id and a random suffix, since a restarted host may reuse a
    process id.
    """
    return f"{socket.gethostname()}-{role}-{os.getpid()}-{secrets.token_hex(4)}"


class StreamConsumer:
    """A consumer of one group. It needs a client of its own, whose socket timeout is `block` + READ_MARGIN_SECONDS.

    An entry that was delivered and not passed to `done` is delivered again: to this consumer at once, or to another
    after `reclaim_idle` seconds.
    """

    def __init__(
        self,
        redis: Redis,
        *,
        name: str,
        count: int = 200,
        block_milliseconds: int = 500,
        reclaim_idle: float = 15.0,
        stream: str = BILLS_STREAM,
        group: str = STORE_GROUP,
    ) -> None:
        self.name = name
        self.last_error: str | None = None
        """Error of the last read of the stream; None when it succeeded."""
        self.keep_seconds = reclaim_idle / 3
        """Interval in seconds at which to call `keep` while a batch is being handled."""
        self._redis = redis
        self._acknowledge = redis.register_script(_DONE)
        self._queue = pending.PendingEntries(redis, stream=stream, group=group, consumer=name)
        self._stream = stream
        self._group = group
        self._count = count
        self._block = min(block_milliseconds, 1000)
        self._reclaim_idle = reclaim_idle
        self._next_reclaim = 0.0
        self._had_group = False
        self._has_group = False
        self._unfinished: set[str] = set()
        self._recover = True

    async def batches(self, stop: asyncio.Event) -> AsyncIterator[list[Delivery]]:
        """Yields non-empty batches until `stop` is set. While Redis is unavailable it retries with backoff and jitter,
        at most 5 s a time.
        """
        failures = 0
        while not stop.is_set():
            try:
                batch = await self._next()
                self.last_error, failures = None, 0
            except (RedisError, OSError) as error:
                self.last_error = str(error) or type(error).__name__
                self._recover = True
                if self._lost_group(error):
                    continue
                failures += 1
                await retreat(stop, min(_MAX_BACKOFF_SECONDS, 0.1 * 2 ** min(failures, 6)))
                continue
            if batch:
                self._unfinished.update(delivery.id for delivery in batch)
                yield batch
                self._recover = self._recover or bool(self._unfinished)

    async def done(self, ids: Sequence[str]) -> None:
        """Acknowledges and deletes entries. Call it after their effect is committed. Raises redis errors."""
        if not ids:
            return
        await self._acknowledge(keys=[self._stream], args=[self._group, *ids])
        self._unfinished.difference_update(ids)

    async def keep(self, deliveries: Iterable[Delivery]) -> None:
        """Resets the idle time of entries still being handled, so that no other consumer claims them. Counts no
        delivery. Raises redis errors.
        """
        await self._queue.keep([delivery.id for delivery in deliveries])

    async def give_back(self, deliveries: Iterable[Delivery]) -> None:
        """Undoes the count of deliveries that ended without an error of the entries, as at a shutdown. Raises redis
        errors.
        """
        await self._queue.give_back({delivery.id: delivery.deliveries for delivery in deliveries})

    async def leave(self) -> None:
        """Removes this consumer from the group, unless it has pending entries, which could then not be claimed."""
        await self._queue.leave()

    async def _next(self) -> list[Delivery]:
        with traces.suppressed():
            if not self._has_group:
                await self._make_group()
            if self._recover:
                if batch := await self._take(self.name, 0.0):
                    return batch
                self._recover = False
                self._unfinished.clear()
            if time.monotonic() >= self._next_reclaim:
                if batch := await self._take(None, self._reclaim_idle):
                    return batch
                # every third of the idle time or so, with jitter so that consumers do not look at the same moment
                self._next_reclaim = time.monotonic() + self._reclaim_idle * random.uniform(0.2, 0.4)
                await self._queue.delete_idle_consumers()
            return await self._read_new()

    async def _read_new(self) -> list[Delivery]:
        reply: Any = await self._redis.xreadgroup(
            self._group, self.name, {self._stream: ">"}, count=self._count, block=self._block
        )
        return [_delivery(entry, fields, 1) for entry, fields in reply[0][1]] if reply else []

    async def _take(self, consumer: str | None, idle: float) -> list[Delivery]:
        taken = await self._queue.take(consumer, idle=idle, count=self._count)
        return [_delivery(entry.id, entry.fields, entry.deliveries) for entry in taken]

    async def _make_group(self) -> None:
        # from 0, never from $: what was added while there was no group must not be skipped
        try:
            await self._redis.xgroup_create(self._stream, self._group, id="0", mkstream=True)
        except OutOfMemoryError:  # refused where the group exists, too
            await self._redis.xpending(self._stream, self._group)  # raises where it does not
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise
        else:
            if self._had_group:
                GROUP_RECREATED.inc()
        self._had_group = self._has_group = True

    def _lost_group(self, error: Exception) -> bool:
        lost = isinstance(error, ResponseError) and str(error).startswith(_GROUP_LOST)
        if lost and self._has_group:
            self._has_group = False
            return True
        return False


def _delivery(entry: bytes, fields: dict[bytes, bytes], deliveries: int) -> Delivery:
    traceparent = fields.get(b"traceparent")
    return Delivery(
        id=entry.decode(),
        payload=fields.get(b"payload", b""),
        traceparent=None if traceparent is None else traceparent.decode("ascii", "replace"),
        deliveries=deliveries,
    )
