"""Changes of subscriptions by their owners: create, pause, resume, rotate the key, delete, replay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from legis.errors import LegisError
from legis.languages import Text

from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.subscriptions.mail_addresses import count_asked, new_name
from api_gateway.store.subscriptions.subscription_rows import COLUMNS, Owner, subscription_of
from api_gateway.store.subscriptions.write_transaction import writing
from api_gateway.subscriptions.subscription import (
    SUBSCRIPTIONS_OF_A_KEY,
    WEBHOOKS_OF_A_KEY,
    Channel,
    Frequency,
    Subscription,
    SubscriptionState,
)

ROTATION_HOURS = 24
"""How long messages are signed with the old key too after a rotation."""

# Requests of one key take turns, so that they cannot exceed the limit together.
_LOCK_OWNER = "SELECT pg_advisory_xact_lock(7205861, $1::bigint::integer)"
_COUNTS = """SELECT count(*) AS every, count(*) FILTER (WHERE channel = 'WEBHOOK') AS webhooks
             FROM subscription WHERE key_id = $1"""
_HEAD = "SELECT last_seq FROM change_counter"
_INSERT = f"""
INSERT INTO subscription AS s (public_id, key_id, channel, target, name, parameters, frequency, language, state,
                               created_at, confirmed_at, since_seq, sent_seq, ping_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now(), CASE WHEN $9 = 'ACTIVE' THEN now() END, $10, $10,
        CASE WHEN $9 = 'PENDING' THEN now() END)
RETURNING {COLUMNS}
"""
_SET_STATE = f"""
UPDATE subscription AS s SET state = $3, state_reason = $4, failures = 0, failing_since = NULL, next_attempt_at = NULL,
       sent_seq = COALESCE($5, sent_seq)
WHERE {{owner}} AND s.public_id = $2 AND s.confirmed_at IS NOT NULL RETURNING {COLUMNS}
"""
_SET_FREQUENCY = f"""
UPDATE subscription AS s SET frequency = $3 WHERE {{owner}} AND s.public_id = $2 AND s.channel = 'EMAIL'
RETURNING {COLUMNS}
"""
_PING = """
UPDATE subscription AS s SET ping_at = now() WHERE {owner} AND s.public_id = $2 AND s.channel = 'WEBHOOK' RETURNING s.id
"""
_DELETE = "DELETE FROM subscription AS s WHERE {owner} AND s.public_id = $2 RETURNING s.id"
_ADD_KEY = """
INSERT INTO signing_key (subscription_id, number, created_at)
SELECT s.id, COALESCE((SELECT max(number) FROM signing_key k WHERE k.subscription_id = s.id), 0) + 1, now()
FROM subscription s WHERE s.id = $1 RETURNING number
"""
_RETIRE = f"""
UPDATE signing_key SET retires_at = least(COALESCE(retires_at, 'infinity'), now() + interval '{ROTATION_HOURS} hours')
WHERE subscription_id = $1 AND number < $2
"""


class TooManySubscriptions(LegisError):
    """The owner has as many as one may have. The message says how many."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class AskedTooOften(LegisError):
    """The mailbox was asked as often today as it may be."""


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """What an owner asks for."""

    channel: Channel
    target: str
    parameters: Mapping[str, Any]
    frequency: Frequency
    language: str
    state: SubscriptionState
    name: str | None = None


async def create_subscription(
    pool: Pool, owner: Owner, wanted: NewSubscription, day: date | None = None
) -> Subscription:
    """Creates a subscription of an API key that begins with the next change, and for a webhook its first signing key.
    `day` is the day of Brasília on which an address is asked (None: today).

    Raises TooManySubscriptions, AskedTooOften, StoreUnavailable.
    """
    with store_errors():
        async with writing(pool) as connection:
            await _require_room(connection, owner, wanted.channel)
            if wanted.channel is Channel.EMAIL and not (await count_asked(connection, wanted.target, day)).may_be_asked:
                raise AskedTooOften(f"{wanted.target} was asked as often as an address may be in a day")
            made = await _insert(connection, owner, wanted)
            if wanted.channel is Channel.WEBHOOK:
                await connection.fetchval(_ADD_KEY, made.id)
                row = await connection.fetchrow(f"SELECT {COLUMNS} FROM subscription s WHERE s.id = $1", made.id)
                return subscription_of(row)
            return made


