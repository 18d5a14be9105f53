"""Kept replies on the connection itself: the same reply, and everything unusual left to the application."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from api_gateway.web.pipeline.kept_at_once import KeptAtOnce
from legis.service import at_once

PATH = "/api/v1/bills?limit=3"


@pytest.fixture(scope="module")
async def kept(serve: Any, store: Any, make_bill: Any) -> AsyncIterator[httpx2.AsyncClient]:
    await store([make_bill(number) for number in range(1, 6)])
    async with serve(response_cache_entries=100) as client:
        for _ in range(3):  # the first takes a portion of the limit, and makes the reply
            await client.get(PATH)
        yield client


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the connection itself answered, for each request that it was asked about."""
    answered: list[bool] = []
    inner = KeptAtOnce.__call__

    def ask(self: KeptAtOnce, *asked: Any) -> Any:
        found = inner(self, *asked)
        answered.append(found is not None)
        return found

    monkeypatch.setattr(KeptAtOnce, "__call__", ask)
    return answered


async def raw(client: httpx2.AsyncClient, *requests: bytes) -> bytes:
    """What comes back on one connection for these, sent at once; closed by the server after the last."""
    url = client.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        writer.write(b"".join(requests))
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()


def get(target: str, *headers: str, version: str = "1.1") -> bytes:
    lines = "".join(f"{line}\r\n" for line in ("Host: test", *headers))
    return f"GET {target} HTTP/{version}\r\n{lines}\r\n".encode()


LAST = "Connection: close"


async def test_a_kept_reply_is_what_the_application_says(kept: httpx2.AsyncClient, door: list[bool]) -> None:
    plain = (await raw(kept, get(PATH), get(PATH, LAST))).split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert door == [True], "the second says that the connection closes, so it was not even asked"
    at_once, usual = (one.partition(b"\r\n\r\n") for one in plain)
    assert at_once[2] == usual[2]

    def names(head: bytes) -> set[bytes]:
        varying = (b"x-request-id", b"ratelimit", b"date", b"connection")
        lines = {line for line in head.lower().split(b"\r\n")}
        return {line for line in lines if not line.startswith(varying)}

    assert names(at_once[0]) == names(usual[0])
    assert b"\r\nx-request-id: " in at_once[0]
    assert b'\r\nratelimit: "default";r=' in at_once[0]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (get(PATH, "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), b"200"),
        (get(PATH, "Content-Length: 2") + b"{}", b"413"),
        (get(PATH, "Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n\r\n", b"413"),
        (get(PATH, version="1.0"), b"200"),
        (get(PATH, "Expect: 100-continue"), b"200"),
        (get(PATH + "&" * 600), b"200"),
        (get(PATH).replace(b"GET", b"HEAD"), b"200"),
        (get(PATH).replace(b"GET", b"POST"), b"405"),
    ],
)
async def test_whatever_is_unusual_is_the_applications(
    kept: httpx2.AsyncClient, door: list[bool], request_bytes: bytes, status: bytes
) -> None:
    reply = await raw(kept, request_bytes, get("/api/v1/nothing", LAST))
    assert reply.split(b" ")[1] == status
    assert True not in door


async def test_pipelined_requests_are_answered_in_their_order(kept: httpx2.AsyncClient, door: list[bool]) -> None:
    replies = await raw(kept, get(PATH), get("/api/v1/nothing"), get(PATH), get("/api/v1/nothing", LAST))
    assert [part[:3] for part in replies.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200", b"404"]
    assert door[0], "the first had nothing before it"


async def test_a_current_copy_is_told_so_at_once(kept: httpx2.AsyncClient, door: list[bool]) -> None:
    tag = (await kept.get(PATH)).headers["etag"]
    door.clear()
    reply = await kept.get(PATH, headers={"If-None-Match": tag})
    assert (reply.status_code, reply.content) == (304, b"")
    assert reply.headers["access-control-allow-origin"] == "*"
    other = await kept.get(PATH, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    assert all(door)


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *pieces: bytes) -> tuple[bytes, bytes]:
    """Head and body of the reply to a request that is sent in pieces."""
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.02 if len(pieces) > 1 else 0)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0] or 0)
    return head, await reader.readexactly(length)


async def test_a_request_that_comes_again_byte_for_byte_is_not_parsed_again(
    kept: httpx2.AsyncClient, door: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = 0
    begin = at_once.AtOnceProtocol.on_message_begin

    def counted(self: Any) -> None:
        nonlocal parsed
        parsed += 1
        begin(self)

    monkeypatch.setattr(at_once.AtOnceProtocol, "on_message_begin", counted)
    asked, other = get(PATH, "X-Test: again"), get("/api/v1/nothing")
    reader, writer = await asyncio.open_connection(kept.base_url.host, kept.base_url.port)
    async with asyncio.timeout(10):
        replies = [await exchange(reader, writer, asked) for _ in range(3)]
        assert (parsed, len(door)) == (1, 3), "known by its bytes"
        assert (await exchange(reader, writer, other))[0].startswith(b"HTTP/1.1 404")
        replies.append(await exchange(reader, writer, asked))
        replies.append(await exchange(reader, writer, asked[:9], asked[9:]))
        assert parsed == 3, "one in pieces is"
        replies.append(await exchange(reader, writer, asked))
    writer.close()
    assert {body for _, body in replies} == {replies[0][1]}
    assert len({head.partition(b"x-request-id: ")[2][:32] for head, _ in replies}) == len(replies)


async def test_bytes_that_are_known_as_a_request_may_be_a_body(kept: httpx2.AsyncClient, door: list[bool]) -> None:
    asked = get(PATH, "X-Test: body")
    reader, writer = await asyncio.open_connection(kept.base_url.host, kept.base_url.port)
    async with asyncio.timeout(10):
        await exchange(reader, writer, asked)
        door.clear()
        head, _ = await exchange(reader, writer, get(PATH, f"Content-Length: {len(asked)}"), asked)
    writer.close()
    assert head.startswith(b"HTTP/1.1 413")
    assert True not in door


async def test_a_connection_that_only_asks_what_is_known_ends_when_it_falls_silent(
    kept: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = at_once.AtOnceProtocol.__init__

    def hasty(self: Any, *rest: Any, **named: Any) -> None:
        made(self, *rest, **named)
        self.timeout_keep_alive = 0.4

    monkeypatch.setattr(at_once.AtOnceProtocol, "__init__", hasty)
    asked = get(PATH, "X-Test: silence")
    reader, writer = await asyncio.open_connection(kept.base_url.host, kept.base_url.port)
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(10):
        for _ in range(4):
            await exchange(reader, writer, asked)
            await asyncio.sleep(0.2)
        last = loop.time()
        await exchange(reader, writer, asked)
        assert await reader.read() == b"", "closed by the server"
    writer.close()
    assert 0.3 < loop.time() - last < 2
