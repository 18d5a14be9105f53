"""Server spans: one for each request that continues its caller's trace, or is sampled at random up
to a maximum rate.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from legis.telemetry.trace_ceiling import Ceiling
from legis.telemetry.traces import current_traceparent, decided, remote_context, sampling, tracer
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import SpanKind, StatusCode
from starlette.types import ASGIApp, Receive, Scope, Send

from api_gateway.web.pipeline.request_context import CONTEXT, RequestContext

_METHODS = ("GET", "HEAD", "OPTIONS")
_IDS = RandomIdGenerator()
_tracer = tracer(__name__)


class TracingLayer:
    """ASGI layer: opens the span, names it after its route, and returns its `traceparent` to the caller.

    Requests that are not traced have no span; their errors have a trace id for which no trace is stored.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._ceiling = Ceiling()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the request, inside its span if it has one."""
        context: RequestContext | None = scope.get(CONTEXT)
        if context is None or context.route.policy.operations:
            await self.app(scope, receive, send)
            return
        caller = context.headers.get(b"traceparent")
        # the share is asked first: most processes record none, and their requests need not pass the ceiling
        if caller is None and not (sampling.share and self._ceiling.starts()):
            await self.app(scope, receive, send)
            return
        parent = decided(True) if caller is None else remote_context(caller.decode("latin-1"))
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        route = context.route.template
        with _tracer.start_as_current_span(f"{method} {route}", context=parent, kind=SpanKind.SERVER) as span:
            context.reply_headers.append((b"traceparent", (current_traceparent() or "").encode()))
            try:
                await self.app(scope, receive, send)
            finally:
                span.set_attributes({"http.request.method": method, "http.route": route})
                span.set_attribute("http.response.status_code", context.status)
                if context.status >= 500:
                    span.set_status(StatusCode.ERROR)


@contextmanager
def unsampled_trace() -> Iterator[None]:
    """Provides a trace id to the code inside the context if the request is not traced; no span is recorded or sent."""
    if trace.get_current_span().get_span_context().is_valid:
        yield
        return
    ids = trace.SpanContext(_IDS.generate_trace_id(), _IDS.generate_span_id(), is_remote=False)
    token = otel_context.attach(trace.set_span_in_context(trace.NonRecordingSpan(ids)))
    try:
        yield
    finally:
        otel_context.detach(token)


def traceparent_of_error(context: RequestContext) -> bytes:
    """The `traceparent` of an error reply, after adding it to the reply. An untraced request gets a new one at little
    cost; nothing is recorded or sent.
    """
    given = next((value for name, value in context.reply_headers if name == b"traceparent"), None)
    if given is None:
        known = current_traceparent() if trace.get_current_span().get_span_context().is_valid else None
        given = (known or f"00-{_IDS.generate_trace_id():032x}-{_IDS.generate_span_id():016x}-00").encode()
        context.reply_headers.append((b"traceparent", given))
    return given


def tell_trace(context: RequestContext) -> None:
    """Adds the current `traceparent` to the reply, unless it is there already: error replies always have it."""
    traceparent = current_traceparent()
    if traceparent is not None and all(name != b"traceparent" for name, _ in context.reply_headers):
        context.reply_headers.append((b"traceparent", traceparent.encode()))
