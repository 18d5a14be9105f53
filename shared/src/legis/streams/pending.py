"""The entries of a group that were delivered and not finished: finding, taking over, keeping and giving back."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

_SUSPECT_DELIVERIES = 2
_DEAD_AFTER_MILLISECONDS = 3_600_000
_CLEAN_EVERY_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry taken over, with the number of its deliveries, this one included."""

    id: bytes
    fields: dict[bytes, bytes]
    deliveries: int


class PendingEntries:
    """One consumer's view of its group's unfinished entries."""

    def __init__(self, redis: Redis, *, stream: str, group: str, consumer: str) -> None:
        self._redis = redis
        self._stream = stream
        self._group = group
        self._consumer = consumer
        self._cleaned = time.monotonic()

    async def take(self, consumer: str | None, *, idle: float, count: int) -> list[PendingEntry]:
        """Takes over unfinished entries of `consumer` (None: of anyone) that lay idle for `idle` seconds.

        An entry on which two deliveries failed already comes alone: should it kill whoever handles it, only its own
        count rises, and its neighbours are not parked with it. Entries that are no longer on the stream are dropped.
        """
        milliseconds = round(idle * 1000)
        rows = await self._redis.xpending_range(
            self._stream, self._group, min="-", max="+", count=count, consumername=consumer,
            idle=milliseconds or None,
        )  # fmt: skip
        # XPENDING's counts are read before the claim: another consumer may claim in between, but not both of us
        counts: dict[Any, int] = {row["message_id"]: int(row["times_delivered"]) for row in rows}
        fresh = [entry for entry, seen in counts.items() if seen < _SUSPECT_DELIVERIES]
        wanted = fresh or list(counts)[:1]
        if not wanted:
            return []
        claimed: Any = await self._redis.xclaim(self._stream, self._group, self._consumer, milliseconds, wanted)
        return [PendingEntry(entry, fields, counts[entry] + 1) for entry, fields in claimed if fields]

    async def keep(self, ids: Sequence[str]) -> None:
        """Resets the idle time of own entries without counting a delivery."""
        if ids:
            await self._redis.xclaim(self._stream, self._group, self._consumer, 0, list(ids), justid=True)

    async def give_back(self, deliveries: Mapping[str, int]) -> None:
        """Sets each entry's count to one less than its delivery made it; it stays pending until somebody takes it."""
        by_count: defaultdict[int, list[Any]] = defaultdict(list)
        for entry, count in deliveries.items():
            by_count[max(0, count - 1)].append(entry)
        for count, ids in by_count.items():
            await self._redis.xclaim(
                self._stream, self._group, self._consumer, 0, ids, retrycount=count, justid=True
            )  # fmt: skip

    async def leave(self) -> None:
        """Deletes this consumer if nothing hangs on it: a deleted consumer's entries cannot be taken over."""
        rows = await self._redis.xpending_range(
            self._stream, self._group, min="-", max="+", count=1, consumername=self._consumer
        )
        if not rows:
            await self._redis.xgroup_delconsumer(self._stream, self._group, self._consumer)

    async def forget_the_dead(self) -> None:
        """Now and then deletes consumers that have nothing pending and did not look at the stream for an hour."""
        if time.monotonic() - self._cleaned < _CLEAN_EVERY_SECONDS:
            return
        self._cleaned = time.monotonic()
        consumers: Sequence[Mapping[str, Any]] = await self._redis.xinfo_consumers(self._stream, self._group)
        for row in consumers:
            if not row["pending"] and row["idle"] > _DEAD_AFTER_MILLISECONDS:
                await self._redis.xgroup_delconsumer(self._stream, self._group, row["name"])
