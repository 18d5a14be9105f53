"""Addresses confirmed and unsubscribed by links in e-mails, confirmations that are due, and periods of digests."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.subscriptions.delivery_writer import stored_words
from api_gateway.store.subscriptions.subscription_rows import COLUMNS, subscription_of
from api_gateway.store.subscriptions.write_transaction import writing
from api_gateway.subscriptions.subscription import SUBSCRIPTIONS_OF_AN_ADDRESS, UNCONFIRMED_DAYS, Subscription

ACQUIRE_SECONDS = 5.0
REPEATED_AFTER = timedelta(minutes=10)
"""The wait after an address could not be asked for the first time."""

_DUE = f"""SELECT {COLUMNS} FROM subscription s
           WHERE s.channel = 'EMAIL' AND s.state = 'PENDING' AND s.ping_at <= now() ORDER BY s.ping_at LIMIT 100"""
# Each wait is twice the one before, up to 21 hours.
_ASKED = """UPDATE subscription SET ping_at = CASE WHEN $2 THEN now() + $3::interval * (1 << least(failures, 7)) END,
                                   failures = CASE WHEN $2 THEN failures + 1 ELSE 0 END WHERE id = $1"""
_WAITING = """SELECT s.state, s.key_id, s.target FROM subscription s WHERE s.public_id = $1 AND s.channel = 'EMAIL'"""
# Two confirmations of one address take turns, so that they cannot exceed the limit together.
_LOCK_ADDRESS = "SELECT pg_advisory_xact_lock(7205862, hashtext($1))"
_CONFIRMED = """SELECT count(*) FROM subscription
                WHERE target = $1 AND channel = 'EMAIL' AND key_id IS NULL AND confirmed_at IS NOT NULL"""
_CONFIRM = """UPDATE subscription SET state = 'ACTIVE', confirmed_at = now(), ping_at = NULL, failures = 0
              WHERE public_id = $1 AND channel = 'EMAIL' AND state = 'PENDING'"""
_BOUNCE = """UPDATE subscription SET state = 'BOUNCED', state_reason = $2, ping_at = NULL, next_attempt_at = NULL
             WHERE id = $1"""
_END = "DELETE FROM subscription WHERE public_id = $1 AND channel = 'EMAIL'"
_PERIOD = """INSERT INTO digest (subscription_id, period, seq_to) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING RETURNING period"""
_BEGUN = "SELECT EXISTS (SELECT FROM digest WHERE subscription_id = $1 AND period = $2)"
_DROP_UNCONFIRMED = """
DELETE FROM subscription
WHERE channel = 'EMAIL' AND confirmed_at IS NULL AND created_at < $1::timestamptz - $2::interval
"""


class Confirmation(StrEnum):
    """What became of a link that confirms."""

    CONFIRMED = "confirmed"
    FULL = "full"
    """The address has as many subscriptions as one may have; this one still waits."""
    GONE = "gone"
    """There is no such subscription any more."""


async def due_confirmations(pool: Pool) -> list[Subscription]:
    """Subscriptions whose address has to be asked. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return [subscription_of(row) for row in await connection.fetch(_DUE)]


async def store_asked(pool: Pool, subscription_id: int, *, again: bool) -> None:
    """Stores that the address was asked, or is to be asked again: in ten minutes, then ever later."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_ASKED, subscription_id, again, REPEATED_AFTER)


async def store_bounce(pool: Pool, subscription_id: int, reason: str) -> None:
    """Stores that there is no such mailbox."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_BOUNCE, subscription_id, stored_words(reason))


async def confirm_address(pool: Pool, public_id: str) -> Confirmation:
    """Makes a subscription ACTIVE that waits for its address; any other stays as it is. Raises StoreUnavailable."""
    with store_errors():
        async with writing(pool) as connection:
            row = await connection.fetchrow(_WAITING, public_id)
            if row is None:
                return Confirmation.GONE
            if row["state"] == "PENDING" and row["key_id"] is None:
                await connection.execute(_LOCK_ADDRESS, row["target"])
                if await connection.fetchval(_CONFIRMED, row["target"]) >= SUBSCRIPTIONS_OF_AN_ADDRESS:
                    return Confirmation.FULL
            await connection.execute(_CONFIRM, public_id)
            return Confirmation.CONFIRMED


async def unsubscribe(pool: Pool, public_id: str) -> None:
    """Deletes a subscription by e-mail, if it is still there."""
    with store_errors():
        async with writing(pool) as connection:
            await connection.execute(_END, public_id)


async def is_digest_begun(pool: Pool, subscription_id: int, period: date) -> bool:
    """Whether `begin_digest` was called for the period. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return bool(await connection.fetchval(_BEGUN, subscription_id, period))


async def begin_digest(pool: Pool, subscription_id: int, period: date, seq_to: int) -> bool:
    """Whether the digest of a period may be sent: False where it was begun before."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return await connection.fetchval(_PERIOD, subscription_id, period, seq_to) is not None


async def drop_unconfirmed(pool: Pool, now: datetime) -> None:
    """Deletes subscriptions that nobody confirmed in time. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_DROP_UNCONFIRMED, now, timedelta(days=UNCONFIRMED_DAYS))
