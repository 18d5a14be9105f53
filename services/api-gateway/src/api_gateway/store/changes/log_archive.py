"""Whole old partitions of the change log: which there are, their entries, who still needs them, and how one leaves."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg

from api_gateway.store.database.connections import Connection
from api_gateway.subscriptions.subscription import RETENTION_DAYS

LOCK_MILLISECONDS = 1000
"""Longest wait for the lock on the log: readers and writers queue behind it."""

_PARTITIONS = """
SELECT name, first_seq, end_seq, last_seq + 1 >= end_seq AS is_full FROM change_partition, change_counter
ORDER BY first_seq
"""
# What the notifier has yet to match, to deliver, or may be asked to deliver again.
_NOTIFIER = """
SELECT least((SELECT coalesce((SELECT seq FROM match_position), (SELECT min(since_seq) FROM subscription)) + 1),
             (SELECT min(seq) FROM change_match), (SELECT min(seq) FROM parked_delivery))
"""
_YOUNG = f"SELECT max(changed_at) > now() - interval '{RETENTION_DAYS} days' FROM {{table}}"


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition: the table's name, its first `seq`, and the one after its last. A full one gets no more entries."""

    name: str
    first_seq: int
    end_seq: int
    is_full: bool


class StillNeeded(Exception):
    """A reader of the log needs entries of the partition. The text says which reader, and what to do."""


async def load_partitions(connection: Connection) -> list[Partition]:
    """All partitions, oldest first."""
    return [Partition(**row) for row in await connection.fetch(_PARTITIONS)]


async def entries_of(connection: Connection, partition: Partition, at_once: int) -> AsyncIterator[list[Any]]:
    """The entries of a partition in order of `seq`, as many at once. By key and without a cursor, which would still
    hold the table when it is to be dropped in the same transaction.
    """
    page = f'SELECT * FROM "{partition.name}" WHERE seq > $1 ORDER BY seq LIMIT $2'
    after = partition.first_seq - 1
    while rows := await connection.fetch(page, after, at_once):
        yield rows
        after = rows[-1]["seq"]


async def require_unneeded(connection: Connection, partition: Partition) -> None:
    """Raises StillNeeded where the partition is young, or the notifier is not past it. An indexer that is not past it
    builds its index again from the bills, and exports do not read the log.
    """
    if await connection.fetchval(_YOUNG.format(table=f'"{partition.name}"')):
        raise StillNeeded(f"{partition.name} has entries of the last {RETENTION_DAYS} days, which may be sent again")
    needed = await connection.fetchval(_NOTIFIER)
    if needed is not None and needed < partition.end_seq:
        raise StillNeeded(
            f"the notifier needs entries from {needed} on, and {partition.name} ends at {partition.end_seq - 1}; wait"
            f" until it is past them, and {RETENTION_DAYS} days for what it has delivered"
        )


async def announce_oldest(connection: Connection, partition: Partition) -> None:
    """From the next statement on readers are told that the log begins after this partition, which is still there."""
    await connection.execute("UPDATE change_counter SET oldest_seq = greatest(oldest_seq, $1)", partition.end_seq)


async def lock_entries(connection: Connection, partition: Partition) -> None:
    """Nobody can change the partition until the end of the transaction; everybody can read it."""
    await connection.execute(f'LOCK TABLE "{partition.name}" IN SHARE MODE')


async def drop_partition(connection: Connection, partition: Partition) -> None:
    """Takes the partition out of the log and drops it. Raises asyncpg.LockNotAvailableError where the log is in use for
    longer than a second. In the transaction of `lock_entries`.
    """
    await connection.execute(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
    await connection.execute(f'ALTER TABLE bill_change DETACH PARTITION "{partition.name}"')
    await connection.execute(f'DROP TABLE "{partition.name}"')


IN_USE = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
"""Errors after which the same transaction may be tried again."""