async def create_by_address(pool: Pool, wanted: NewSubscription, day: date | None = None) -> tuple[str, bool]:
    """Creates a subscription by e-mail that belongs to nobody but its address, unless the mailbox was asked to confirm
    as often today as it may be. Returns the address's id, and whether it was created. Raises StoreUnavailable.
    """
    with store_errors():
        async with writing(pool) as connection:
            asked = await count_asked(connection, wanted.target, day)
            if asked.may_be_asked:
                await _insert(connection, Owner(), wanted)
            return asked.address_id, asked.may_be_asked


async def set_state(
    pool: Pool,
    owner: Owner,
    public_id: str,
    state: SubscriptionState,
    *,
    reason: str | None = None,
    from_seq: int | None = None,
) -> Subscription | None:
    """Pauses or resumes; with `from_seq` deliveries go on after that entry, which is also how a replay begins.

    Returns None where the owner has no such subscription, or its address is not confirmed yet. Raises
    StoreUnavailable.
    """
    with store_errors():
        async with writing(pool) as connection:
            sql = _SET_STATE.format(owner=owner.rule)
            row = await connection.fetchrow(sql, owner.value, public_id, state.value, reason, from_seq)
    return None if row is None else subscription_of(row)


async def set_frequency(pool: Pool, owner: Owner, public_id: str, frequency: Frequency) -> Subscription | None:
    """Changes how often e-mail is sent; None where the owner has no such subscription by e-mail. Raises
    StoreUnavailable.
    """
    with store_errors():
        async with writing(pool) as connection:
            sql = _SET_FREQUENCY.format(owner=owner.rule)
            row = await connection.fetchrow(sql, owner.value, public_id, frequency.value)
    return None if row is None else subscription_of(row)


async def request_ping(pool: Pool, owner: Owner, public_id: str) -> bool:
    """Makes the notifier send a test message; False where the owner has no such webhook. Raises StoreUnavailable."""
    with store_errors():
        async with writing(pool) as connection:
            return await connection.fetchval(_PING.format(owner=owner.rule), owner.value, public_id) is not None


async def delete_subscription(pool: Pool, owner: Owner, public_id: str) -> bool:
    """Deletes a subscription with all that belongs to it; False where the owner has no such one."""
    with store_errors():
        async with writing(pool) as connection:
            return await connection.fetchval(_DELETE.format(owner=owner.rule), owner.value, public_id) is not None


async def rotate_key(pool: Pool, subscription_id: int) -> int:
    """Adds a signing key and lets the older ones retire after a day. Returns the new key's number."""
    with store_errors():
        async with writing(pool) as connection:
            number = await connection.fetchval(_ADD_KEY, subscription_id)
            await connection.execute(_RETIRE, subscription_id, number)
            return int(number)


async def _require_room(connection: Connection, owner: Owner, channel: Channel) -> None:
    await connection.execute(_LOCK_OWNER, owner.key_id)
    counts = await connection.fetchrow(_COUNTS, owner.key_id)
    assert counts is not None  # an aggregate always has one row
    if counts["every"] >= SUBSCRIPTIONS_OF_A_KEY:
        raise TooManySubscriptions(
            Text(
                f"An API key may have {SUBSCRIPTIONS_OF_A_KEY} subscriptions.",
                f"Uma chave de API pode ter {SUBSCRIPTIONS_OF_A_KEY} assinaturas.",
            )
        )
    if channel is Channel.WEBHOOK and counts["webhooks"] >= WEBHOOKS_OF_A_KEY:
        raise TooManySubscriptions(
            Text(
                f"An API key may have {WEBHOOKS_OF_A_KEY} webhooks.",
                f"Uma chave de API pode ter {WEBHOOKS_OF_A_KEY} webhooks.",
            )
        )


async def _insert(connection: Connection, owner: Owner, wanted: NewSubscription) -> Subscription:
    head = await connection.fetchval(_HEAD)
    row = await connection.fetchrow(
        _INSERT, f"sub_{new_name()}", owner.key_id, wanted.channel.value, wanted.target, wanted.name,
        orjson.dumps(wanted.parameters).decode(), wanted.frequency.value, wanted.language, wanted.state.value, head,
    )  # fmt: skip
    return subscription_of(row)
