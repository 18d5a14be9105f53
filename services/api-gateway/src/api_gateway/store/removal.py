"""Marks bills that their source no longer has; they are never deleted, and come back when they are seen again."""

from collections.abc import Sequence
from typing import Any

from api_gateway.store.commit import commit_changes
from api_gateway.store.failures import store_errors
from api_gateway.store.items import ChangeMade
from api_gateway.store.loading import lock_bills

ACQUIRE_SECONDS = 5.0


async def mark_removed(pool: Any, ids: Sequence[str]) -> tuple[ChangeMade, ...]:
    """Logs a REMOVED version of each bill that is stored and not removed yet; the changes made, in order of `seq`.

    To be called only on evidence (several misses on several days, then a 404): an empty answer of a source proves
    nothing. Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
            states = await lock_bills(connection, sorted(set(ids)))
            removed = [states[key] for key in sorted(states) if states[key].remove()]
            return await commit_changes(connection, removed) if removed else ()
