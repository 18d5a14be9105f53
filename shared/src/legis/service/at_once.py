"""Answers that are ready when a request's headers are: sent by the connection itself, without a task or a scope."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from uvicorn.config import Config

from legis.service.request_line import RequestLineProtocol

Headers = list[tuple[bytes, bytes]]
AtOnce = Callable[[bytes, Mapping[bytes, bytes], str | None], Sequence[bytes] | None]
"""From the target of a GET, its headers by lower-case name (of several the first) and the peer's address, to the whole
reply: its status line, then the rest, with a content-length or of a status without a body.

None where the application is to be asked the usual way, as it must be for a request with a body.
"""

_MOST_KNOWN = 4096
_LONGEST_KNOWN = 2048
_known: dict[bytes, tuple[bytes, Mapping[bytes, bytes]]] = {}
"""Target and headers of whole requests, by their bytes: a client sends the same ones again and again. Not of those that
were refused: they would drive out the others.
"""


class AtOnceProtocol(RequestLineProtocol):
    """uvicorn's protocol, which first asks `app.state.at_once` (where the app has one).

    Only for what can have no surprises: a GET of HTTP/1.1 on a connection that stays open, with no other request of it
    under way, no reply of it unsent, and a process that is not leaving. Everything else is uvicorn's. Of a request that
    was answered so before, byte for byte, nothing is parsed.
    """

    def __init__(self, config: Config, *rest: Any, **named: Any) -> None:
        super().__init__(config, *rest, **named)
        self._ask: AtOnce | None = getattr(getattr(config.app, "state", None), "at_once", None)
        self._between = True
        self._begun = 0
        self._answered: tuple[bytes, Mapping[bytes, bytes]] | None = None
        self._refused = False
        self._answered_at = 0.0

    def data_received(self, data: bytes) -> None:
        """Answers a request that is known, or has it parsed."""
        between = self._between
        if between and (known := _known.get(data)) is not None and self._is_idle() and self._answers(*known):
            self.server_state.total_requests += 1
            self._stay()
            return
        self._begun, self._answered = 0, None
        super().data_received(data)
        if self._answered is not None and not self._refused and between and self._between and self._begun == 1:
            _remember(data, self._answered)

    def on_message_begin(self) -> None:
        """Notes that the bytes are in the middle of a request."""
        self._between = False
        self._begun += 1
        self._answered = None
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Sends the ready answer, or has uvicorn start the application."""
        if self._ask is not None and self._is_plain() and self._is_idle():
            asked = self.url, dict(reversed(self.headers))
            if self._answers(*asked):
                self._answered = asked
                return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Takes what an application will read; an answered request has none."""
        if self._answered is None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Goes on to wait for the next request."""
        self._between = True
        if self._answered is None:
            super().on_message_complete()
        else:
            self.on_response_complete()

    def timeout_keep_alive_handler(self) -> None:
        """Closes a connection that was silent for so long; known requests leave its timer alone."""
        rest = self._answered_at + self.timeout_keep_alive - self.loop.time()
        if rest <= 0:
            super().timeout_keep_alive_handler()
        else:
            self.timeout_keep_alive_task = self.loop.call_later(rest, self.timeout_keep_alive_handler)

    def _answers(self, target: bytes, headers: Mapping[bytes, bytes]) -> bool:
        if self._ask is None:
            return False
        ready = self._ask(target, headers, self.client[0] if self.client else None)
        if ready is None:
            return False
        status, *rest = ready
        self._refused = status.startswith(b"HTTP/1.1 5")
        self.transport.write(b"".join((status, _defaults(self.server_state.default_headers), *rest)))
        return True

    def _stay(self) -> None:
        self._answered_at = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _is_plain(self) -> bool:
        parser = self.parser
        return (
            parser.get_method() == b"GET"
            and parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
            and not (parser.should_upgrade() or self.expect_100_continue)
        )

    def _is_idle(self) -> bool:
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not (self.pipeline or self.flow.write_paused or self.transport.is_closing())
            and not _leaving(self.server_state.default_headers)
        )


def _remember(data: bytes, asked: tuple[bytes, Mapping[bytes, bytes]]) -> None:
    if len(data) <= _LONGEST_KNOWN:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[data] = asked


_encoded: tuple[Headers, bytes, bool] = ([], b"", False)


def _known_defaults(headers: Headers) -> tuple[Headers, bytes, bool]:
    """The list, its bytes, and whether it says that the connection closes; uvicorn makes a new list once a second."""
    global _encoded
    if _encoded[0] is not headers:
        encoded = b"".join(b"%b: %b\r\n" % pair for pair in headers)
        _encoded = (headers, encoded, any(name.lower() == b"connection" for name, _ in headers))
    return _encoded


def _defaults(headers: Headers) -> bytes:
    return _known_defaults(headers)[1]


def _leaving(headers: Headers) -> bool:
    return _known_defaults(headers)[2]
