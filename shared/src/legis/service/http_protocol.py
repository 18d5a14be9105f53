"""uvicorn's HTTP protocol with four additions: a time limit for receiving a request, non-ASCII letters in its address,
a problem document for input that is not HTTP, and cancellation of every pipelined request whose client has left.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from legis.languages import Text
from legis.service.problems import problem

RECEIVE_SECONDS = 10.0
"""Seconds within which a request must have arrived completely, counted from the start of the connection or the end of
the request before. Requests to our APIs fit into one packet. uvicorn itself limits only connections after their first
reply.
"""

_NOT_HTTP = Text("This is not a request of HTTP/1.1.", "Isto não é uma requisição HTTP/1.1.")
_QUOTED = {byte: f"%{byte:02X}".encode() for byte in range(0x80, 0x100)}


class HttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol, extended: it closes connections whose request never ends, and reads `?q=educação` as
    `?q=educa%C3%A7%C3%A3o` instead of refusing the request.

    `uvicorn.Config(http=…)` accepts a protocol class; `connection_made`, `data_received` and `connection_lost` belong
    to asyncio, the methods that begin with `on_` to httptools. `send_400_response`, `cycle`, `transport` and
    `server_state` are uvicorn's, without an underscore and without a promise: a test asks the pinned release for them.
    """

    receive_seconds = RECEIVE_SECONDS

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request_whole = False
        self.receive_timer: asyncio.TimerHandle | None = None
        self.open_cycles: list[RequestResponseCycle] = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the time limit of the first request."""
        super().connection_made(transport)
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        """Receives bytes of the connection; changes them only if a request line begins in them."""
        self.request_whole = False
        super().data_received(data if data.isascii() else quote_request_line(data))
        if not self.request_whole:
            self._start_timer()

    def on_message_begin(self) -> None:
        """The parser found the first byte of a request, possibly of one that follows another in the same packet."""
        self.request_whole = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The parser found the end of a request's headers: uvicorn begins to answer the request, or queues it."""
        super().on_headers_complete()
        self.open_cycles = [one for one in self.open_cycles if not one.response_complete]
        self.open_cycles.append(self.cycle)

    def on_message_complete(self) -> None:
        """The parser found the last byte of a request, including its body."""
        self.request_whole = True
        self._stop_timer()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Signals to every request of the connection that its client has left. uvicorn signals only to the last one, so
        a request with others pipelined behind it would run for ever, or fail when it writes its reply.
        """
        self._stop_timer()
        for cycle in self.open_cycles:
            cycle.disconnected = not cycle.response_complete
            cycle.message_event.set()
        self.open_cycles = []
        super().connection_lost(exc)

    def _start_timer(self) -> None:
        if self.receive_timer is None and not self.transport.is_closing():
            self.receive_timer = asyncio.get_running_loop().call_later(self.receive_seconds, self.transport.close)

    def _stop_timer(self) -> None:
        if self.receive_timer is not None:
            self.receive_timer.cancel()
            self.receive_timer = None

    def send_400_response(self, msg: str) -> None:
        """The reply to input that the parser cannot read: unknown methods, invalid chunks, broken headers. It is in
        English, since the headers may not have been read.
        """
        refusal = problem(400, "Bad Request", _NOT_HTTP)
        headers = [*self.server_state.default_headers, *refusal.raw_headers, (b"connection", b"close")]
        lines = b"".join(b"%b: %b\r\n" % pair for pair in headers)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + lines + b"\r\n" + bytes(refusal.body))
        self.transport.close()


def quote_request_line(data: bytes) -> bytes:
    """`data` with bytes above 0x7F in its first line percent-encoded, if that line is a request line."""
    line, end, rest = data.partition(b"\r\n")
    if line.isascii() or not line.rstrip().endswith((b"HTTP/1.1", b"HTTP/1.0")):
        return data
    return b"".join(_QUOTED.get(byte, bytes((byte,))) for byte in line) + end + rest
