"""The last use of an API key: noted by web, told through Redis, stored by the worker once a minute at most."""

from datetime import UTC, datetime, timedelta
from typing import Any

from api_gateway.access.scopes import Scope
from api_gateway.store.keys.api_key_admin import KeyRequest, create_key, load_key
from api_gateway.web.background.key_usage import KeyUsage
from api_gateway.web.background.redis_fail_fast import RedisFailFast
from api_gateway.worker.key_usage_task import store_key_usage
from legis.streams.names import KEY_USAGE_KEY

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Now:
    instant = NOON

    def __call__(self) -> datetime:
        return self.instant


async def test_uses_reach_the_table_by_the_minute(pool: Any, redis: Any, redis_url: str) -> None:
    key, _ = await create_key(pool, KeyRequest("tests", frozenset({Scope.READ})))
    now, gate = Now(), RedisFailFast(redis_url)
    usage = KeyUsage(gate, now=now)
    versions = set()
    for second in range(0, 130, 10):
        now.instant = NOON + timedelta(seconds=second)
        usage.note(key.id)
        await usage.flush()
        await store_key_usage(pool, redis)
        versions.add(await pool.fetchval("SELECT xmin::text FROM api_key"))
    found = await load_key(pool, key.prefix)
    assert found is not None
    assert found.last_used_at == NOON + timedelta(minutes=2)
    assert len(versions) == 3, "written once for each minute, however often it is told"
    assert 0 < await redis.ttl(KEY_USAGE_KEY) <= 86_400
    await gate.close()


async def test_what_cannot_be_told_is_told_later(pool: Any, redis: Any, redis_url: str) -> None:
    key, _ = await create_key(pool, KeyRequest("tests", frozenset({Scope.READ})))
    gate = RedisFailFast(redis_url)
    usage = KeyUsage(gate, now=Now())
    usage.note(key.id)
    gate.open = False
    await usage.flush()
    assert await redis.hgetall(KEY_USAGE_KEY) == {}
    await gate.look(gate.client.ping)
    await usage.flush()
    await store_key_usage(pool, redis)
    found = await load_key(pool, key.prefix)
    assert found is not None
    assert found.last_used_at == NOON
    await gate.close()


async def test_nothing_noted_and_nothing_told_is_nothing_done(pool: Any, redis: Any, redis_url: str) -> None:
    gate = RedisFailFast(redis_url)
    await KeyUsage(gate).flush()
    await store_key_usage(pool, redis)
    assert await redis.exists(KEY_USAGE_KEY) == 0
    await gate.close()
