"""The upstream client's circuit against a server that fails."""

import asyncio

import pytest
from contract.upstream_client.double import MakeClient, Upstream
from legis.errors import BreakerOpen, UpstreamUnavailable
from legis.upstream import BreakerPolicy
from prometheus_client import REGISTRY


async def test_five_failures_open_the_circuit_and_then_nobody_asks(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(500)
    client = make_client(max_attempts=1)
    for _ in range(5):
        with pytest.raises(UpstreamUnavailable):
            await client.get(upstream.base, endpoint="x")
    results = await asyncio.gather(
        *(client.get(upstream.base, endpoint="x") for _ in range(50)), return_exceptions=True
    )
    assert all(isinstance(result, BreakerOpen) for result in results)
    assert upstream.asked == 5
    assert client.snapshot().breaker.state == "open"
    assert REGISTRY.get_sample_value("legis_breaker_state", {"source": "camara"}) == 2


async def test_an_open_circuit_probes_alone_and_closes(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(500)
    client = make_client(max_attempts=1, breaker=BreakerPolicy(open_seconds=0.2, jitter=0.0))
    for _ in range(5):
        with pytest.raises(UpstreamUnavailable):
            await client.get(upstream.base, endpoint="x")
    await asyncio.sleep(0.25)
    upstream.answers(200)
    before = upstream.asked
    await asyncio.gather(*(client.get(upstream.base, endpoint="x") for _ in range(100)), return_exceptions=True)
    assert upstream.asked == before + 1
    await client.get(upstream.base, endpoint="x")
    assert client.snapshot().breaker.state == "closed"


async def test_those_queued_when_the_circuit_opens_do_not_ask(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(500)
    client = make_client(max_attempts=1, max_in_flight=2)
    results = await asyncio.gather(
        *(client.get(upstream.base, endpoint="x") for _ in range(100)), return_exceptions=True
    )
    assert upstream.asked <= 6
    assert sum(isinstance(result, BreakerOpen) for result in results) >= 94
