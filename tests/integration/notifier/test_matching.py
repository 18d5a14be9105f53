"""Which subscriptions changes are matched with, over a real database."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from api_gateway.notifier.matcher import Matcher
from api_gateway.settings import StoreSettings
from api_gateway.store.database.pool import open_pool
from api_gateway.store.database.reader import Database

ALL = {"kind": ["CREATED", "MOVED", "EDITED", "READ"]}


@pytest.fixture
async def matcher(database_url: str) -> AsyncIterator[Matcher]:
    own = await open_pool(StoreSettings(database_url=database_url), name="matcher", statement_timeout=10)
    yield Matcher(own, Database(own, own, limit=2, acquire_timeout=5.0))
    own.terminate()  # the readers keep a connection


async def matched(pool: Any) -> list[list[int]]:
    """The subscriptions that each entry matched, by internal id."""
    return [row["subscription_ids"] for row in await pool.fetch("SELECT * FROM change_match ORDER BY seq")]


@pytest.mark.parametrize("state", ["ACTIVE", "PAUSED", "DISABLED", "BOUNCED"])
async def test_whatever_can_be_resumed_is_matched(
    pool: Any, matcher: Matcher, subscribe: Any, change: Any, state: str
) -> None:
    one = await subscribe("any", **ALL)
    await pool.execute("UPDATE subscription SET state = $1", state)
    await change([1])
    await matcher.step()
    assert await matched(pool) == [[one.id]]


@pytest.mark.parametrize("state", ["PENDING", "DISABLED", "BOUNCED"])
async def test_what_was_never_confirmed_is_not_matched(
    pool: Any, matcher: Matcher, subscribe: Any, change: Any, state: str
) -> None:
    await subscribe("any", **ALL)
    await pool.execute("UPDATE subscription SET state = $1, confirmed_at = NULL", state)
    await change([1])
    await matcher.step()
    assert await matched(pool) == []
