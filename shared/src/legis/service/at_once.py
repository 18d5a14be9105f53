"""Answers that are ready when a request's headers are: sent by the connection itself, without a task or a scope."""

from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

from uvicorn.config import Config

from legis.service.request_line import RequestLineProtocol

Headers = list[tuple[bytes, bytes]]
AtOnce = Callable[[bytes, MutableMapping[str, Any]], Sequence[bytes] | None]
"""From the target of a GET, and as much of its ASGI scope as its headers tell, to the whole reply: its status line,
then the rest, with a content-length or of a status without a body.

None where the application is to be asked the usual way, as it must be for a request with a body.
"""


class AtOnceProtocol(RequestLineProtocol):
    """uvicorn's protocol, which first asks `app.state.at_once` (where the app has one).

    Only for what can have no surprises: a GET of HTTP/1.1 on a connection that stays open, with no other request of it
    under way, no reply of it unsent, and a process that is not leaving. Everything else is uvicorn's.
    """

    def __init__(self, config: Config, *rest: Any, **named: Any) -> None:
        super().__init__(config, *rest, **named)
        self._state = getattr(config.app, "state", None)
        self._answered = False

    def on_headers_complete(self) -> None:
        """Sends the ready answer, or has uvicorn start the application."""
        ready = self._ready()
        if ready is None:
            super().on_headers_complete()
            return
        self._answered = True
        status, *rest = ready
        self.transport.write(b"".join((status, _defaults(self.server_state.default_headers), *rest)))

    def on_body(self, body: bytes) -> None:
        """Takes what an application will read; an answered request has none."""
        if not self._answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Goes on to wait for the next request."""
        if not self._answered:
            super().on_message_complete()
            return
        self._answered = False
        self.on_response_complete()

    def _ready(self) -> Sequence[bytes] | None:
        ask: AtOnce | None = getattr(self._state, "at_once", None)
        if ask is None or not self._is_plain() or _leaving(self.server_state.default_headers):
            return None
        return ask(self.url, self.scope)  # type: ignore[arg-type]

    def _is_plain(self) -> bool:
        parser = self.parser
        return (
            parser.get_method() == b"GET"
            and parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
            and not (parser.should_upgrade() or self.expect_100_continue)
            and (self.cycle is None or self.cycle.response_complete)
            and not (self.pipeline or self.flow.write_paused or self.transport.is_closing())
        )


_encoded: tuple[Headers, bytes, bool] = ([], b"", False)


def _known(headers: Headers) -> tuple[Headers, bytes, bool]:
    """The list, its bytes, and whether it says that the connection closes; uvicorn makes a new list once a second."""
    global _encoded
    if _encoded[0] is not headers:
        encoded = b"".join(b"%b: %b\r\n" % pair for pair in headers)
        _encoded = (headers, encoded, any(name.lower() == b"connection" for name, _ in headers))
    return _encoded


def _defaults(headers: Headers) -> bytes:
    return _known(headers)[1]


def _leaving(headers: Headers) -> bool:
    return _known(headers)[2]
