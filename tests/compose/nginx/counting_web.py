"""A stand-in for `web` behind nginx: answers by the path's first part, and remembers what it was asked."""

import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from legis_launcher.servers.ports import free_port

PROXY_CACHE = "public, max-age=1, stale-while-revalidate=2, stale-if-error=600"
LASTING = "public, max-age=60"
"""For tests that are not about time: no pause of the machine makes such a reply old."""

PUBLIC_CACHE = "public, max-age=30, stale-while-revalidate=60, stale-if-error=86400"
BODY = b'{"data":[' + b",".join([b"12345"] * 400) + b"]}"
COUNTED = {"RateLimit": '"default";r=7;t=9', "RateLimit-Policy": '"default";q=10;w=60', "traceparent": "00-aa-bb-01"}


class CountingWeb:
    """A server on a port that it keeps: it may be stopped and started again. `requests` are all that reached it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.status = 200
        self.cache_control = LASTING
        self.seconds = 0.0
        """How long each reply takes."""
        self.age = 0
        """Seconds by which the Date of a reply lies in the past."""
        self.body = BODY
        self.pieces: Iterable[bytes] = ()
        """What a stream says, before it ends."""
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        """Answers from now on."""
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Answers nobody any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def count(self, path: str) -> int:
        """Requests for that path, its query with it."""
        return sum(asked == path for _, asked, _ in self.requests)

    def last(self, path: str) -> dict[str, str]:
        """Headers, in lower case, of the last request for that path."""
        return [headers for _, asked, headers in self.requests if asked == path][-1]


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def _handler(web: CountingWeb) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            web.requests.append((self.command, self.path, {name.lower(): text for name, text in self.headers.items()}))
            self.close_connection = True  # a stopped server must not go on on a kept connection
            time.sleep(web.seconds)
            if self.path.endswith("/stream"):
                self._stream()
                return
            self.send_response_only(web.status)
            told = {"Date": formatdate(time.time() - web.age, usegmt=True), "ETag": '"tag"', "Set-Cookie": "a=b"}
            told |= {"Content-Length": str(len(web.body)), "Vary": "Accept, Accept-Encoding", "X-Request-ID": "of-web"}
            told |= {
                "Content-Type": self.headers["Accept"],
                "Content-Encoding": self.headers["Accept-Encoding"] or "id",
            }
            told |= {"Cache-Control": web.cache_control, "X-Public-Cache-Control": PUBLIC_CACHE, **COUNTED}
            for name, value in told.items():
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command == "GET":
                with suppress(OSError):  # a client that does not take all of it
                    self.wfile.write(web.body)

        do_HEAD = do_GET

        def _stream(self) -> None:
            self.send_response_only(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")
            self.end_headers()
            for piece in web.pieces:
                self.wfile.write(piece)
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    return Handler
