"""How much memory a body may cost the upstream client."""

import asyncio
import contextlib
import gzip
import tracemalloc

import pytest
from aiohttp import web
from contract.upstream_client.double import MakeClient, Upstream, counted
from legis.errors import UpstreamUnavailable
from legis.upstream import BreakerPolicy


@pytest.mark.parametrize("at_once", [1, 4])
async def test_a_bomb_ends_long_before_a_large_cap_and_costs_no_memory(
    upstream: Upstream, make_client: MakeClient, at_once: int
) -> None:
    bomb = gzip.compress(bytes(256 * 2**20), 9)
    upstream.sends(bomb, Content_Encoding="gzip")
    rules = BreakerPolicy(consecutive_failures=9)
    client = make_client(max_attempts=1, max_body_bytes=64 * 2**20, breaker=rules)
    before = counted("too_large", "bomb")
    tracemalloc.start()
    bombs = (client.get(upstream.base, endpoint="bomb") for _ in range(at_once))
    failed = await asyncio.gather(*bombs, return_exceptions=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [str(error).rpartition(": ")[2] for error in failed] == ["packed too well to be a body"] * at_once
    assert peak < (1 + 2 * at_once) * 2**20  # what the server sends is in it
    assert counted("too_large", "bomb") == before + at_once


async def test_bodies_without_end_cost_one_cap_together(upstream: Upstream, make_client: MakeClient) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        with contextlib.suppress(OSError):
            while True:
                await response.write(b" " * 65_536)
        return response

    upstream.handler = endless
    rules = BreakerPolicy(consecutive_failures=9)
    client = make_client(max_attempts=1, max_in_flight=6, max_body_bytes=8 * 2**20, breaker=rules)
    tracemalloc.start()
    bodies = (client.get(upstream.base, endpoint="endless") for _ in range(6))
    failed = await asyncio.gather(*bodies, return_exceptions=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ["body over" in str(error) for error in failed] == [True] * 6
    assert peak < 16 * 2**20


async def test_a_callers_own_cap_wins(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.sends(b'"' + b"x" * 1000 + b'"')
    client = make_client(max_attempts=1)
    with pytest.raises(UpstreamUnavailable):
        await client.get(upstream.base, endpoint="x", max_body_bytes=500)
    assert len((await client.get(upstream.base, endpoint="x", max_body_bytes=2000)).body) == 1002
