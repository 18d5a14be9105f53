"""One reader's view of the public API: single questions, and readers who go on while something is spoilt."""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

KEPT_ADDRESS = "/api/v1/bills?limit=7"


@dataclass(frozen=True, slots=True)
class Reply:
    """Status (0: none came), headers in lower case, JSON, seconds."""

    status: int
    headers: dict[str, str]
    document: Any
    seconds: float


def ask(url: str, timeout: float = 6) -> Reply:
    """One GET, whatever comes of it."""
    began = time.monotonic()
    try:
        try:
            reply = urllib.request.urlopen(url, timeout=timeout)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            headers = {name.lower(): value for name, value in reply.headers.items()}
            return Reply(int(reply.status), headers, json.loads(reply.read()), time.monotonic() - began)
    except (OSError, ValueError, http.client.HTTPException):
        return Reply(0, {}, None, time.monotonic() - began)


def never_asked() -> str:
    """An address that no cache has."""
    return f"/api/v1/bills?limit=3&q=lei%20-n{time.monotonic_ns()}"


def never_asked_detail(bill_id: str) -> str:
    """An address of a bill's detail that no cache has: it is read from PostgreSQL, as lists are not."""
    return f"/api/v1/bills/{bill_id}?as_of=2100-01-01T00:00:{time.monotonic_ns() % 60_000_000 / 1e6:09.6f}Z"


@dataclass(slots=True)
class Readers:
    """Readers that go on while something is spoilt: one of what is kept, one of what is not."""

    base: str
    kept: list[Reply] = field(default_factory=list)
    fresh: list[Reply] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for target in (self._read_kept, self._read_fresh):
            thread = threading.Thread(target=target, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Ends them; answers under way are waited for."""
        self._over.set()
        for thread in self._threads:
            thread.join(10)

    def _read_kept(self) -> None:
        while not self._over.wait(0.05):
            self.kept.append(ask(self.base + KEPT_ADDRESS))

    def _read_fresh(self) -> None:
        while not self._over.wait(0.05):
            self.fresh.append(ask(self.base + never_asked()))


def times_of(host: str, port: int, reads: int) -> list[float]:
    """Seconds of so many reads, one after another on one connection. Raises OSError for a reply that is not 200."""
    connection, times = http.client.HTTPConnection(host, port, timeout=6), []
    try:
        for _ in range(reads):
            address, began = never_asked(), time.perf_counter()
            connection.request("GET", address)
            reply = connection.getresponse()
            reply.read()
            times.append(time.perf_counter() - began)
            if reply.status != 200:
                raise OSError(f"status {reply.status}")
    finally:
        connection.close()
    return times


def percentile(times: list[float], share: float) -> float:
    """The time that this share of all does not exceed; 0 where there are none."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def slowest(replies: list[Reply]) -> float:
    """The 99th percentile of the times."""
    return percentile([reply.seconds for reply in replies], 0.99)
