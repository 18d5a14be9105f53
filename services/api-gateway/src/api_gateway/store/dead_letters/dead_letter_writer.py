"""Stores dead letters whole, one row per source, stage and payload; deletes those resolved long ago."""

import hashlib
from collections.abc import Sequence

from legis.telemetry.metrics import DEAD_LETTERS_OPEN

from api_gateway.store.bill_state.write_items import DeadLetter
from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.sources.refetch_requests import drop_rejected

ACQUIRE_SECONDS = 5.0
RESOLVED_DAYS = 90
"""Days for which a dead letter is kept once it is resolved: its payload may tell of persons."""

_AT_ONCE = 1000
_ERROR_KEPT = 4000

# A resolved dead letter that comes again is reopened: it was not resolved after all.
_PARK = """
INSERT INTO dead_letter AS d (source, upstream_id, stage, error, url, payload, payload_sha256, trace_id, tries,
                              first_at, last_at)
SELECT n.source, n.upstream_id, n.stage, n.error, n.url, n.payload, n.payload_sha256, n.trace_id, 1, now(), now()
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[])
     AS n(source, upstream_id, stage, error, url, payload, payload_sha256, trace_id)
ON CONFLICT (source, stage, payload_sha256) DO UPDATE SET
    upstream_id = COALESCE(excluded.upstream_id, d.upstream_id),
    tries = d.tries + 1, last_at = now(), error = excluded.error, resolved_at = NULL, note = NULL
"""

_PARK_AGAIN = """
UPDATE dead_letter d SET tries = d.tries + 1, last_at = now(), error = n.error, resolved_at = NULL, note = NULL
FROM unnest($1::bigint[], $2::text[]) AS n(id, error) WHERE d.id = n.id
"""

_OPEN = "SELECT source, count(*) AS n FROM dead_letter WHERE resolved_at IS NULL GROUP BY source"

_DROP_RESOLVED = f"""
DELETE FROM dead_letter WHERE id IN (
    SELECT id FROM dead_letter WHERE resolved_at < now() - interval '{RESOLVED_DAYS} days'
    ORDER BY id LIMIT {_AT_ONCE} FOR UPDATE SKIP LOCKED)
"""


async def store_dead_letters(connection: Connection, letters: Sequence[DeadLetter]) -> None:
    """Stores dead letters. The same payload again, or a replay that failed, only increments `tries`."""
    replays = {x.replay_of: x for x in letters if x.replay_of is not None}
    if replays:
        await connection.execute(_PARK_AGAIN, list(replays), [_text(x.error[:_ERROR_KEPT]) for x in replays.values()])
    new = [x for x in letters if x.replay_of is None]
    await drop_rejected(connection, new)
    unique = {(x.source, x.stage, hashlib.sha256(x.payload).hexdigest()): x for x in new}
    rows = [
        (source, _text(x.upstream_id), stage, _text(x.error[:_ERROR_KEPT]), _text(x.url), x.payload, digest, x.trace_id)
        for (source, stage, digest), x in sorted(unique.items(), key=lambda pair: pair[0])
    ]
    if rows:
        await connection.execute(_PARK, *(list(column) for column in zip(*rows, strict=True)))


async def count_open(connection: Connection, sources: Sequence[str]) -> None:
    """Sets the gauge of open dead letters of these sources."""
    found = {row["source"]: row["n"] for row in await connection.fetch(_OPEN)}
    for source in sources:
        DEAD_LETTERS_OPEN.labels(source).set(found.get(source, 0))


async def drop_resolved(pool: Pool) -> None:
    """Deletes dead letters that were resolved long ago, at most a thousand at once. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_DROP_RESOLVED)


def _text(value: str | None) -> str | None:
    """Text from a broken payload, with the characters escaped that PostgreSQL cannot store."""
    if value is None:
        return None
    return value.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()
