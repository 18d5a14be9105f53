"""What every reply bears whatever it says: CORS, security headers, a request id."""

import re

from starlette.datastructures import Headers as ReadHeaders

from api_gateway.web.pipeline.dice import dice

Headers = list[tuple[bytes, bytes]]

EXPOSED = (
    "ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After, Warning, X-Data-Age, X-Request-ID,"
    " traceparent"
)
POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
ALWAYS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
DRESS: Headers = ReadHeaders({**ALWAYS, "Content-Security-Policy": POLICY}).raw
"""The same as they are sent, for a reply that has no policy of its own."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")


def request_id_of(given: bytes | None) -> bytes:
    """The caller's own id where it is one; else a new one, which need not be hard to guess."""
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given
    return b"%032x" % dice.getrandbits(128)
