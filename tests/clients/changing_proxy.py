"""A proxy before the API that changes a text of its replies or refuses requests, as a newer or busier server would."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PASSED_ON = ("content-type", "etag", "retry-after")


class ChangingProxy:
    """What the proxy does now: `changes` of texts, and `refusals` (status, Retry-After) for the next requests.

    The API counts what comes through it as requests of `client`, an address of its own.
    """

    def __init__(self, upstream: str, client: str) -> None:
        self.upstream = urlsplit(upstream)
        self.client = client
        self.changes: dict[bytes, bytes] = {}
        self.refusals: list[tuple[int, str | None]] = []
        self.statuses: list[int] = []
        self.url = ""

    def answer(self, target: str, headers: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body for a GET."""
        if self.refusals:
            status, retry_after = self.refusals.pop(0)
            return status, [("Retry-After", retry_after)] if retry_after else [], b""
        connection = http.client.HTTPConnection(self.upstream.hostname or "", self.upstream.port, timeout=60)
        try:
            connection.request("GET", target, headers={"X-Forwarded-For": self.client, **headers})
            reply = connection.getresponse()
            body = reply.read()
        finally:
            connection.close()
        for old, new in self.changes.items():
            body = body.replace(old, new)
        return reply.status, [pair for pair in reply.getheaders() if pair[0].lower() in PASSED_ON], body


@contextmanager
def changing_proxy(upstream: str, client: str) -> Iterator[ChangingProxy]:
    """A proxy that listens on loopback until the block ends."""
    proxy = ChangingProxy(upstream, client)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one segment, or each reply waits 40 ms for an acknowledgement

        def do_GET(self) -> None:
            asked = self.headers.get("If-None-Match")
            status, headers, body = proxy.answer(self.path, {"If-None-Match": asked} if asked else {})
            proxy.statuses.append(status)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
