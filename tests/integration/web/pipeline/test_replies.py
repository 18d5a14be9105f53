"""What every reply of the public API has."""

import asyncio
import socket
from typing import Any

import httpx2
import pytest
from isal import igzip
from legis.telemetry.traces import configure, sampling
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

Client = httpx2.AsyncClient

ANY_PATHS = ["/api/v1/bills", "/api/v1/nothing", "/api/v1/bills?x=1", "/api/health", "/docs", "/metrics", "/"]


@pytest.mark.parametrize("path", ANY_PATHS)
async def test_every_reply_may_be_read_from_any_origin(api: Client, path: str) -> None:
    reply = await api.get(path, headers={"Origin": "https://app.example"})
    assert reply.headers.get_list("access-control-allow-origin") == ["*"]
    assert "ratelimit" in reply.headers["access-control-expose-headers"].lower()
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["x-request-id"]
    assert "server" not in reply.headers
    again = await api.get(path, headers={"If-None-Match": reply.headers.get("etag", '"none"')})
    assert again.headers.get_list("access-control-allow-origin") == ["*"]


async def test_a_preflight_is_answered(api: Client) -> None:
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    reply = await api.options("/api/v1/bills", headers=asked)
    assert reply.status_code == 204
    assert "GET" in reply.headers["access-control-allow-methods"]
    assert "If-None-Match" in reply.headers["access-control-allow-headers"]


