"""HTTP client for the chambers' APIs: rate limit, retries, circuit breaker, block detection."""

from legis.upstream.answer import UpstreamAnswer
from legis.upstream.client import UpstreamClient
from legis.upstream.exchange import UpstreamStream
from legis.upstream.policy import BreakerPolicy, UpstreamPolicy
from legis.upstream.retry import once
from legis.upstream.upstream_state import UpstreamSnapshot

__all__ = [
    "BreakerPolicy",
    "UpstreamAnswer",
    "UpstreamClient",
    "UpstreamPolicy",
    "UpstreamSnapshot",
    "UpstreamStream",
    "once",
]
