"""Addresses confirmed and unsubscribed by links in e-mails, confirmations that are due, and periods of digests."""

from datetime import date, timedelta

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.subscriptions.subscription_rows import COLUMNS, subscription_of
from api_gateway.subscriptions.subscription import Subscription

ACQUIRE_SECONDS = 5.0
REPEATED_AFTER = timedelta(minutes=10)

_DUE = f"""SELECT {COLUMNS} FROM subscription s
           WHERE s.channel = 'EMAIL' AND s.state = 'PENDING' AND s.ping_at <= now() ORDER BY s.ping_at LIMIT 100"""
_ASKED = "UPDATE subscription SET ping_at = CASE WHEN $2 THEN now() + $3::interval END WHERE id = $1"
_CONFIRM = """UPDATE subscription SET state = 'ACTIVE', confirmed_at = now(), ping_at = NULL
              WHERE public_id = $1 AND channel = 'EMAIL' AND state = 'PENDING'"""
_BOUNCE = """UPDATE subscription SET state = 'BOUNCED', state_reason = $2, ping_at = NULL, next_attempt_at = NULL
             WHERE id = $1"""
_END = "DELETE FROM subscription WHERE public_id = $1 AND channel = 'EMAIL'"
_PERIOD = """INSERT INTO digest (subscription_id, period, seq_to) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING RETURNING period"""


async def due_confirmations(pool: Pool) -> list[Subscription]:
    """Subscriptions whose address has to be asked. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return [subscription_of(row) for row in await connection.fetch(_DUE)]


async def store_asked(pool: Pool, subscription_id: int, *, again: bool) -> None:
    """Stores that the address was asked, or is to be asked again in ten minutes."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_ASKED, subscription_id, again, REPEATED_AFTER)


async def store_bounce(pool: Pool, subscription_id: int, reason: str) -> None:
    """Stores that there is no such mailbox."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_BOUNCE, subscription_id, reason.replace("\x00", "")[:500])


async def confirm_address(pool: Pool, public_id: str) -> None:
    """Makes a subscription ACTIVE that waits for its address; any other stays as it is."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_CONFIRM, public_id)


async def unsubscribe(pool: Pool, public_id: str) -> None:
    """Deletes a subscription by e-mail, if it is still there."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_END, public_id)


async def begin_digest(pool: Pool, subscription_id: int, period: date, seq_to: int) -> bool:
    """Whether the digest of a period may be sent: False where it was begun before."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return await connection.fetchval(_PERIOD, subscription_id, period, seq_to) is not None
