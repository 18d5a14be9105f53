"""Pending entries of a consumer group: claims them, resets their idle time, and undoes delivery counts."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

_SUSPECT_DELIVERIES = 2
_IDLE_MILLISECONDS = 3_600_000
_CLEAN_EVERY_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """A claimed entry with the number of its deliveries, this one included."""

    id: bytes
    fields: dict[bytes, bytes]
    deliveries: int


class PendingEntries:
    """Pending entries of one group, as one consumer handles them."""

    def __init__(self, redis: Redis, *, stream: str, group: str, consumer: str) -> None:
        self._redis = redis
        self._stream = stream
        self._group = group
        self._consumer = consumer
        self._cleaned = time.monotonic()

    async def take(self, consumer: str | None, *, idle: float, count: int) -> list[PendingEntry]:
        """Claims pending entries of `consumer` (None: of any consumer) that have been idle for `idle` seconds.

        An entry on which two deliveries failed is claimed alone: if it kills its consumer, only its own count rises,
        and no other entry becomes a dead letter with it. Entries no longer on the stream are dropped.
        """
        milliseconds = round(idle * 1000)
        rows = await self._redis.xpending_range(
            self._stream, self._group, min="-", max="+", count=count, consumername=consumer,
            idle=milliseconds or None,
        )  # fmt: skip
        # XPENDING's counts are read before the claim: another consumer may claim in between, but not both of us
        counts: dict[Any, int] = {row["message_id"]: int(row["times_delivered"]) for row in rows}
        fresh = [entry for entry, count in counts.items() if count < _SUSPECT_DELIVERIES]
        wanted = fresh or list(counts)[:1]
        if not wanted:
            return []
        claimed: Any = await self._redis.xclaim(self._stream, self._group, self._consumer, milliseconds, wanted)
        return [PendingEntry(entry, fields, counts[entry] + 1) for entry, fields in claimed if fields]

    async def keep(self, ids: Sequence[str]) -> None:
        """Resets the idle time of this consumer's entries without counting a delivery."""
        if ids:
            await self._redis.xclaim(self._stream, self._group, self._consumer, 0, list(ids), justid=True)

    async def give_back(self, deliveries: Mapping[str, int]) -> None:
        """Sets each entry's delivery count to one less than its delivery made it. The entry stays pending until it is
        claimed.
        """
        by_count: defaultdict[int, list[Any]] = defaultdict(list)
        for entry, count in deliveries.items():
            by_count[max(0, count - 1)].append(entry)
        for count, ids in by_count.items():
            await self._redis.xclaim(
                self._stream, self._group, self._consumer, 0, ids, retrycount=count, justid=True
            )  # fmt: skip

    async def leave(self) -> None:
        """Deletes this consumer unless it has pending entries: a deleted consumer's entries cannot be claimed."""
        rows = await self._redis.xpending_range(
            self._stream, self._group, min="-", max="+", count=1, consumername=self._consumer
        )
        if not rows:
            await self._redis.xgroup_delconsumer(self._stream, self._group, self._consumer)

    async def delete_idle_consumers(self) -> None:
        """Every ten minutes deletes consumers that have nothing pending and did not read for an hour."""
        if time.monotonic() - self._cleaned < _CLEAN_EVERY_SECONDS:
            return
        self._cleaned = time.monotonic()
        consumers: Sequence[Mapping[str, Any]] = await self._redis.xinfo_consumers(self._stream, self._group)
        for row in consumers:
            if not row["pending"] and row["idle"] > _IDLE_MILLISECONDS:
                await self._redis.xgroup_delconsumer(self._stream, self._group, row["name"])
