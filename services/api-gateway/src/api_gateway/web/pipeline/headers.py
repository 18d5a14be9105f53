"""Headers that are independent of the reply's content: CORS, security, preflight, and the rule for our own caching
proxy.
"""

from starlette.datastructures import Headers as ReadHeaders

Headers = list[tuple[bytes, bytes]]

EXPOSED = (
    "Content-Disposition, Content-Range, Deprecation, ETag, Last-Modified, Legis-Index-Seq, Legis-Row-Limit,"
    " Legis-Total-Rows, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Sunset, WWW-Authenticate, Warning,"
    " X-Data-Age, X-Request-ID, traceparent"
)
POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
STANDING: Headers = ReadHeaders(
    {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": EXPOSED,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Content-Security-Policy": POLICY,
    }
).raw
"""Headers added to every reply, unless the reply sets the same header itself."""

PREFLIGHT_ASKS = frozenset({b"access-control-request-method", b"access-control-request-headers"})
"""Headers of a preflight request; any other OPTIONS request is answered with `Allow` alone."""

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS, POST, PATCH, DELETE",
    "Access-Control-Allow-Headers": (
        "*, Authorization, Content-Type, If-None-Match, Last-Event-ID, X-API-Key, X-Request-ID, traceparent"
    ),
    "Access-Control-Max-Age": "86400",
}

PROXY_CACHE = b"public, max-age=1, stale-while-revalidate=2, stale-if-error=600"
"""`Cache-Control` for our own caching proxy, on cacheable replies: no reply that it sends is more than 4 s old."""
