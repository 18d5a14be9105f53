"""How the upstream client heeds a server that tells it to stop."""

import asyncio
import time

import pytest
from contract.upstream_client.double import MakeClient, Upstream
from legis.errors import UpstreamBlocked, UpstreamRateLimited


async def test_one_429_pauses_every_caller_and_is_no_failure(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(429, 200, headers={"Retry-After": "3"})
    client = make_client()
    first = asyncio.create_task(client.get(upstream.base, endpoint="x"))
    async with asyncio.timeout(30):
        while client.snapshot().paused_until is None:  # noqa: ASYNC110 - a pause sets no event
            await asyncio.sleep(0.01)
    others = [asyncio.create_task(client.get(upstream.base, endpoint="x")) for _ in range(5)]
    await asyncio.gather(first, *others)
    assert upstream.asked == 7
    assert upstream.asked_at[1] - upstream.asked_at[0] >= 3.0
    assert client.snapshot().breaker.failures == 0
    assert client.snapshot().paused_until is None


async def test_a_429_that_stays_is_told_after_three_attempts(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(429, headers={"Retry-After": "0"})
    client = make_client(requests_per_second=100)
    for _ in range(3):
        with pytest.raises(UpstreamRateLimited):
            await client.get(upstream.base, endpoint="x")
    assert upstream.asked == 9
    assert client.snapshot().breaker.state == "closed"


async def test_a_403_stops_everybody_at_once(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(403)
    client = make_client()
    with pytest.raises(UpstreamBlocked) as blocked:
        await client.get(upstream.base, endpoint="x")
    assert blocked.value.retry_after == pytest.approx(60.0, abs=1)
    for _ in range(20):
        with pytest.raises(UpstreamBlocked):
            await client.get(upstream.base, endpoint="x")
    assert upstream.asked == 1
    snapshot = client.snapshot()
    assert snapshot.breaker.state == "closed"
    assert snapshot.paused_until is not None


async def test_those_queued_when_we_are_blocked_do_not_ask(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(403)
    # a turn is long, so that the first is answered within it on any machine
    client = make_client(requests_per_second=1)
    results = await asyncio.gather(*(client.get(upstream.base, endpoint="x") for _ in range(3)), return_exceptions=True)
    assert all(isinstance(result, UpstreamBlocked) for result in results)
    assert upstream.asked == 1


async def test_those_who_wait_for_a_slot_when_we_are_blocked_do_not_ask(
    upstream: Upstream, make_client: MakeClient
) -> None:
    upstream.answers(403)
    client = make_client(max_in_flight=1)
    results = await asyncio.gather(*(client.get(upstream.base, endpoint="x") for _ in range(8)), return_exceptions=True)
    assert all(isinstance(result, UpstreamBlocked) for result in results)
    assert upstream.asked == 1


async def test_who_is_blocked_is_told_at_once(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(403)
    client = make_client(requests_per_second=1)
    began = time.monotonic()
    for _ in range(10):
        with pytest.raises(UpstreamBlocked):
            await client.get(upstream.base, endpoint="x")
    assert time.monotonic() - began < 5, "at one a second they would take 9 s"
