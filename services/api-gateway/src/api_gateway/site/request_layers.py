"""ASGI layers around the pages: the visitor's trace, and the headers that every reply has."""

from legis.telemetry.trace_ceiling import Ceiling
from legis.telemetry.traces import current_traceparent, decided, remote_context, tracer
from opentelemetry.trace import SpanKind, StatusCode
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLLED = ("/health", "/metrics")
_tracer = tracer(__name__)


def content_policy(api: str) -> str:
    """The Content-Security-Policy: everything from the pages' own origin, no inline style or script. `api` is the
    origin of the API where it is another one: scripts may read it too.
    """
    connect = "'self'" + (f" {api}" if api else "")
    return (
        f"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
        f"connect-src {connect}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def security_headers(api: str) -> dict[str, str]:
    """The headers that every reply has; `api` as in `content_policy`."""
    return {
        "Content-Security-Policy": content_policy(api),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


class HeadersLayer:
    """Adds headers to every reply that has none of that name."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send if scope["type"] != "http" else with_headers)


class InsideLayer:
    """Hides the addresses of probes and scrapers from whoever comes by a proxy: inside they are asked directly."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the request; one from outside for such an address as one for an address that is not there."""
        polled = scope["type"] == "http" and scope["path"].startswith(_POLLED)
        if polled and "x-forwarded-for" in Headers(scope=scope):
            scope = {**scope, "path": "/not-found", "raw_path": b"/not-found"}
        await self.app(scope, receive, send)


class TraceLayer:
    """Opens a span that continues the visitor's trace; the requests to the API are its children there. A visit that
    brings no trace is recorded as seldom as a request to the API is: else each of its requests there would be, above
    the API's own limit. Probes and scrapes have none.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._ceiling = Ceiling()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the request inside its span."""
        if scope["type"] != "http" or scope["path"].startswith(_POLLED):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("traceparent")
        parent = decided(self._ceiling.starts()) if given is None else remote_context(given)
        with _tracer.start_as_current_span(f"{scope['method']} page", context=parent, kind=SpanKind.SERVER) as span:

            async def told(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(StatusCode.ERROR)
                    MutableHeaders(scope=message)["traceparent"] = current_traceparent() or ""
                await send(message)

            await self.app(scope, receive, told)
