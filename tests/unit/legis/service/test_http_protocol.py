"""What a person types after `curl` reaches the application; what never ends is not waited for."""

import asyncio
import inspect
import itertools
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from legis.service.http_protocol import HttpProtocol, quote_request_line
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

SECONDS = 0.4
WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def test_letters_in_the_target_are_percent_encoded() -> None:
    data = "GET /api/v1/bills?q=educação HTTP/1.1\r\nHost: x\r\n\r\n".encode()

    assert quote_request_line(data) == b"GET /api/v1/bills?q=educa%C3%A7%C3%A3o HTTP/1.1\r\nHost: x\r\n\r\n"


def test_headers_and_bodies_are_left_alone() -> None:
    header = b"GET / HTTP/1.1\r\nX-Name: Jos\xe9\r\n\r\n"
    body = b"\xff\xfe binary HTTP/9"

    assert quote_request_line(header) == header
    assert quote_request_line(body) == body


async def test_uvicorn_has_the_names_that_we_use() -> None:
    config = uvicorn.Config(_slow_reply, http=HttpToolsProtocol, lifespan="off")
    config.load()
    protocol = HttpToolsProtocol(config, ServerState(), {})
    state = {"cycle", "transport", "server_state"}
    methods = {"connection_made", "data_received", "connection_lost", "on_message_begin", "on_headers_complete",
               "on_message_complete", "send_400_response"}  # fmt: skip
    assert state <= vars(protocol).keys()
    assert methods <= vars(HttpToolsProtocol).keys()
    assert hasattr(protocol.server_state, "default_headers")
    assigned = set(re.findall(r"self\.(\w+)(?:: [^=]+)? = ", inspect.getsource(RequestResponseCycle.__init__)))
    assert {"response_complete", "disconnected", "message_event"} <= assigned


_waiting: list[Any] = []
"""Requests that wait for their client's end."""


class _Impatient(HttpProtocol):
    receive_seconds = SECONDS


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves the test runner's signal handlers alone."""
        yield


async def _slow_reply(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"] == "/slow":
        await asyncio.sleep(3 * SECONDS)
    if scope["path"] == "/until-left":
        _waiting.append(scope)
        while (await receive())["type"] != "http.disconnect":
            pass
        _waiting.remove(scope)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def _until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        for _ in itertools.repeat(None):
            if true():
                break
            await asyncio.sleep(0.01)


@pytest.fixture
async def server() -> AsyncIterator[Any]:
    config = uvicorn.Config(_slow_reply, port=0, http=_Impatient, log_config=None, lifespan="off")
    found = _Server(config)
    task = asyncio.create_task(found.serve())
    await _until(lambda: found.started)
    yield found
    found.should_exit = True
    await task


async def _closed(server: Any, *pieces: bytes, drip: bytes = b"", every: float = 0) -> bytes:
    """What came back until the server closed the connection. Raises TimeoutError where it does not."""
    reader, writer = await asyncio.open_connection(*server.servers[0].sockets[0].getsockname()[:2])
    answered = asyncio.create_task(reader.read())
    try:
        for piece in pieces:
            writer.write(piece)
        async with asyncio.timeout(10 * SECONDS):
            for _ in itertools.repeat(None):
                await asyncio.wait([answered], timeout=every or None)
                if answered.done():
                    return answered.result()
                writer.write(drip)
        raise AssertionError
    finally:
        answered.cancel()
        writer.transport.abort()


@pytest.mark.parametrize(
    ("sent", "drip"),
    [
        (b"", b""),
        (b"GET / HTTP/1.1\r\nHost:", b""),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"a"),
        (WHOLE + b"GET / HT", b""),
        (WHOLE, b"\r\n"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", b"a"),
    ],
    ids=["silent", "half a head", "slow head", "half a second head", "empty lines", "slow body"],
)
async def test_a_request_that_never_ends_is_closed(server: Any, sent: bytes, drip: bytes) -> None:
    replies = await _closed(server, sent, drip=drip, every=SECONDS / 4 if drip else 0)
    assert replies.count(b"200 OK") == (1 if sent.startswith((WHOLE, b"POST")) else 0)


async def test_two_hundred_half_open_connections_are_all_closed(server: Any) -> None:
    await asyncio.gather(*(_closed(server, b"GET / HTTP/1.1\r\nHo") for _ in range(200)))
    await _until(lambda: not server.server_state.connections)


async def test_whoever_waits_for_a_reply_or_rests_between_two_is_not_closed(server: Any) -> None:
    reader, writer = await asyncio.open_connection(*server.servers[0].sockets[0].getsockname()[:2])
    for path in (b"/slow", b"/"):  # the reply takes longer than a request may
        writer.write(WHOLE.replace(b"/ ", path + b" ", 1))
        async with asyncio.timeout(10 * SECONDS):
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 OK")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), 2 * SECONDS)
    writer.close()


async def test_a_request_that_others_are_pipelined_behind_hears_that_its_client_left(
    server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection(*server.servers[0].sockets[0].getsockname()[:2])
    writer.write(WHOLE.replace(b"/ ", b"/until-left ", 1) + WHOLE)
    await _until(lambda: _waiting)
    writer.transport.abort()
    await _until(lambda: not _waiting and not server.server_state.tasks)
    assert not [record for record in caplog.records if record.exc_info]
