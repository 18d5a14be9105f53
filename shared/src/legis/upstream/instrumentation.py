"""One span and one count for every request to upstream, and the states of breaker and block as metrics."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiobreaker import CircuitBreaker, CircuitBreakerListener, CircuitBreakerState
from opentelemetry.trace import Span, SpanKind, StatusCode
from yarl import URL

from legis.domain.vocabulary import Source
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import (
    BREAKER_OPENED,
    BREAKER_STATE,
    UPSTREAM_BLOCKED,
    UPSTREAM_BLOCKS,
    UPSTREAM_REQUESTS,
    UPSTREAM_SECONDS,
)
from legis.telemetry.traces import tracer
from legis.upstream.block import Block
from legis.upstream.http_errors import Outcome, outcome_of

_SECRET_NAMES = frozenset(
    {"token", "access_token", "key", "api_key", "apikey", "signature", "sig", "password", "secret"}
)
_LEVELS = {CircuitBreakerState.CLOSED: 0, CircuitBreakerState.HALF_OPEN: 1, CircuitBreakerState.OPEN: 2}
_FINE = frozenset({Outcome.OK, Outcome.ABANDONED, Outcome.CANCELLED})
_log = get_logger(__name__)
_tracer = tracer(__name__)


@dataclass(slots=True)
class RequestSpan:
    """The span of one request, to which attributes are added while it runs."""

    span: Span

    def answered(self, url: str, status: int) -> None:
        """Adds status and URL, once the answer's headers have arrived."""
        self.span.set_attribute("http.response.status_code", status)
        self.span.set_attribute("url.full", without_secrets(url))

    def read(self, size: int) -> None:
        """Adds the body's size after decompression, in bytes."""
        self.span.set_attribute("http.response.body.size", size)


@contextmanager
def measured(source: Source, endpoint: str, url: str, attempt: int) -> Iterator[RequestSpan]:
    """Measures one request: a CLIENT span by the stable HTTP conventions, its duration, and its outcome."""
    span = _tracer.start_span("GET", kind=SpanKind.CLIENT, attributes=_attributes(source, endpoint, url, attempt))
    began = time.perf_counter()
    outcome = Outcome.OK
    try:
        yield RequestSpan(span)
    except BaseException as error:
        outcome = outcome_of(error)
        if outcome not in _FINE:
            span.set_attribute("error.type", outcome.value)
            span.record_exception(error)
            span.set_status(StatusCode.ERROR, str(error))
        raise
    finally:
        UPSTREAM_SECONDS.labels(source.value, endpoint).observe(time.perf_counter() - began)
        UPSTREAM_REQUESTS.labels(source.value, endpoint, outcome.value).inc()
        span.set_attribute("legis.outcome", outcome.value)
        span.end()


def without_secrets(url: str) -> str:
    """The URL for logs and messages: no user, no password, no fragment, secret query values replaced."""
    try:
        parsed = URL(url)
        shown = parsed.with_user(None).with_fragment(None) if parsed.absolute else parsed
    except ValueError:
        return "invalid URL"
    hidden = {name: "REDACTED" for name in shown.query if name.lower() in _SECRET_NAMES}
    return str(shown.update_query(hidden) if hidden else shown)


class BreakerMetrics(CircuitBreakerListener):  # type: ignore[misc]  # aiobreaker is untyped
    """Reports the circuit of one source in metrics and logs."""

    def __init__(self, source: Source) -> None:
        self._source = source.value
        BREAKER_STATE.labels(self._source).set(0)
        BREAKER_OPENED.labels(self._source)

    def state_change(self, breaker: CircuitBreaker, old: object, new: object) -> None:
        """Called after each transition of the circuit."""
        state = breaker.current_state
        BREAKER_STATE.labels(self._source).set(_LEVELS[state])
        if state is CircuitBreakerState.OPEN:
            BREAKER_OPENED.labels(self._source).inc()
        _log.warning("breaker_changed", source=self._source, state=state.name.lower(), open_seconds=breaker.retry_after)


class BlockMetrics:
    """Reports in metrics and logs whether one source blocks this client."""

    def __init__(self, source: Source) -> None:
        self._source = source.value
        UPSTREAM_BLOCKED.labels(self._source).set(0)
        UPSTREAM_BLOCKS.labels(self._source)

    def __call__(self, block: Block) -> None:
        """Called after a block began, was extended or ended."""
        UPSTREAM_BLOCKED.labels(self._source).set(block.active)
        if block.active:
            UPSTREAM_BLOCKS.labels(self._source).inc()
            _log.error("upstream_blocked", source=self._source, seconds=round(block.remaining), reason=block.reason)
        else:
            _log.warning("upstream_block_ended", source=self._source)


def _attributes(source: Source, endpoint: str, url: str, attempt: int) -> dict[str, str | int]:
    attributes: dict[str, str | int] = {
        "http.request.method": "GET",
        "url.full": without_secrets(url),
        "legis.source": source.value,
        "legis.endpoint": endpoint,
    }
    if attempt:
        attributes["http.request.resend_count"] = attempt
    try:
        parsed = URL(url)
        if parsed.host and parsed.port:
            attributes |= {"server.address": parsed.host, "server.port": parsed.port}
    except ValueError:
        pass
    return attributes
