"""Large bodies read from a real HTTP server as a stream."""

import asyncio
import hashlib
import time
import tracemalloc
from typing import Any

import pytest
from aiohttp import web
from contract.upstream_client.double import MakeClient, Upstream, counted
from legis.errors import RecordGone, UpstreamUnavailable
from legis.upstream import UpstreamClient


async def read_all(client: UpstreamClient, url: str, **options: Any) -> bytes:
    async with client.stream(url, **options) as stream:
        return b"".join([chunk async for chunk in stream.iter_chunks()])


async def test_a_large_file_is_read_in_constant_memory(upstream: Upstream, make_client: MakeClient) -> None:
    block, blocks = bytes(range(256)) * 256, 640

    async def file(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        for _ in range(blocks):
            await response.write(block)
        return response

    upstream.handler = file
    client = make_client()
    size = 0
    tracemalloc.start()
    async with client.stream(upstream.base, endpoint="bulk", max_body_bytes=10**9) as stream:
        with pytest.raises(ValueError, match="whole body"):
            _ = stream.sha256
        async for chunk in stream.iter_chunks():
            assert len(chunk) <= 64 * 1024
            size += len(chunk)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == len(block) * blocks
    assert stream.sha256 == hashlib.sha256(block * blocks).hexdigest()
    assert peak < 8 * 1024 * 1024


async def test_the_status_of_a_stream_is_checked_and_retried_before_it_is_entered(
    upstream: Upstream, make_client: MakeClient
) -> None:
    upstream.answers(503, 502, 200)
    assert await read_all(make_client(), upstream.base, endpoint="bulk") == b'{"dados": []}'
    upstream.answers(404)
    with pytest.raises(RecordGone):
        await read_all(make_client(), upstream.base, endpoint="bulk")


async def test_a_stream_that_is_cut_raises_and_counts(upstream: Upstream, make_client: MakeClient) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000000"})
        await response.prepare(request)
        await response.write(b"x" * 1000)
        await asyncio.sleep(0.05)
        assert request.transport is not None
        request.transport.abort()
        return response

    upstream.handler = cut
    client = make_client()
    for _ in range(5):
        with pytest.raises(UpstreamUnavailable):
            await read_all(client, upstream.base, endpoint="cut")
    assert upstream.asked == 5
    assert counted("cut", "cut") == 5
    # each opening succeeded, each reading failed: the rate, not the row, opens it
    assert client.snapshot().breaker.state == "open"


async def test_the_time_of_a_stream_holds_for_the_whole_of_it(upstream: Upstream, make_client: MakeClient) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(200):
            await response.write(b"x")
            await asyncio.sleep(0.05)
        return response

    upstream.handler = drip
    began = time.monotonic()
    with pytest.raises(UpstreamUnavailable, match="too long"):
        await read_all(make_client(), upstream.base, endpoint="drip", total_timeout=0.4)
    assert 0.3 < time.monotonic() - began < 6, "the whole answer takes 10 s"


async def test_a_stream_over_its_cap_ends(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.sends(b"x" * 300_000, "text/plain")
    with pytest.raises(UpstreamUnavailable, match="body over"):
        await read_all(make_client(), upstream.base, endpoint="x", max_body_bytes=100_000)


async def test_leaving_a_stream_early_gives_its_place_back(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.sends(b"x" * 300_000, "text/plain")
    client = make_client(max_in_flight=1)
    for _ in range(3):
        async with client.stream(upstream.base, endpoint="x") as stream:
            assert await anext(stream.iter_chunks())
        with pytest.raises(KeyError):
            async with client.stream(upstream.base, endpoint="x"):
                raise KeyError("the consumer's own")
    upstream.answers(200)
    await asyncio.wait_for(client.get(upstream.base, endpoint="x"), 60)
    assert client.snapshot().breaker.failures == 0
