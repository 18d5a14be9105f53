"""Two replicas over one database: a key that is revoked is refused by both within a second."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from api_gateway.access.identity import NotAuthenticated
from api_gateway.access.key_text import KeyText
from api_gateway.access.scopes import Scope
from api_gateway.settings import StoreSettings
from api_gateway.store.database.pool import open_pool
from api_gateway.store.database.reader import Database
from api_gateway.store.keys.api_key_admin import KeyRequest, create_key, revoke_key
from api_gateway.store.keys.api_key_rows import find_key
from api_gateway.web.pipeline.authentication import Authenticator
from legis.errors import StoreUnavailable


@asynccontextmanager
async def replicas(
    url: str, count: int, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[tuple[Any, list[Authenticator]]]:
    pools = [await open_pool(StoreSettings(database_url=url), name="t", statement_timeout=5) for _ in range(count + 1)]
    databases = [Database(pool, pool, limit=10, acquire_timeout=5) for pool in pools[1:]]
    yield (
        pools[0],
        [
            Authenticator(partial(find_key, one), grace_seconds=60, used=lambda _: None, clock=clock)
            for one in databases
        ],
    )
    for pool in pools:
        pool.terminate()


async def accepted(replica: Authenticator, text: KeyText) -> bool:
    try:
        await replica.identify({b"x-api-key": text.reveal().encode()}, "192.0.2.1")
    except NotAuthenticated:
        return False
    return True


async def test_a_revoked_key_is_refused_within_a_second_everywhere(database_url: str) -> None:
    seconds = 0.0
    async with replicas(database_url, 2, lambda: seconds) as (admin, both):
        key, text = await create_key(admin, KeyRequest("tests", frozenset({Scope.READ})))
        assert all([await accepted(one, text) for one in both])
        await revoke_key(admin, key.prefix)
        seconds += 0.99
        assert not any([await accepted(one, text) for one in both])


async def test_a_new_key_is_accepted_within_a_second_of_being_unknown(database_url: str) -> None:
    seconds = 0.0
    async with replicas(database_url, 1, lambda: seconds) as (admin, (replica,)):
        key, text = await create_key(admin, KeyRequest("tests", frozenset({Scope.READ})))
        await admin.execute("UPDATE api_key SET prefix = $1 WHERE id = $2", "0" * 12, key.id)
        assert not await accepted(replica, text)
        await admin.execute("UPDATE api_key SET prefix = $1 WHERE id = $2", key.prefix, key.id)
        seconds += 0.99
        assert await accepted(replica, text)


async def test_a_database_that_is_away_is_said_to_be_away(closed_port: int) -> None:
    async with replicas(f"postgresql://postgres@127.0.0.1:{closed_port}/x", 1) as (_, (replica,)):
        with pytest.raises(StoreUnavailable):
            await replica.identify({b"x-api-key": KeyText("0" * 12, bytes(32)).reveal().encode()}, "192.0.2.1")
