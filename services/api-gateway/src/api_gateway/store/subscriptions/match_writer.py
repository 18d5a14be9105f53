"""Up to where the change log is matched with subscriptions, and what matched. Position and matches move together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.subscriptions.subscription import RETENTION_DAYS

ACQUIRE_SECONDS = 5.0

_HEAD = "SELECT e.epoch::text AS epoch, c.last_seq AS seq FROM store_epoch e CROSS JOIN change_counter c"
_OLDEST = "SELECT least($1, min(since_seq)) FROM subscription"
_REACHED = "SELECT epoch, seq FROM match_position"
_POSITION = f"{_REACHED} FOR UPDATE"
_BEGIN = """
INSERT INTO match_position (singleton, epoch, seq) VALUES (true, $1, $2)
ON CONFLICT (singleton) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq
"""
# Numbers of another log mean nothing here. Nobody is told what happened before the log began again.
_FORGET = (
    "DELETE FROM change_match",
    "DELETE FROM parked_delivery",
    "UPDATE subscription SET since_seq = $1, sent_seq = $1",
)
_MOVE = "UPDATE match_position SET seq = $2 WHERE epoch = $1 AND seq < $2 RETURNING seq"
_MATCHES = """
INSERT INTO change_match (seq, subscription_ids, matched_at)
SELECT n.seq, string_to_array(n.ids, ',')::integer[], now() FROM unnest($1::bigint[], $2::text[]) AS n(seq, ids)
ON CONFLICT (seq) DO NOTHING
"""
_RECENT = """
SELECT seq, subscription_ids FROM change_match WHERE seq > $1 ORDER BY seq LIMIT $2
"""
_NEWEST = """
SELECT id, max(seq) AS seq FROM change_match, unnest(subscription_ids) AS id WHERE seq > $1 AND seq <= $2 GROUP BY id
"""
_OF_ONE = """
SELECT seq FROM change_match WHERE seq > $2 AND subscription_ids @> ARRAY[$1::integer] ORDER BY seq LIMIT $3
"""
# No digest is begun for a period that is more than a week old.
_DROP_OLD = f"""
WITH old AS (DELETE FROM change_match WHERE matched_at < now() - interval '{RETENTION_DAYS} days'),
     parked AS (DELETE FROM parked_delivery WHERE at < now() - interval '{RETENTION_DAYS} days'),
     sent AS (DELETE FROM digest WHERE period < now() - interval '{RETENTION_DAYS} days')
DELETE FROM delivery_attempt WHERE at < now() - interval '{RETENTION_DAYS} days'
"""


@dataclass(frozen=True, slots=True)
class MatchPosition:
    """The log by its epoch, and the last entry of it that was matched."""

    epoch: str
    seq: int


async def load_position(pool: Pool) -> MatchPosition:
    """The position. The first one is where the oldest subscription begins; after a restore all begin again."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
            head = await connection.fetchrow(_HEAD)
            assert head is not None  # the epoch and the counter always have a row
            known = await connection.fetchrow(_POSITION)
            if known is not None and known["epoch"] == head["epoch"]:
                return MatchPosition(known["epoch"], known["seq"])
            if known is not None:
                await connection.execute(_FORGET[0])
                await connection.execute(_FORGET[1])
                await connection.execute(_FORGET[2], head["seq"])
            seq = await connection.fetchval(_OLDEST, head["seq"])
            await connection.execute(_BEGIN, head["epoch"], seq)
            return MatchPosition(head["epoch"], seq)


async def load_reached(pool: Pool) -> MatchPosition | None:
    """The position as it is stored, for who only reads; None before the first. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            row = await connection.fetchrow(_REACHED)
    return None if row is None else MatchPosition(row["epoch"], row["seq"])


async def store_matches(pool: Pool, epoch: str, matches: Mapping[int, Sequence[int]], up_to: int) -> bool:
    """Stores which subscriptions each entry matched, and moves the position to `up_to`, in one transaction.

    Returns False, with nothing stored, where the position is of another log or beyond `up_to` already.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
            if await connection.fetchval(_MOVE, epoch, up_to) is None:
                return False
            rows = [(seq, ",".join(map(str, ids))) for seq, ids in sorted(matches.items()) if ids]
            if rows:
                await connection.execute(_MATCHES, [seq for seq, _ in rows], [ids for _, ids in rows])
            return True


async def recent_matches(pool: Pool, after: int, limit: int) -> Sequence[Any]:
    """At most `limit` entries after `after` with the ids of their subscriptions, in order. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return await connection.fetch(_RECENT, after, limit)


async def newest_matches(pool: Pool, after: int, up_to: int) -> dict[int, int]:
    """The last entry after `after` and up to `up_to` that each subscription matched, by internal id; subscriptions that
    matched none are left out. Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return {row["id"]: row["seq"] for row in await connection.fetch(_NEWEST, after, up_to)}


async def matches_of(pool: Pool, subscription_id: int, after: int, limit: int) -> list[int]:
    """The numbers of at most `limit` entries after `after` that one subscription matched, in order. Raises
    StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return [row["seq"] for row in await connection.fetch(_OF_ONE, subscription_id, after, limit)]


async def drop_old(pool: Pool) -> None:
    """Deletes matches, attempts, parked deliveries and digests that are older than the time for which they are kept."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_DROP_OLD)
