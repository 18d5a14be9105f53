"""A process that may not read its source sends nothing, in the middle of anything."""

import asyncio

import pytest
from aiohttp import web
from contract.upstream_client.double import MakeClient, Upstream
from legis.errors import NotTheReader


class Leave:
    """Whether requests may be sent."""

    given = True

    def require(self) -> None:
        if not self.given:
            raise NotTheReader("another process reads camara")


async def test_nothing_is_sent_without_leave_and_the_circuit_does_not_mind(
    upstream: Upstream, make_client: MakeClient
) -> None:
    upstream.answers(200)
    client, leave = make_client(), Leave()
    client.send_only_if(leave.require)
    await client.get(f"{upstream.base}/x", endpoint="x")
    leave.given = False
    for _ in range(30):
        with pytest.raises(NotTheReader):
            await client.get(f"{upstream.base}/x", endpoint="x")
    assert upstream.asked == 1
    assert client.snapshot().breaker.state == "closed"
    leave.given = True
    await client.get(f"{upstream.base}/x", endpoint="x")
    assert upstream.asked == 2


@pytest.mark.parametrize("first_answer", ["redirect", "failure"])
async def test_leave_that_ends_meanwhile_ends_redirects_and_retries(
    upstream: Upstream, make_client: MakeClient, first_answer: str
) -> None:
    leave = Leave()

    async def handler(request: web.Request) -> web.StreamResponse:
        leave.given = False
        if first_answer == "redirect":
            raise web.HTTPFound("/new")
        return web.Response(status=503)

    upstream.handler = handler
    client = make_client()
    client.send_only_if(leave.require)
    with pytest.raises(NotTheReader):
        await client.get(f"{upstream.base}/old", endpoint="x")
    assert upstream.asked == 1


async def test_who_waits_for_its_turn_asks_for_leave_when_it_comes(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(200)
    client, leave = make_client(requests_per_second=2), Leave()
    client.send_only_if(leave.require)
    calls = [asyncio.create_task(client.get(f"{upstream.base}/x", endpoint="x")) for _ in range(4)]
    await calls[0]
    leave.given = False
    others = await asyncio.gather(*calls[1:], return_exceptions=True)
    assert {type(one) for one in others} == {NotTheReader}
    assert upstream.asked == 1
