"""Addresses of subscriptions by e-mail: the id that stands for each, and how often each mailbox was asked."""

import secrets
import string
from dataclasses import dataclass
from datetime import date

from legis.clock import utc_now
from legis.domain.brasilia_time import ZONE

from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.subscriptions.mail_address import mailbox
from api_gateway.subscriptions.subscription import CONFIRMATIONS_A_DAY

ACQUIRE_SECONDS = 5.0
_ALPHABET = string.digits + string.ascii_lowercase

_COUNT = """
INSERT INTO mail_address AS a (address, public_id, asked_on, asked) VALUES ($1, $2, $3, 1)
ON CONFLICT (address) DO UPDATE SET asked_on = excluded.asked_on,
       asked = CASE WHEN a.asked_on = excluded.asked_on THEN least(a.asked, 1000) + 1 ELSE 1 END
RETURNING a.public_id, a.asked
"""
_ADD = """
WITH made AS (INSERT INTO mail_address (address, public_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING public_id)
SELECT public_id FROM made UNION ALL SELECT public_id FROM mail_address WHERE address = $1
"""
_DROP_UNUSED = """
DELETE FROM mail_address a
WHERE (a.asked_on IS NULL OR a.asked_on < $1)
  AND NOT EXISTS (SELECT FROM subscription s WHERE s.target = a.address AND s.channel = 'EMAIL')
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The id of an address, and whether its mailbox may be sent one more e-mail that asks to confirm."""

    address_id: str
    may_be_asked: bool


def new_name() -> str:
    """Twenty random letters and digits: the id of an address, or of a subscription without its beginning."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(20))


async def count_asked(connection: Connection, address: str, day: date | None) -> Asked:
    """Counts one more e-mail that asks the address to confirm. `day` is the day of Brasília (None: today). Its mailbox
    is counted first, so transactions of one mailbox take turns.
    """
    box = mailbox(address)
    day = day or utc_now().astimezone(ZONE).date()
    row = await connection.fetchrow(_COUNT, box, new_name(), day)
    assert row is not None  # an upsert always has a row
    own = row["public_id"] if box == address else await connection.fetchval(_ADD, address, new_name())
    return Asked(own, row["asked"] <= CONFIRMATIONS_A_DAY)


async def add_address(pool: Pool, address: str) -> str:
    """The id of an address, which is added where it is not known yet. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return str(await connection.fetchval(_ADD, address, new_name()))


async def drop_unused_addresses(pool: Pool, day: date) -> None:
    """Deletes addresses that have no subscription and were not asked since `day`. Links to manage them end with that.
    Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_DROP_UNUSED, day)
