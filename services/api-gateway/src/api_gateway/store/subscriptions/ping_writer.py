"""Test messages that are due, and what became of them: a webhook is confirmed by taking the first one."""

from datetime import timedelta

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.subscriptions.delivery_writer import stored_words
from api_gateway.store.subscriptions.subscription_rows import COLUMNS, subscription_of
from api_gateway.subscriptions.subscription import Subscription

ACQUIRE_SECONDS = 5.0
MOST_DUE = 100
REPEATED_AFTER = timedelta(minutes=1)
CONFIRMED_WITHIN = timedelta(hours=24)
"""Time in which a new webhook must take a test message; then it is disabled."""

_DUE = f"""SELECT {COLUMNS} FROM subscription s
           WHERE s.ping_at <= now() AND s.channel = 'WEBHOOK' ORDER BY s.ping_at LIMIT {MOST_DUE}"""
_TAKEN = """
UPDATE subscription SET ping_at = NULL,
       state = CASE WHEN state = 'PENDING' THEN 'ACTIVE' ELSE state END,
       confirmed_at = COALESCE(confirmed_at, now()), state_reason = CASE WHEN state <> 'PENDING' THEN state_reason END
WHERE id = $1
"""
_REFUSED = """
UPDATE subscription SET
       ping_at = CASE WHEN state = 'PENDING' AND created_at > now() - $3::interval THEN now() + $4::interval END,
       state = CASE WHEN state = 'PENDING' AND created_at <= now() - $3::interval THEN 'DISABLED' ELSE state END,
       state_reason = CASE WHEN state = 'PENDING' THEN $2 ELSE state_reason END
WHERE id = $1
"""


async def due_pings(pool: Pool) -> list[Subscription]:
    """Webhooks that a test message is due for, the longest waiting first. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return [subscription_of(row) for row in await connection.fetch(_DUE)]


async def store_ping(pool: Pool, subscription_id: int, error: str | None) -> None:
    """Stores that a test message was taken (`error` None), or why not. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            if error is None:
                await connection.execute(_TAKEN, subscription_id)
            else:
                reason = stored_words(f"The test message was not taken: {error}")
                await connection.execute(_REFUSED, subscription_id, reason, CONFIRMED_WITHIN, REPEATED_AFTER)
