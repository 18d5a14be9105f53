"""Storage of the time at which each API key was last used, to the minute."""

from collections.abc import Mapping
from datetime import datetime

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors

ACQUIRE_SECONDS = 5.0

_WRITE = """
UPDATE api_key k SET last_used_at = u.at
FROM unnest($1::bigint[], $2::timestamptz[]) AS u(id, at)
WHERE k.id = u.id AND (k.last_used_at IS NULL OR k.last_used_at < u.at)
"""


async def write_last_used(pool: Pool, used: Mapping[int, datetime]) -> None:
    """Moves `last_used_at` forward, never back; ids that belong to no key are ignored. Raises StoreUnavailable."""
    if not used:
        return
    ids = sorted(used)
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_WRITE, ids, [used[one] for one in ids])