async def test_other_requests_for_options_get_no_answer_to_a_preflight(api: Client) -> None:
    reply = await api.options("/api/v1/bills")
    assert (reply.status_code, reply.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert "access-control-allow-methods" not in reply.headers
    assert "access-control-max-age" not in reply.headers


async def test_ids_of_the_caller_are_taken_and_given_back(api: Client) -> None:
    configure("web", endpoint=None, ratio=1.0, file=None)
    trace = "0af7651916cd43dd8448eb211c80319c"
    sent = {"X-Request-ID": "my-id-1", "traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    reply = await api.get("/api/v1/bills/camara-404", headers=sent)
    assert reply.headers["x-request-id"] == "my-id-1"
    assert reply.headers["traceparent"].split("-")[1] == trace
    assert reply.json()["trace_id"] == trace
    assert reply.json()["instance"] == "/api/v1/bills/camara-404"
    forged = await api.get("/", headers={"X-Request-ID": "a b\tc"})
    assert forged.headers["x-request-id"] != "a b\tc"


async def test_a_request_is_one_span_named_by_its_route(cached: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    spans = InMemorySpanExporter()
    traces = configure("web", endpoint=None, ratio=1.0, file=None)
    traces.provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(sampling, "share", 1.0)  # as it is where they are exported
    for _ in range(2):  # the second time from the cache
        spans.clear()
        await cached.get("/api/v1/bills/camara-2")
        for _ in range(500):  # the reply is out before its span ends
            if spans.get_finished_spans():
                break
            await asyncio.sleep(0.01)
        (span,) = spans.get_finished_spans()
        assert span.name == "GET /api/v1/bills/{bill_id}"
        assert dict(span.attributes or {})["http.response.status_code"] == 200
    spans.clear()
    await cached.get("/api/health")
    assert spans.get_finished_spans() == ()
    monkeypatch.setattr(sampling, "share", 0.0)
    await cached.get("/api/v1/bills/camara-2")
    await asyncio.sleep(0.1)
    assert spans.get_finished_spans() == (), "a kept reply that nobody wants traced costs no span"
    sent = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    joined = await cached.get("/api/v1/bills/camara-2", headers=sent)
    assert joined.headers["traceparent"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize("path", ["/api/v1/bills/camara-3", "/api/v1/bills?limit=3", "/api/v1/changes?limit=2"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_a_kept_reply_bears_all_that_a_made_one_does(cached: Client, path: str, encoding: str) -> None:
    def counted(text: str) -> float:
        lines = [line for line in text.splitlines() if line.startswith("http_requests_total{")]
        return sum(float(line.split()[-1]) for line in lines)

    before = counted((await cached.get("/metrics")).text)
    replies = [await cached.get(path, headers={"Accept-Encoding": encoding}) for _ in range(3)]
    assert counted((await cached.get("/metrics")).text) - before == 3
    first, *others = replies
    own = {"date", "x-request-id", "ratelimit", "traceparent"}
    for reply in others:
        assert reply.content == first.content
        for name in (set(first.headers) | set(reply.headers)) - own:
            assert reply.headers.get_list(name) == first.headers.get_list(name), name
        assert set(reply.headers) >= {"x-request-id", "ratelimit"}
    assert len({reply.headers["x-request-id"] for reply in replies}) == 3
    left = [int(reply.headers["ratelimit"].split("r=")[1].split(";")[0]) for reply in replies]
    assert left[0] > left[1] > left[2] or left[2] > left[0], "one less each time, unless a minute turned"
    asked = await cached.request("GET", path, content=b"{}")
    assert asked.status_code == 413, "no body is taken, whatever is kept"


@pytest.mark.parametrize("path", ["/api/v1/bills", "/api/v1/bills/camara-1", "/api/v1/changes", "/api/v1/stats"])
async def test_a_known_reply_is_not_sent_again(settled: Client, path: str) -> None:
    cached = settled
    for _ in range(2):  # the second time from the cache
        reply = await cached.get(path)
        etag = reply.headers["etag"]
        assert etag.startswith('W/"'), "when the sources were read is in the body and not in the tag"
        assert "max-age=30, stale-while-revalidate=60, stale-if-error=86400" in reply.headers["cache-control"]
        assert reply.headers["vary"] == "Accept, Accept-Encoding"
        same = await cached.get(path, headers={"If-None-Match": f'"x", {etag.removeprefix("W/")}'})
        assert same.status_code == 304
        assert same.content == b""
        assert same.headers["etag"] == etag
        assert same.headers["cache-control"] == reply.headers["cache-control"]
        assert "ratelimit" in same.headers
        other = await cached.get(path, headers={"If-None-Match": '"other"'})
        assert other.status_code == 200
        if path == "/api/v1/stats":  # counted again now and then, whatever the change log says
            assert "last-modified" not in reply.headers
            continue
        since = await cached.get(path, headers={"If-Modified-Since": reply.headers["last-modified"]})
        assert since.status_code == 304
        older = await cached.get(path, headers={"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"})
        assert older.status_code == 200


async def test_compressed_and_plain_replies_have_tags_of_their_own(cached: Client) -> None:
    zipped = await cached.get("/api/v1/bills", headers={"Accept-Encoding": "gzip"})
    plain = await cached.get("/api/v1/bills", headers={"Accept-Encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert zipped.content == plain.content
    assert zipped.headers["etag"] != plain.headers["etag"]
    assert int(zipped.headers["content-length"]) == len(igzip.compress(plain.content, 1, mtime=0))
    refused = await cached.get("/api/v1/bills", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


@pytest.mark.parametrize(
    "path", ["/api/v1/bills", "/api/health", "/docs", "/api/v1/bills/camara-404", "/static/docs-init.js"]
)
async def test_head_gives_the_headers_of_get(api: Client, path: str) -> None:
    got, head = await api.get(path), await api.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
    if "trace_id" not in got.text and path != "/api/health":
        assert head.headers["content-length"] == got.headers["content-length"]
        assert head.headers.get("etag") == got.headers.get("etag")


async def test_a_dead_redis_costs_nobody_a_reply(serve: Any) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        async with serve(redis_url=f"redis://127.0.0.1:{port}/0", rate_limit_per_minute=50) as client:
            replies = [await client.get("/api/v1/bills?limit=1") for _ in range(20)]
            assert {r.status_code for r in replies} == {200}
            assert "ratelimit" in replies[-1].headers
            for _ in range(100):  # until the first round of checks is over
                health = await client.get("/api/health")
                if health.status_code == 200:
                    break
                await asyncio.sleep(0.1)
            assert health.json()["status"] == "degraded"
            assert health.json()["checks"]["redis"]["status"] == "failing"


async def test_the_address_of_the_next_page_is_absolute_where_the_base_is_known(serve: Any) -> None:
    async with serve(public_base_url="https://legis.example/") as client:
        page = (await client.get("/api/v1/bills?limit=1&type=PL")).json()["page"]
        assert page["next"].startswith("https://legis.example/api/v1/bills?")
        assert "type=PL" in page["next"]


async def test_documentation_needs_no_other_host(api: Client) -> None:
    for path in ("/docs", "/redoc"):
        page = await api.get(path)
        assert page.status_code == 200
        assert "http" not in page.text.replace("http-equiv", "")
        scripts = [part.split('"')[0] for part in page.text.split('src="')[1:]]
        assert scripts
        for script in scripts + [part.split('"')[0] for part in page.text.split('href="')[1:]]:
            asset = await api.get(script)
            assert asset.status_code == 200, script
        assert "<script>" not in page.text
    assert (await api.get("/openapi.json")).json()["openapi"].startswith("3.1")
