"""Politeness policy towards one chamber: rate limits, time limits, retries, circuit breaker."""

from dataclasses import dataclass, field

from legis.domain.vocabulary import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerPolicy:
    """When the circuit opens and how it closes again.

    It opens when, of the last `window_calls` calls (at least `minimum_calls`), `failure_rate` failed, or when
    `consecutive_failures` failed in a row. It stays open `open_seconds`, doubled each time a probe fails up to
    `max_open_seconds`, varied by ±`jitter`. Then at most `probes` calls run at a time, and `successes_to_close` of
    them in a row close it.
    """

    window_calls: int = 20
    minimum_calls: int = 10
    failure_rate: float = 0.5
    consecutive_failures: int = 5
    open_seconds: float = 30.0
    max_open_seconds: float = 300.0
    jitter: float = 0.25
    probes: int = 1
    successes_to_close: int = 2

    def __post_init__(self) -> None:
        """Raises ValueError for values under which the circuit could never open, or never close."""
        positive = (self.window_calls, self.minimum_calls, self.consecutive_failures, self.probes)
        if min(positive) < 1 or self.successes_to_close < 1 or self.minimum_calls > self.window_calls:
            raise ValueError("breaker: counts must be at least 1, and minimum_calls at most window_calls")
        if not 0 < self.open_seconds <= self.max_open_seconds:
            raise ValueError("breaker: 0 < open_seconds <= max_open_seconds")
        if not 0 < self.failure_rate <= 1 or not 0 <= self.jitter < 1:
            raise ValueError("breaker: failure_rate must lie in (0, 1] and jitter in [0, 1)")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamPolicy:
    """Limits of our requests to one chamber. Times in seconds, sizes in bytes after decompression.

    `total_timeout` bounds one attempt, not the waits between attempts. `redirect_hosts` are the only hosts that a
    redirect may lead to, with their subdomains. `proxy` is the URL of an HTTP proxy for every request; it may contain a
    password. `probe_url` is a light URL by which a block of the client is distinguished from the refusal of one record;
    without it every 403 counts as a block. A block pauses for `blocked_pause_seconds` at first and
    `longest_block_seconds` at most.
    """

    source: Source
    user_agent: str
    proxy: str | None = field(default=None, repr=False)
    requests_per_second: float
    burst: int = 1
    max_in_flight: int
    total_timeout: float
    connect_timeout: float = 5.0
    max_body_bytes: int
    max_attempts: int = 3
    retry_base_seconds: float = 0.5
    retry_cap_seconds: float = 20.0
    blocked_pause_seconds: float = 60.0
    longest_block_seconds: float = 3600.0
    probe_url: str = ""
    default_retry_after: float = 30.0
    redirect_hosts: frozenset[str] = frozenset()
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)

    def __post_init__(self) -> None:
        """Raises ValueError for a limit that would stop every request."""
        if self.requests_per_second <= 0 or self.burst < 1 or self.max_in_flight < 1 or self.max_attempts < 1:
            raise ValueError("upstream: requests_per_second, burst, max_in_flight and max_attempts must be positive")
        if min(self.total_timeout, self.connect_timeout, self.max_body_bytes) <= 0:
            raise ValueError("upstream: timeouts and max_body_bytes must be positive")
