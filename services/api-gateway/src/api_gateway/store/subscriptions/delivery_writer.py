"""What became of deliveries: positions of subscriptions, failures, attempts, parked changes. One statement a kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from legis.domain.storable_text import clean

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors

ACQUIRE_SECONDS = 5.0
_LONGEST_TEXT = 500

# Only from the position that deliveries began at: an owner who asked for a replay meanwhile has set it back.
_DELIVERED = """
UPDATE subscription s SET sent_seq = n.seq, failures = 0, failing_since = NULL, next_attempt_at = NULL
FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS n(id, before, seq)
WHERE s.id = n.id AND s.sent_seq = n.before
RETURNING s.id
"""
_FAILED = """
UPDATE subscription SET failures = $2, failing_since = COALESCE(failing_since, $3), next_attempt_at = $4
WHERE id = $1 AND state = 'ACTIVE'
"""
_STOPPED = """
UPDATE subscription SET state = $2, state_reason = $3, next_attempt_at = NULL WHERE id = $1 AND state = 'ACTIVE'
"""
_PARKED = """
INSERT INTO parked_delivery (subscription_id, seq, code, error, at) VALUES ($1, $2, $3, $4, now())
ON CONFLICT (subscription_id, seq) DO UPDATE SET code = excluded.code, error = excluded.error, at = excluded.at
"""
_ATTEMPTS = """
INSERT INTO delivery_attempt (subscription_id, message_id, seq_from, seq_to, at, code, error, milliseconds, reply_head)
SELECT n.* FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::integer[],
                       $7::text[], $8::integer[], $9::text[])
     AS n(id, message_id, seq_from, seq_to, at, code, error, milliseconds, reply_head)
WHERE EXISTS (SELECT FROM subscription s WHERE s.id = n.id)
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, for the delivery log. `code` is the receiver's status, None where it gave none; `error` says why an
    attempt failed; `reply_head` is the beginning of the receiver's reply.
    """

    subscription_id: int
    message_id: str
    seq_from: int | None
    seq_to: int | None
    at: datetime
    code: int | None
    error: str | None
    milliseconds: int
    reply_head: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A subscription whose position moves from `before` to `seq`."""

    subscription_id: int
    before: int
    seq: int


async def store_deliveries(pool: Pool, delivered: Sequence[Delivered], attempts: Sequence[Attempt]) -> frozenset[int]:
    """Moves positions and writes the log. Returns the subscriptions that moved; the others were set elsewhere by their
    owners meanwhile, or deleted. Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
            moved = []
            if delivered:
                columns = zip(*[(one.subscription_id, one.before, one.seq) for one in delivered], strict=True)
                moved = await connection.fetch(_DELIVERED, *(list(column) for column in columns))
            if attempts:
                rows = [
                    (one.subscription_id, one.message_id, one.seq_from, one.seq_to, one.at, one.code,
                     _words(one.error), one.milliseconds, _words(one.reply_head))
                    for one in attempts
                ]  # fmt: skip
                await connection.execute(_ATTEMPTS, *(list(column) for column in zip(*rows, strict=True)))
    return frozenset(row["id"] for row in moved)


async def store_failure(
    pool: Pool, subscription_id: int, failures: int, failing_since: datetime, next_attempt_at: datetime
) -> None:
    """Stores how often a subscription has failed in a row, since when, and when it is tried again."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_FAILED, subscription_id, failures, failing_since, next_attempt_at)


async def stop_subscription(pool: Pool, subscription_id: int, state: str, reason: str) -> None:
    """Disables a subscription, with the reason that its owner reads."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_STOPPED, subscription_id, state, stored_words(reason))


async def park(pool: Pool, subscription_id: int, seq: int, code: int | None, error: str | None) -> None:
    """Parks a change that the receiver refuses while it takes others."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_PARKED, subscription_id, seq, code, _words(error))


def stored_words(said: str) -> str:
    """The reply text of a receiver or a mail server, as it is stored: at most 500 characters, without those that
    PostgreSQL cannot store. They may send anything, in any encoding.
    """
    return clean(said)[0][:_LONGEST_TEXT]


def _words(said: str | None) -> str | None:
    return None if said is None else stored_words(said)
