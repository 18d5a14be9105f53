"""How the upstream client tells a chamber that has shut us out from one that refuses a record."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from contract.upstream_client.double import MakeClient, Upstream, counted
from legis.errors import LegisError, UpstreamBlocked, UpstreamRequestRefused
from legis.upstream import UpstreamClient
from prometheus_client import REGISTRY


class Firewall:
    """A server that refuses some paths, or everybody."""

    def __init__(self, upstream: Upstream, make: MakeClient, **policy: object) -> None:
        self.refused = {"/bad"}
        self.closed = False
        self.asked: list[str] = []
        self.base = upstream.base
        self.client: UpstreamClient = make(probe_url=f"{upstream.base}/light", **policy)
        upstream.handler = self._answer

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        await asyncio.sleep(0.01)
        if self.closed or request.path in self.refused:
            return web.Response(status=403, text="<html>ACESSO NEGADO</html>", content_type="text/html")
        return web.json_response({"path": request.path})

    async def get(self, path: str) -> str:
        try:
            answer = await self.client.get(f"{self.base}{path}", endpoint="x")
        except LegisError as error:
            return type(error).__name__
        return str(answer.json()["path"])


def blocked_gauge() -> float | None:
    return REGISTRY.get_sample_value("legis_upstream_blocked", {"source": "camara"})


async def test_a_single_403_silences_nobody(upstream: Upstream, make_client: MakeClient) -> None:
    wall = Firewall(upstream, make_client)
    assert await wall.get("/bad") == "UpstreamRequestRefused"
    assert await wall.get("/good") == "/good"
    assert wall.asked == ["/bad", "/light", "/good"]
    assert wall.client.snapshot().blocked_until is None
    assert wall.client.snapshot().breaker.state == "closed"
    assert blocked_gauge() == 0


async def test_bad_records_among_good_ones_are_refused_alone(upstream: Upstream, make_client: MakeClient) -> None:
    wall = Firewall(upstream, make_client)
    wall.refused = {f"/{number}" for number in range(0, 60, 7)}
    found = await asyncio.gather(*(wall.get(f"/{number}") for number in range(60)))
    for number, got in enumerate(found):
        assert got == ("UpstreamRequestRefused" if f"/{number}" in wall.refused else f"/{number}")
    assert wall.asked.count("/light") <= len(wall.refused)


async def test_a_firewall_is_a_block_that_is_told_and_ends_by_the_probe(
    upstream: Upstream, make_client: MakeClient
) -> None:
    now = 1000.0
    wall = Firewall(upstream, make_client, blocked_pause_seconds=60.0, block_clock=lambda: now)
    wall.closed = True
    began = datetime.now(UTC)
    assert await wall.get("/good") == "UpstreamBlocked"
    snapshot = wall.client.snapshot()
    assert snapshot.blocked_until is not None
    assert began + timedelta(seconds=60) <= snapshot.blocked_until <= datetime.now(UTC) + timedelta(seconds=60)
    assert "403" in (snapshot.blocked_reason or "")
    assert blocked_gauge() == 1
    asked = len(wall.asked)
    assert [await wall.get("/good") for _ in range(20)] == ["UpstreamBlocked"] * 20
    assert len(wall.asked) == asked == 2
    wall.closed = False
    wall.asked.clear()
    now += 59.9
    assert await wall.get("/good") == "UpstreamBlocked"
    now += 0.1
    assert await wall.get("/good") == "/good"
    assert wall.asked == ["/light", "/good"]
    assert wall.client.snapshot().blocked_until is None
    assert blocked_gauge() == 0


async def test_pauses_grow_while_the_block_lasts(upstream: Upstream, make_client: MakeClient) -> None:
    wall = Firewall(upstream, make_client, blocked_pause_seconds=0.05, longest_block_seconds=0.4)
    wall.closed = True
    await wall.get("/good")
    times: list[float] = []
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(60):
        while len(times) < 4:
            before = len(wall.asked)
            assert await wall.get("/good") == "UpstreamBlocked"
            if len(wall.asked) > before:
                times.append(loop.time())
            await asyncio.sleep(0.005)
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps[0] >= 0.1
    assert gaps[1] >= 0.2
    assert gaps[2] >= 0.4
    assert set(wall.asked[1:]) == {"/light"}, "nothing but the probe asks"


async def test_those_who_wait_for_the_verdict_do_not_ask(upstream: Upstream, make_client: MakeClient) -> None:
    wall = Firewall(upstream, make_client, max_in_flight=2, requests_per_second=200)
    wall.closed = True
    found = await asyncio.gather(*(wall.get(f"/{number}") for number in range(40)))
    assert set(found) == {"UpstreamBlocked"}
    assert len(wall.asked) <= 2 * 2 + 1


async def test_a_429_for_minutes_is_a_block_and_a_short_one_is_not(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(429, headers={"Retry-After": "1800"})
    client = make_client(probe_url=f"{upstream.base}/light")
    with pytest.raises(UpstreamBlocked) as blocked:
        await client.get(upstream.base, endpoint="long429")
    assert blocked.value.retry_after is not None
    assert 1790 < blocked.value.retry_after <= 1800
    assert upstream.asked == 1
    until = client.snapshot().blocked_until
    assert until is not None
    assert timedelta(minutes=29) < until - datetime.now(UTC) <= timedelta(minutes=30)
    assert client.snapshot().breaker.state == "closed"

    upstream.answers(429, 200, headers={"Retry-After": "0"})
    patient = make_client(probe_url=f"{upstream.base}/light")
    await patient.get(upstream.base, endpoint="x")
    assert patient.snapshot().blocked_until is None


async def test_a_refused_file_is_judged_too(upstream: Upstream, make_client: MakeClient) -> None:
    wall = Firewall(upstream, make_client)
    with pytest.raises(UpstreamRequestRefused):
        async with wall.client.stream(f"{wall.base}/bad", endpoint="file"):
            pytest.fail("a refused file was opened")
    assert wall.asked == ["/bad", "/light"]


async def test_the_probe_is_counted_under_its_own_name(upstream: Upstream, make_client: MakeClient) -> None:
    before = counted("ok", "probe")
    wall = Firewall(upstream, make_client)
    await wall.get("/bad")
    assert counted("ok", "probe") == before + 1
