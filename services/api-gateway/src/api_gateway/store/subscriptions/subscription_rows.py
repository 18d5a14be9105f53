"""Conversion of rows of the table `subscription`, and reads of single ones and of those of an owner."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import orjson

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.database.reader import Database
from api_gateway.subscriptions.subscription import Channel, Frequency, Subscription, SubscriptionState

ACQUIRE_SECONDS = 5.0

_OWN = ", ".join(f"s.{one.name}" for one in fields(Subscription) if one.name not in ("keys", "address_id"))
_KEYS = """ARRAY(SELECT number FROM signing_key k WHERE k.subscription_id = s.id
                 AND (k.retires_at IS NULL OR k.retires_at > now()) ORDER BY number) AS keys"""
_ADDRESS = """CASE WHEN s.channel = 'EMAIL'
                   THEN (SELECT a.public_id FROM mail_address a WHERE a.address = s.target) END AS address_id"""
COLUMNS = f"{_OWN}, {_KEYS}, {_ADDRESS}"

_OF_KEY = "s.key_id = $1"
_OF_ADDRESS = "s.channel = 'EMAIL' AND s.target = (SELECT a.address FROM mail_address a WHERE a.public_id = $1)"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose subscriptions are meant: those of an API key, or those that send e-mail to an address, whoever made them.
    Exactly one of the two is set. Every statement names the owner, so that nobody sees or changes what belongs to
    others.
    """

    key_id: int | None = None
    address_id: str | None = None

    @property
    def rule(self) -> str:
        """The condition on rows of `subscription s` whose `$1` is `value`."""
        return _OF_KEY if self.address_id is None else _OF_ADDRESS

    @property
    def value(self) -> int | str | None:
        """The argument of `rule`; None matches nothing."""
        return self.key_id if self.address_id is None else self.address_id


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
    sql = f"SELECT {COLUMNS} FROM subscription s WHERE {owner.rule} AND s.id > $2 ORDER BY s.id LIMIT $3"
    return [subscription_of(row) for row in await database.rows(sql, [owner.value, after, limit])]


async def load_subscription(database: Database, owner: Owner, public_id: str) -> Subscription | None:
    """The owner's subscription of that id; None where there is none, or it is another's."""
    sql = f"SELECT {COLUMNS} FROM subscription s WHERE {owner.rule} AND s.public_id = $2"
    row = await database.row(sql, [owner.value, public_id])
    return None if row is None else subscription_of(row)


async def load_by_mail(database: Database, public_id: str) -> Subscription | None:
    """The subscription by e-mail of that id, for whoever has proved that the e-mail reached them."""
    sql = f"SELECT {COLUMNS} FROM subscription s WHERE s.channel = 'EMAIL' AND s.public_id = $1"
    row = await database.row(sql, [public_id])
    return None if row is None else subscription_of(row)


async def load_active_mails(pool: Pool) -> list[Subscription]:
    """Every ACTIVE subscription by e-mail. Raises StoreUnavailable."""
    sql = f"SELECT {COLUMNS} FROM subscription s WHERE s.state = 'ACTIVE' AND s.channel = 'EMAIL' ORDER BY s.id"
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return [subscription_of(row) for row in await connection.fetch(sql)]


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """What changes of a webhook's subscription while it is ACTIVE. Small: that of all is read each second."""

    sent_seq: int
    failures: int
    failing_since: datetime | None
    next_attempt_at: datetime | None
    keys: tuple[int, ...]


async def load_delivery_states(pool: Pool) -> dict[int, DeliveryState]:
    """The state of every ACTIVE webhook, by internal id. Raises StoreUnavailable."""
    sql = """SELECT s.id, s.sent_seq, s.failures, s.failing_since, s.next_attempt_at, k.keys FROM subscription s
             LEFT JOIN (SELECT subscription_id, array_agg(number ORDER BY number) AS keys FROM signing_key
                        WHERE retires_at IS NULL OR retires_at > now() GROUP BY subscription_id) k
                  ON k.subscription_id = s.id
             WHERE s.state = 'ACTIVE' AND s.channel = 'WEBHOOK'"""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            rows = await connection.fetch(sql)
    return {
        key: DeliveryState(sent_seq, failures, since, at, tuple(keys or ()))
        for key, sent_seq, failures, since, at, keys in rows
    }


async def load_webhooks(pool: Pool, ids: Collection[int]) -> list[Subscription]:
    """The ACTIVE webhooks of these internal ids. Raises StoreUnavailable."""
    if not ids:
        return []
    sql = f"""SELECT {COLUMNS} FROM subscription s
              WHERE s.id = ANY($1::integer[]) AND s.state = 'ACTIVE' AND s.channel = 'WEBHOOK' ORDER BY s.id"""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return [subscription_of(row) for row in await connection.fetch(sql, list(ids))]


async def load_searches(pool: Pool) -> dict[str, list[int]]:
    """The internal ids of every subscription that changes are matched with, by the text of its search: all that were
    ever confirmed, whatever their state, since each may be resumed from where it stood. Raises StoreUnavailable.
    """
    sql = """SELECT s.parameters, array_agg(s.id ORDER BY s.id) AS ids FROM subscription s
             WHERE s.confirmed_at IS NOT NULL GROUP BY s.parameters"""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return {row["parameters"]: row["ids"] for row in await connection.fetch(sql)}


async def load_attempts(database: Database, subscription_id: int, *, before: int | None, limit: int) -> list[Any]:
    """Attempts of a subscription with an id below `before`, newest first."""
    sql = """SELECT id, message_id, seq_from, seq_to, at, code, error, milliseconds, reply_head FROM delivery_attempt
             WHERE subscription_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"""
    return await database.rows(sql, [subscription_id, 2**63 - 1 if before is None else before, limit])
