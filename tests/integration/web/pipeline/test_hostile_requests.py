"""What the public API answers to a request that it cannot take."""

import asyncio
import contextlib

import httpx2
import pytest
from api_gateway.web.params.cursor import encode_key, question_hash
from api_gateway.web.params.parameters import BillParameters
from structlog.testing import capture_logs

Client = httpx2.AsyncClient


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/v1/bills/", 404),
        ("POST", "/api/v1/bills", 405),
        ("DELETE", "/api/v1/bills/camara-1", 405),
        ("GET", "/api/v1/bills?q=" + "a" * 9000, 414),
        ("GET", "/api/v1/sources?x=1", 400),
        ("GET", "/api/health?x=1", 400),
        ("GET", "/api/v1/changes?after=9223372036854775808", 400),
        ("GET", "/api/v1/changes?after=-1", 400),
        ("GET", "/api/v1/changes?wait=31", 400),
        ("GET", "/api/v1/bills/camara-1?as_of=soon", 400),
        ("GET", "/api/v1/bills/camara-1/actions?kind=VOTE", 400),
        ("GET", "/api/v1/bills/camara-1/actions?cursor=" + "A" * 900, 400),
        ("GET", "/api/v1/resolve", 400),
        ("GET", "/api/v1/resolve?q=" + "%22" * 600, 400),
        ("GET", "/static/docs-init.js?1", 400),
        ("GET", "/openapi.json?1", 400),
        ("GET", "/docs?1", 400),
    ],
)
async def test_every_error_is_a_problem(api: Client, method: str, path: str, status: int) -> None:
    reply = await api.request(method, path)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    body = reply.json()
    assert body["status"] == status
    assert {"type", "title", "status", "detail", "instance", "errors", "trace_id"} <= set(body)
    assert reply.headers["traceparent"].split("-")[1] == body["trace_id"]
    if status == 405:
        assert reply.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_a_body_is_refused(api: Client) -> None:
    reply = await api.request("GET", "/api/v1/bills", content=b"{}")
    assert reply.status_code == 413
    assert reply.json()["title"] == "No body taken"


HOSTILE = [
    b"q=%00", b"q=a%00b", b"q=%ED%A0%80", b"q=%FF%FE", b"q=" + b"%27" * 2700, b"q=" + b'"' * 8000,
    b"number=9223372036854775808", b"number=1.5", b"year=99999999999999999999999", b"limit=-1", b"limit=1e9",
    b"cursor=%00", b"cursor=" + b"A" * 5000, b"ids=%00", b"urns=" + b"%F0%9F%92%A9" * 600, b"author=%00",
    b"changed_since=9999-12-31T23:59:59-23:59", b"last_action_from=0001-01-01T00:00:00+23:59",
    b"introduced_from=0000-01-01", b"sort=%00", b"fields=" + b"id," * 200, b"%00=1", b"q=a&q=", b"=&=&=", b"&" * 9000,
    b"q" + b"[" * 4000 + b"=1", b"number=" + b"0" * 20 + b"9" * 30, b"year=" + b"0" * 20 + b"9" * 30,
    b"number=%E1%8D%A9", b"year=%C2%B2",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=[repr(q[:30]) for q in HOSTILE])
@pytest.mark.parametrize("path", ["/api/v1/bills", "/api/v1/changes"])
async def test_hostile_input_is_the_callers_fault(api: Client, path: str, query: bytes) -> None:
    url = api.base_url.copy_with(raw_path=path.encode() + b"?" + query)
    reply = await api.get(url)
    assert 400 <= reply.status_code < 500, reply.text
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("text", ["lei 123 de ፩፩", "lei 123 de ²²", "lei ²²² de 90", "٣٣٣", "²" * 40])
@pytest.mark.parametrize("path", ["/api/v1/bills", "/api/v1/changes", "/api/v1/bills/suggest"])
async def test_digits_of_other_scripts_are_text(api: Client, path: str, text: str) -> None:
    assert (await api.get(path, params={"q": text})).status_code == 200


@pytest.mark.parametrize("number", ["9" * 5000, "0" * 3000 + "9" * 30, "²", "x." + "9" * 40])
async def test_an_event_id_that_is_no_place_is_refused(api: Client, number: str) -> None:
    reply = await api.get("/api/v1/changes/stream", headers={"Last-Event-ID": number.encode()})
    assert (reply.status_code, reply.json()["errors"][0]["parameter"]) == (400, "Last-Event-ID")


@pytest.mark.parametrize("place", ["abc", "9" * 30, "-1", "²"])
async def test_a_forged_cursor_of_a_past_list_is_refused(api: Client, place: str) -> None:
    asked = BillParameters(ids=["camara-1"], as_of="2026-01-01")
    forged = encode_key((place, "", 1), question_hash("/api/v1/bills", asked))
    reply = await api.get("/api/v1/bills", params={"ids": "camara-1", "as_of": "2026-01-01", "cursor": forged})
    assert (reply.status_code, reply.json()["errors"][0]["parameter"]) == (400, "cursor")


async def test_a_date_beyond_all_dates_is_no_condition(api: Client) -> None:
    for since in ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Mon, 01 Jun 2026 00:00:00 +99999999999999"):
        assert (await api.get("/api/v1/bills", headers={"If-Modified-Since": since})).status_code == 200


async def test_a_mebibyte_of_address_ends_as_a_client_error(api: Client) -> None:
    port = api.base_url.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET /api/v1/bills?q=" + b"a" * 2**20 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        await writer.drain()
        line = await asyncio.wait_for(reader.readline(), 60)
    finally:
        writer.transport.abort()  # a megabyte may still wait to be sent, and close() would wait for it
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    assert line.split()[1] in (b"400", b"414", b"431")
    assert (await api.get("/api/health/live")).status_code == 200


FORGED = b'%0d%0a{"event":"forged"}'


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /api/v1/bills/" + FORGED + b" HTTP/1.1\r\nHost: x\r\n",
        b"GET /api/v1/bills?forged=" + FORGED + b" HTTP/1.1\r\nHost: x\r\n",
        b"GET /api/v1/nothing HTTP/1.1\r\nHost: x\r\nX-Request-ID: forged {}\r\n",
        b"GET /api/v1/bills HTTP/1.1\r\nHost: x\r\nX-API-Key: forged\r\nX-Request-ID: \xe2\x80\xa8forged\r\n",
        b"DELETE /api/v1/bills HTTP/1.1\r\nHost: forged\r\nUser-Agent: forged\r\nX-Forwarded-For: forged\r\n",
    ],
)
async def test_what_a_client_writes_is_not_what_is_logged(api: Client, sent: bytes) -> None:
    with capture_logs() as logged:
        reader, writer = await asyncio.open_connection("127.0.0.1", api.base_url.port)
        writer.write(sent + b"Connection: close\r\n\r\n")
        assert (await asyncio.wait_for(reader.read(), 60)).startswith(b"HTTP/1.1 4")
        writer.close()
    assert [one["event"] for one in logged if one["event"] == "request"] == ["request"]
    assert "forged" not in repr(logged)
