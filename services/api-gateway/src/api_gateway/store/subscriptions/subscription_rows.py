"""Conversion of rows of the table `subscription`, and reads of single ones and of those of an owner."""

from dataclasses import dataclass, fields
from typing import Any

import orjson

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.database.reader import Database
from api_gateway.subscriptions.subscription import Channel, Frequency, Subscription, SubscriptionState

ACQUIRE_SECONDS = 5.0

_OWN = ", ".join(f"s.{one.name}" for one in fields(Subscription) if one.name != "keys")
_KEYS = """ARRAY(SELECT number FROM signing_key k WHERE k.subscription_id = s.id
                 AND (k.retires_at IS NULL OR k.retires_at > now()) ORDER BY number) AS keys"""
COLUMNS = f"{_OWN}, {_KEYS}"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose subscriptions are meant: those of an API key. Every statement names the owner, so that nobody sees or
    changes what belongs to others.
    """

    key_id: int


def subscription_of(row: Any) -> Subscription:
    """The subscription in a row with all of COLUMNS."""
    values = dict(row)
    return Subscription(
        **{
            **values,
            "channel": Channel(values["channel"]),
            "frequency": Frequency(values["frequency"]),
            "state": SubscriptionState(values["state"]),
            "parameters": orjson.loads(values["parameters"]),
            "keys": tuple(values["keys"]),
        }
    )


async def list_subscriptions(database: Database, owner: Owner, *, after: int, limit: int) -> list[Subscription]:
    """At most `limit` subscriptions of the owner with an internal id above `after`, oldest first."""
    sql = f"SELECT {COLUMNS} FROM subscription s WHERE s.key_id = $1 AND s.id > $2 ORDER BY s.id LIMIT $3"
    return [subscription_of(row) for row in await database.rows(sql, [owner.key_id, after, limit])]


async def load_subscription(database: Database, owner: Owner, public_id: str) -> Subscription | None:
    """The owner's subscription of that id; None where there is none, or it is another's."""
    sql = f"SELECT {COLUMNS} FROM subscription s WHERE s.key_id = $1 AND s.public_id = $2"
    row = await database.row(sql, [owner.key_id, public_id])
    return None if row is None else subscription_of(row)


async def load_all(pool: Pool) -> list[Subscription]:
    """Every subscription that changes are matched with: also the paused ones, which may go on from where they stood.
    Raises StoreUnavailable.
    """
    sql = f"SELECT {COLUMNS} FROM subscription s WHERE s.state IN ('ACTIVE', 'PAUSED') ORDER BY s.id"
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return [subscription_of(row) for row in await connection.fetch(sql)]


async def load_attempts(database: Database, subscription_id: int, *, before: int | None, limit: int) -> list[Any]:
    """Attempts of a subscription with an id below `before`, newest first."""
    sql = """SELECT id, message_id, seq_from, seq_to, at, code, error, milliseconds, reply_head FROM delivery_attempt
             WHERE subscription_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"""
    return await database.rows(sql, [subscription_id, 2**63 - 1 if before is None else before, limit])
