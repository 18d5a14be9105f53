"""Kept replies on a raw connection: what a kept reply says, and requests in pieces, in a row and with odd headers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

PATH = "/api/v1/bills?limit=3"


@pytest.fixture(scope="module")
async def kept(serve: Any, store: Any, make_bill: Any) -> AsyncIterator[httpx2.AsyncClient]:
    await store([make_bill(number) for number in range(1, 6)])
    async with serve(response_cache_entries=100) as client:
        for _ in range(3):  # the first takes a lease of the limit, and makes the reply
            await client.get(PATH)
        yield client


async def answered_from_kept(client: httpx2.AsyncClient) -> float:
    lines = (await client.get("/metrics")).text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith('legis_replies_total{origin="kept"}'))


async def raw(client: httpx2.AsyncClient, *requests: bytes) -> bytes:
    """What comes back on one connection for these, sent at once; closed by the server after the last."""
    url = client.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        writer.write(b"".join(requests))
        async with asyncio.timeout(60):
            return await reader.read()
    finally:
        writer.close()


def get(target: str, *headers: str, version: str = "1.1") -> bytes:
    lines = "".join(f"{line}\r\n" for line in ("Host: test", *headers))
    return f"GET {target} HTTP/{version}\r\n{lines}\r\n".encode()


LAST = "Connection: close"


async def test_a_kept_reply_is_what_a_made_one_is(kept: httpx2.AsyncClient) -> None:
    other = get(PATH + "&sort=-last_action_at")
    made, again = (await raw(kept, other, get(PATH + "&sort=-last_action_at", LAST))).split(b"HTTP/1.1 200 OK\r\n")[1:]

    def names(reply: bytes) -> set[bytes]:
        varying = (b"x-request-id", b"ratelimit:", b"date", b"connection")
        lines = set(reply.partition(b"\r\n\r\n")[0].lower().split(b"\r\n"))
        return {line for line in lines if not line.startswith(varying)}

    assert made.partition(b"\r\n\r\n")[2] == again.partition(b"\r\n\r\n")[2]
    assert names(made) == names(again)
    for reply in (made, again):
        assert b"\r\nx-request-id: " in reply
        assert b'\r\nratelimit: "default";r=' in reply


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
async def test_what_is_kept_changes_no_other_answer(
    kept: httpx2.AsyncClient, request_bytes: bytes, status: bytes
) -> None:
    reply = await raw(kept, request_bytes, get("/api/v1/nothing", LAST))
    assert reply.split(b" ")[1] == status


async def test_pipelined_requests_are_answered_in_their_order(kept: httpx2.AsyncClient) -> None:
    replies = await raw(kept, get(PATH), get("/api/v1/nothing"), get(PATH), get("/api/v1/nothing", LAST))
    assert [part[:3] for part in replies.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200", b"404"]


async def test_a_current_copy_is_told_so(kept: httpx2.AsyncClient) -> None:
    tag = (await kept.get(PATH)).headers["etag"]
    before = await answered_from_kept(kept)
    reply = await kept.get(PATH, headers={"If-None-Match": tag})
    assert (reply.status_code, reply.content) == (304, b"")
    assert reply.headers["access-control-allow-origin"] == "*"
    other = await kept.get(PATH, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    assert await answered_from_kept(kept) - before == 2


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *pieces: bytes) -> tuple[bytes, bytes]:
    """Head and body of the reply to a request that is sent in pieces."""
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.02 if len(pieces) > 1 else 0)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0] or 0)
    return head, await reader.readexactly(length)


async def test_a_request_may_come_in_pieces(kept: httpx2.AsyncClient) -> None:
    asked, other = get(PATH, "X-Test: again"), get("/api/v1/nothing")
    reader, writer = await asyncio.open_connection(kept.base_url.host, kept.base_url.port)
    async with asyncio.timeout(60):
        replies = [await exchange(reader, writer, asked) for _ in range(3)]
        assert (await exchange(reader, writer, other))[0].startswith(b"HTTP/1.1 404")
        replies.append(await exchange(reader, writer, asked))
        replies.append(await exchange(reader, writer, asked[:9], asked[9:]))
        replies.append(await exchange(reader, writer, asked))
    writer.close()
    assert {body for _, body in replies} == {replies[0][1]}
    assert len({head.partition(b"x-request-id: ")[2][:32] for head, _ in replies}) == len(replies)


async def test_a_body_may_look_like_a_request(kept: httpx2.AsyncClient) -> None:
    asked = get(PATH, "X-Test: body")
    reader, writer = await asyncio.open_connection(kept.base_url.host, kept.base_url.port)
    async with asyncio.timeout(60):
        await exchange(reader, writer, asked)
        head, _ = await exchange(reader, writer, get(PATH, f"Content-Length: {len(asked)}"), asked)
    writer.close()
    assert head.startswith(b"HTTP/1.1 413")


async def test_letters_in_the_target_may_be_sent_as_they_are_typed(kept: httpx2.AsyncClient) -> None:
    reply = await raw(kept, get("/api/v1/bills?q=educa\u00e7\u00e3o", LAST))
    escaped = await raw(kept, get("/api/v1/bills?q=educa%C3%A7%C3%A3o", LAST))
    assert reply.startswith(b"HTTP/1.1 200")
    assert reply.partition(b"\r\n\r\n")[2] == escaped.partition(b"\r\n\r\n")[2]


async def test_a_query_that_only_looks_like_waiting_is_kept_and_shared(kept: httpx2.AsyncClient) -> None:
    for path in (
        "/api/v1/bills?q=wait=1",
        "/api/v1/changes?epoch=x&field=title&limit=5",
        "/api/v1/bills?q=min_seq=3",
    ):
        assert (await kept.get(path)).status_code in (200, 410), path
        before = await answered_from_kept(kept)
        again = await kept.get(path)
        if again.status_code == 200:
            assert await answered_from_kept(kept) - before == 1, path
    before = await answered_from_kept(kept)
    for _ in range(2):
        assert (await kept.get("/api/v1/changes?w%61it=1&limit=5")).status_code == 200
    assert await answered_from_kept(kept) == before, "a name may be written with escapes"


async def test_our_proxy_is_told_what_it_may_keep(serve: Any) -> None:
    async with serve(response_cache_entries=10, proxy_cache=True) as client:
        for _ in range(2):  # the second time from the cache
            reply = await client.get(PATH)
            assert reply.headers.get_list("cache-control") == [
                "public, max-age=1, stale-while-revalidate=2, stale-if-error=600"
            ]
            assert reply.headers["x-public-cache-control"].startswith("public, max-age=30, ")
            assert "date" in reply.headers
        current = await client.get(PATH, headers={"If-None-Match": reply.headers["etag"]})
        assert current.status_code == 304
        assert current.headers["x-public-cache-control"].startswith("public, max-age=30, ")
        missing = await client.get("/api/v1/nothing")
        assert missing.headers["cache-control"] == missing.headers["x-public-cache-control"] == "no-store"
