"""The upstream client against a real HTTP server that misbehaves on purpose."""

import asyncio
import contextlib
import gzip
import hashlib
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from legis.domain.vocabulary import Source
from legis.errors import (
    BreakerOpen,
    RecordGone,
    UpstreamBlocked,
    UpstreamRateLimited,
    UpstreamRequestRefused,
    UpstreamUnavailable,
)
from legis.upstream import BreakerPolicy, UpstreamClient, UpstreamPolicy, watch
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from prometheus_client import REGISTRY

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Upstream:
    """A server whose answer the test chooses; it remembers when it was asked, and by whom."""

    base: str = ""
    handler: Handler | None = None
    asked_at: list[float] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked_at.append(time.monotonic())
        self.requests.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            assert self.handler is not None
            return await self.handler(request)
        finally:
            self.at_once -= 1

    @property
    def asked(self) -> int:
        return len(self.asked_at)

    def busiest_second(self) -> int:
        return max(sum(start <= one < start + 1.0 for one in self.asked_at) for start in self.asked_at)

    def answers(self, *statuses: int, headers: dict[str, str] | None = None) -> None:
        """Answers with each status in turn, then always with the last."""
        left = list(statuses)

        async def handler(_request: web.Request) -> web.StreamResponse:
            status = left.pop(0) if len(left) > 1 else left[0]
            if status == 200:
                return web.json_response({"dados": []})
            return web.Response(status=status, text="<html>no</html>", content_type="text/html", headers=headers)

        self.handler = handler

    def sends(self, body: bytes, content_type: str = "application/json", **headers: str) -> None:
        """Answers 200 with this body."""

        async def handler(_request: web.Request) -> web.StreamResponse:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return web.Response(body=body, headers={"Content-Type": content_type, **named})

        self.handler = handler


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    server = Upstream()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


MakeClient = Callable[..., UpstreamClient]


@pytest.fixture
async def make_client() -> AsyncIterator[MakeClient]:
    made: list[UpstreamClient] = []

    def make(**changes: Any) -> UpstreamClient:
        policy: dict[str, Any] = {
            "source": Source.CAMARA,
            "user_agent": "legis-test/1",
            "requests_per_second": 500,
            "max_in_flight": 8,
            "total_timeout": 5.0,
            "max_body_bytes": 1024 * 1024,
            "retry_base_seconds": 0.001,
            "blocked_pause_seconds": 60.0,
            "redirect_hosts": frozenset({"127.0.0.1"}),
            **changes,
        }
        made.append(UpstreamClient(UpstreamPolicy(**policy)))
        return made[-1]

    yield make
    for client in made:
        await client.close()


def counted(outcome: str, endpoint: str) -> float:
    labels = {"source": "camara", "endpoint": endpoint, "outcome": outcome}
    return REGISTRY.get_sample_value("legis_upstream_requests_total", labels) or 0.0


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


async def test_a_refused_connection_is_a_failure(make_client: MakeClient, unused_tcp_port: int) -> None:
    client = make_client(max_attempts=2)
    with pytest.raises(UpstreamUnavailable):
        await client.get(f"http://127.0.0.1:{unused_tcp_port}/", endpoint="x")
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
    assert time.monotonic() - began < 1.5
    assert client.snapshot().retry_budget == 490.0  # a timeout costs twice
    assert counted("timeout", "slow") >= 2


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


async def test_one_429_pauses_every_caller_and_is_no_failure(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(429, 200, headers={"Retry-After": "1"})
    client = make_client()
    first = asyncio.create_task(client.get(upstream.base, endpoint="x"))
    await asyncio.sleep(0.2)
    assert client.snapshot().paused_until is not None
    others = [asyncio.create_task(client.get(upstream.base, endpoint="x")) for _ in range(5)]
    await asyncio.gather(first, *others)
    assert upstream.asked == 7
    assert upstream.asked_at[1] - upstream.asked_at[0] >= 1.0
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
    assert blocked.value.retry_after == 60.0
    for _ in range(20):
        with pytest.raises(UpstreamBlocked):
            await client.get(upstream.base, endpoint="x")
    assert upstream.asked == 1
    snapshot = client.snapshot()
    assert snapshot.breaker.state == "closed"
    assert snapshot.paused_until is not None


async def test_those_queued_when_we_are_blocked_do_not_ask(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.answers(403)
    client = make_client(requests_per_second=10)
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
    assert time.monotonic() - began < 0.9


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


async def test_no_more_at_once_than_promised(upstream: Upstream, make_client: MakeClient) -> None:
    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.05)
        return web.json_response({})

    upstream.handler = slow
    client = make_client(max_in_flight=3)
    await asyncio.gather(*(client.get(upstream.base, endpoint="x") for _ in range(15)))
    assert upstream.most_at_once == 3


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
        for _ in range(100):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response

    upstream.handler = handler
    client = make_client(requests_per_second=2, max_attempts=1, total_timeout=1.0)
    began = time.monotonic()
    with pytest.raises(UpstreamUnavailable, match="too long"):
        await client.get(f"{upstream.base}/old", endpoint="x")
    assert 0.9 < time.monotonic() - began < 1.4
    assert upstream.asked == 2
    assert upstream.asked_at[1] - upstream.asked_at[0] >= 0.45


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
    await asyncio.wait_for(client.get(upstream.base, endpoint="x"), 2)
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


# --- streams ------------------------------------------------------------------------------------------------------


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
    assert 0.3 < time.monotonic() - began < 2.0


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
    await asyncio.wait_for(client.get(upstream.base, endpoint="x"), 2)
    assert client.snapshot().breaker.failures == 0


# --- spans --------------------------------------------------------------------------------------------------------


async def test_each_attempt_is_a_client_span(
    upstream: Upstream, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(watch, "_tracer", provider.get_tracer("test"))
    upstream.answers(503, 200)
    with provider.get_tracer("test").start_as_current_span("caller") as caller:
        await make_client().get(upstream.base, endpoint="x", params={"token": "abc", "a": 1})
    first, second = spans.get_finished_spans()[:2]
    assert [span.kind for span in (first, second)] == [SpanKind.CLIENT, SpanKind.CLIENT]
    assert all(span.parent and span.parent.span_id == caller.get_span_context().span_id for span in (first, second))
    assert first.attributes is not None
    assert first.attributes["http.response.status_code"] == 503
    assert first.attributes["error.type"] == "server_error"
    assert first.attributes["legis.outcome"] == "server_error"
    assert first.status.status_code is StatusCode.ERROR
    assert first.events[0].name == "exception"
    assert second.attributes is not None
    assert second.attributes["http.request.resend_count"] == 1
    assert second.attributes["http.response.body.size"] == 13
    assert second.attributes["url.full"] == f"{upstream.base}/?token=REDACTED&a=1"
    assert second.status.status_code is StatusCode.UNSET
