"""A small server of replies and redirects that keeps what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Desk:
    """A server on loopback: what it answers, where it leads to from some paths, and what was asked of it. After `most`
    requests it refuses.
    """

    url: str = ""
    body: bytes = b'{"data": "here"}'
    leads: dict[str, str] = field(default_factory=dict)
    most: int = 100
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def loopback_desk() -> Iterator[Desk]:
    """A server that listens until the block ends."""
    desk = Desk()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            desk.asked.append((self.path, dict(self.headers)))
            location = desk.leads.get(self.path)
            body = b'{"data": "moved"}' if location else desk.body
            self.send_response(400 if len(desk.asked) > desk.most else 307 if location else 200)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        desk.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield desk
        finally:
            server.shutdown()
