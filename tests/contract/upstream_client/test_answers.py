"""What the upstream client makes of one answer of a real HTTP server."""

import asyncio
import hashlib
import time

import pytest
from aiohttp import web
from contract.upstream_client.double import MakeClient, Upstream, counted
from legis.errors import RecordGone, UpstreamRequestRefused, UpstreamUnavailable


async def test_a_good_answer_carries_everything(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.sends(b'{"dados": [1]}', X_Total_Count="7")
    answer = await make_client().get(
        f"{upstream.base}/proposicoes?ordem=ASC", endpoint="list", params={"siglaTipo": "PL,PEC", "pagina": 2}
    )
    assert answer.json() == {"dados": [1]}
    assert answer.url == f"{upstream.base}/proposicoes?ordem=ASC&siglaTipo=PL,PEC&pagina=2"
    assert answer.headers["x-total-count"] == "7"
    assert answer.sha256 == hashlib.sha256(b'{"dados": [1]}').hexdigest()
    assert answer.server_date is not None
    assert abs((answer.fetched_at - answer.server_date).total_seconds()) < 5
    request = upstream.requests[0]
    assert request.headers["User-Agent"] == "legis-test/1"
    assert request.headers["Accept"] == "application/json"
    assert dict(request.query) == {"ordem": "ASC", "siglaTipo": "PL,PEC", "pagina": "2"}
    assert "traceparent" not in request.headers


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_is_tried_three_times(upstream: Upstream, make_client: MakeClient, status: int) -> None:
    upstream.answers(status)
    client = make_client()
    with pytest.raises(UpstreamUnavailable, match=str(status)):
        await client.get(upstream.base, endpoint="x")
    assert upstream.asked == 3
    assert client.snapshot().breaker.failures == 3
    assert client.snapshot().retry_budget == 490.0


async def test_a_passing_error_is_not_seen_by_the_caller(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(503, 503, 200)
    before = counted("server_error", "passing"), counted("ok", "passing")
    assert (await make_client().get(upstream.base, endpoint="passing")).json() == {"dados": []}
    assert (counted("server_error", "passing"), counted("ok", "passing")) == (before[0] + 2, before[1] + 1)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<html>200 but no JSON</html>", "text/html"),
        (b"", "application/json"),
        (b'{"dados": [1, 2', "application/json"),
        (b"upstream request timeout", "application/json"),
        (b"[" * 5000 + b"]" * 5000, "application/json"),
    ],
)
async def test_what_is_no_whole_json_is_a_failure(
    upstream: Upstream, make_client: MakeClient, body: bytes, content_type: str
) -> None:
    upstream.sends(body, content_type)
    client = make_client(max_attempts=2)
    with pytest.raises(UpstreamUnavailable):
        await client.get(upstream.base, endpoint="x")
    assert upstream.asked == 2
    assert client.snapshot().breaker.failures == 2


async def test_other_types_are_taken_when_asked_for(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.sends(b"a;b\n", "text/csv")
    answer = await make_client().get(upstream.base, endpoint="x", accept="text/csv")
    assert answer.body == b"a;b\n"


async def test_a_body_shorter_than_declared_is_a_failure(upstream: Upstream, make_client: MakeClient) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"dados": [')
        assert request.transport is not None
        request.transport.abort()
        return response

    upstream.handler = cut
    with pytest.raises(UpstreamUnavailable):
        await make_client(max_attempts=1).get(upstream.base, endpoint="x")


async def test_a_refused_connection_is_a_failure(make_client: MakeClient, closed_port: int) -> None:
    client = make_client(max_attempts=2)
    with pytest.raises(UpstreamUnavailable):
        await client.get(f"http://127.0.0.1:{closed_port}/", endpoint="x")
    assert client.snapshot().breaker.failures == 2


@pytest.mark.parametrize("drip", [False, True])
async def test_silence_and_drips_end_at_the_time_limit(upstream: Upstream, make_client: MakeClient, drip: bool) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        if drip:
            await response.prepare(request)
        for _ in range(100):
            await asyncio.sleep(0.05)
            if drip:
                await response.write(b" ")
        return response

    upstream.handler = slow
    client = make_client(max_attempts=2)
    began = time.monotonic()
    with pytest.raises(UpstreamUnavailable, match="too long"):
        await client.get(upstream.base, endpoint="slow", total_timeout=0.2)
    assert time.monotonic() - began < 4, "one slow answer takes 5 s"
    assert client.snapshot().retry_budget == 490.0  # a timeout costs twice
    assert counted("timeout", "slow") >= 2


@pytest.mark.parametrize(
    ("status", "kind"), [(404, RecordGone), (400, UpstreamRequestRefused), (405, UpstreamRequestRefused)]
)
async def test_our_mistakes_and_missing_records_say_nothing_about_upstream(
    upstream: Upstream, make_client: MakeClient, status: int, kind: type[Exception]
) -> None:
    upstream.answers(status)
    client = make_client()
    for _ in range(20):
        with pytest.raises(kind):
            await client.get(upstream.base, endpoint="x")
    assert upstream.asked == 20  # never twice for one call
    assert client.snapshot().breaker.state == "closed"
    assert client.snapshot().breaker.failures == 0


@pytest.mark.parametrize("url", ["http://[bad", "ftp://127.0.0.1/x", "/relative", ""])
async def test_a_url_that_cannot_be_asked_is_our_mistake(make_client: MakeClient, url: str) -> None:
    client = make_client()
    with pytest.raises(UpstreamRequestRefused):
        await client.get(url, endpoint="x")
    assert client.snapshot().breaker.failures == 0


async def test_a_closed_client_says_so(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client()
    await client.close()
    with pytest.raises(RuntimeError, match="closed"):
        await client.get(upstream.base, endpoint="x")
