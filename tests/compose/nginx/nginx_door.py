"""A client of nginx: one request at a time, everything of the reply as it came."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from nginx_process import ACCESS_LOG

T = TypeVar("T")
CLIENT = "203.0.113.1"


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers in lower case, body, seconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def cache(self) -> str:
        """What nginx did: HIT, MISS, STALE, …; empty where it keeps nothing."""
        return self.headers.get("x-cache", "")


@dataclass(frozen=True, slots=True)
class Door:
    """nginx's port, and the folder it writes to."""

    port: int
    folder: Path

    def ask(self, path: str, *, method: str = "GET", client: str = CLIENT, **headers: str) -> Reply:
        """One request on a connection of its own; `if_none_match="x"` is the header If-None-Match."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in ({"X-Forwarded-For": client} | named).items():
                connection.putheader(name, value)
            connection.endheaders()
            reply = connection.getresponse()
            body = reply.read()
        finally:
            connection.close()
        told = {name.lower(): value for name, value in reply.getheaders()}
        assert len(told) == len(reply.getheaders()), f"a header comes twice: {reply.getheaders()}"
        return Reply(reply.status, told, body, time.monotonic() - began)

    def logged(self, request_id: str) -> dict[str, Any]:
        """The line of the access log with that request id, once it is written."""

        def look() -> dict[str, Any] | None:
            lines = [json.loads(line) for line in (self.folder / ACCESS_LOG).read_text().splitlines()]
            return next((line for line in lines if line["request_id"] == request_id), None)

        return until(look, 60)


def until(look: Callable[[], T | None], within: float) -> T:
    """What `look` gives once it is true. Raises AssertionError when it is not within so many seconds."""
    deadline = time.monotonic() + within
    while not (seen := look()):
        assert time.monotonic() < deadline, f"not within {within:g} s"
        time.sleep(0.02)
    return seen
