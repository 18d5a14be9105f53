"""How many requests the upstream client lets through to a server."""

import asyncio
from typing import Any

import pytest
from aiohttp import ThreadedResolver, web
from aiohttp.abc import ResolveResult
from contract.upstream_client.double import MakeClient, Upstream
from legis.errors import UpstreamUnavailable
from legis.upstream import BreakerPolicy


class SlowResolver(ThreadedResolver):
    async def resolve(self, *name: Any, **options: Any) -> list[ResolveResult]:
        await asyncio.sleep(0.6)
        return await super().resolve(*name, **options)


@pytest.mark.parametrize("broken", [False, True])
async def test_no_second_sees_more_requests_than_promised(
    upstream: Upstream, make_client: MakeClient, broken: bool
) -> None:
    upstream.answers(*([500, 200, 200] * 50) if broken else [200])
    never = BreakerPolicy(failure_rate=1.0, consecutive_failures=1000)
    client = make_client(requests_per_second=10, max_in_flight=4, max_attempts=10, breaker=never)
    async with asyncio.TaskGroup() as group:
        for _ in range(24):
            group.create_task(client.get(upstream.base, endpoint="x"))
    assert upstream.asked >= 24
    assert upstream.busiest_second() <= 10


async def test_a_connection_that_is_slow_to_make_bunches_nothing(
    upstream: Upstream, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is looked up for longer than the margin of the window; requests that were let go meanwhile are late."""
    upstream.answers(200)
    monkeypatch.setattr("aiohttp.connector.DefaultResolver", SlowResolver)
    client = make_client(requests_per_second=10, max_in_flight=4)
    named = upstream.base.replace("127.0.0.1", "localhost")
    await asyncio.gather(*(client.get(named, endpoint="x") for _ in range(16)))
    assert upstream.busiest_second() <= 10


async def test_no_more_at_once_than_promised(upstream: Upstream, make_client: MakeClient) -> None:
    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.05)
        return web.json_response({})

    upstream.handler = slow
    client = make_client(max_in_flight=3)
    await asyncio.gather(*(client.get(upstream.base, endpoint="x") for _ in range(15)))
    assert upstream.most_at_once == 3


async def test_nobody_repeats_a_request_behind_the_limiters_back(upstream: Upstream, make_client: MakeClient) -> None:
    async def hangs_up_on_a_kept_connection(request: web.Request) -> web.StreamResponse:
        if upstream.asked > 1:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({})

    upstream.handler = hangs_up_on_a_kept_connection
    client = make_client(max_attempts=1)
    await client.get(f"{upstream.base}/x", endpoint="x")

    with pytest.raises(UpstreamUnavailable):
        await client.get(f"{upstream.base}/x", endpoint="x")

    assert upstream.asked == 2


async def test_a_cancelled_caller_leaves_nothing_behind(upstream: Upstream, make_client: MakeClient) -> None:
    async def hang(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.json_response({})

    upstream.handler = hang
    client = make_client(max_in_flight=2)
    for _ in range(6):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.get(upstream.base, endpoint="x"), 0.05)
    upstream.answers(200)
    await asyncio.wait_for(client.get(upstream.base, endpoint="x"), 25)
    assert client.snapshot().breaker.failures == 0
