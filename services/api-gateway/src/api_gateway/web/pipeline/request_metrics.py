"""Metrics of finished requests: Prometheus series by route, and rates of the last minute in constant memory."""

import bisect
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from legis.telemetry.metrics import HTTP_REQUESTS, HTTP_SECONDS
from prometheus_client import Counter, Histogram

WINDOW_SECONDS = 60
_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


@lru_cache(maxsize=4096)
def _series(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    known = method if method in _METHODS else "_OTHER"
    return HTTP_REQUESTS.labels(route, known, str(status)), HTTP_SECONDS.labels(route)


@dataclass(slots=True)
class _Second:
    at: int = -1
    requests: int = 0
    errors: int = 0
    durations: list[int] = field(default_factory=lambda: [0] * (len(_BOUNDS) + 1))


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of the last minute. `error_rate` is the share of 5xx; `p95_seconds` is the upper bound of its bucket."""

    rate_per_second: float
    error_rate: float
    p95_seconds: float | None


class RequestStats:
    """Counts of the last sixty seconds in a ring, one entry per second, besides the Prometheus
    series of this process.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ring = [_Second() for _ in range(WINDOW_SECONDS)]

    def record(self, route: str, method: str, status: int, seconds: float) -> None:
        """Counts one finished request by its route's template, never by its path."""
        counter, histogram = _series(route, method, status)
        counter.inc()
        histogram.observe(seconds)
        now = int(self._clock())
        slot = self._ring[now % WINDOW_SECONDS]
        if slot.at != now:
            slot = self._ring[now % WINDOW_SECONDS] = _Second(at=now)
        slot.requests += 1
        slot.errors += status >= 500
        slot.durations[bisect.bisect_left(_BOUNDS, seconds)] += 1

    def rates(self) -> Rates:
        """The rates of the last minute, computed now."""
        oldest = int(self._clock()) - WINDOW_SECONDS
        recent = [second for second in self._ring if second.at > oldest]
        requests = sum(second.requests for second in recent)
        if requests == 0:
            return Rates(0.0, 0.0, None)
        errors = sum(second.errors for second in recent)
        return Rates(requests / WINDOW_SECONDS, errors / requests, _percentile(recent, requests * 0.95))


def _percentile(recent: list[_Second], rank: float) -> float:
    below = 0
    for index, bound in enumerate(_BOUNDS):
        below += sum(second.durations[index] for second in recent)
        if below >= rank:
            return bound
    return _BOUNDS[-1]
