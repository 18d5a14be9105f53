"""Where the upstream client lets a redirect lead it."""

import asyncio
import time

import pytest
from aiohttp import web
from contract.upstream_client.double import MakeClient, Upstream
from legis.errors import UpstreamRequestRefused, UpstreamUnavailable


async def test_a_redirect_is_followed_only_to_an_allowed_host(upstream: Upstream, make_client: MakeClient) -> None:
    async def moved(request: web.Request) -> web.StreamResponse:
        if request.path == "/old":
            raise web.HTTPMovedPermanently("/new.json")
        if request.path == "/elsewhere":
            raise web.HTTPFound("http://localhost:9/x")
        if request.path == "/loop":
            raise web.HTTPFound("/loop")
        if request.path == "/file":
            return web.Response(status=301, headers={"Location": "file:///etc/passwd"})
        return web.json_response({"path": request.path})

    upstream.handler = moved
    client = make_client()
    answer = await client.get(f"{upstream.base}/old", endpoint="x")
    assert answer.url == f"{upstream.base}/new.json"
    for path, asked in (("/elsewhere", 1), ("/file", 1), ("/loop", 4)):
        before = upstream.asked
        with pytest.raises(UpstreamRequestRefused, match="redirect"):
            await client.get(f"{upstream.base}{path}", endpoint="x")
        assert upstream.asked == before + asked
    with pytest.raises(UpstreamRequestRefused, match="not allowed"):
        await make_client(redirect_hosts=frozenset()).get(f"{upstream.base}/old", endpoint="x")


async def test_each_step_of_a_redirect_waits_for_its_turn_and_shares_one_time_limit(
    upstream: Upstream, make_client: MakeClient
) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path == "/old":
            await asyncio.sleep(0.1)
            raise web.HTTPFound("/drip")
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        for _ in range(600):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response

    upstream.handler = handler
    client = make_client(requests_per_second=0.5, max_attempts=1, total_timeout=6.0)
    began = time.monotonic()
    with pytest.raises(UpstreamUnavailable, match="too long"):
        await client.get(f"{upstream.base}/old", endpoint="x")
    assert 5.9 < time.monotonic() - began < 25, "the slow answer alone takes 30 s"
    assert upstream.asked == 2
    assert upstream.asked_at[1] - upstream.asked_at[0] >= 1
