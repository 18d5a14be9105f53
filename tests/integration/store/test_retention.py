"""Tables that would grow for ever are shortened, each by the process that writes it, with the rights of its role."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from api_gateway.migrations.database_roles import settle_roles
from api_gateway.settings import StoreSettings
from api_gateway.store.database.pool import open_pool
from api_gateway.store.subscriptions.match_writer import drop_old
from api_gateway.worker.housekeeping import delete_abandoned
from integration.store.database.test_database_roles import PASSWORDS, as_role

DIGESTS = """
WITH made AS (
    INSERT INTO subscription (public_id, channel, target, parameters, frequency, language, state, created_at, since_seq,
                              sent_seq)
    VALUES ('s', 'EMAIL', 'a@b.example', '', 'DAILY', 'pt', 'ACTIVE', now(), 0, 0) RETURNING id
)
INSERT INTO digest (subscription_id, period, seq_to)
SELECT id, (now() - make_interval(days => days))::date, days FROM made, (VALUES (0), (7), (29), (32), (400)) AS d (days)
"""
LETTERS = """
INSERT INTO dead_letter (source, stage, error, payload, payload_sha256, tries, first_at, last_at, resolved_at)
SELECT 'camara', 'store', name, ''::bytea, name, 1, now() - interval '1 year', now() - interval '1 year',
       now() - make_interval(days => days)
FROM (VALUES ('open', NULL), ('resolved', 89), ('over', 91)) AS letter (name, days)
"""


@pytest.fixture
async def of_role(database_url: str) -> AsyncIterator[Any]:
    """`await of_role(process)`: a pool with the rights of that process."""
    await settle_roles(database_url, PASSWORDS, lock_timeout=10)
    pools = []

    async def opened(process: str) -> Any:
        settings = StoreSettings(database_url=as_role(database_url, process))
        pools.append(await open_pool(settings, name=process, statement_timeout=10))
        return pools[-1]

    yield opened
    for pool in pools:
        await pool.close()


async def test_digests_older_than_a_month_are_forgotten(pool: Any, of_role: Any) -> None:
    await pool.execute(DIGESTS)
    await drop_old(await of_role("notifier"))
    assert [row["seq_to"] for row in await pool.fetch("SELECT seq_to FROM digest ORDER BY seq_to")] == [0, 7, 29]


async def test_a_dead_letter_goes_ninety_days_after_it_was_resolved(pool: Any, of_role: Any) -> None:
    await pool.execute(LETTERS)
    await delete_abandoned(await of_role("worker"))
    assert {row["error"] for row in await pool.fetch("SELECT error FROM dead_letter")} == {"open", "resolved"}
