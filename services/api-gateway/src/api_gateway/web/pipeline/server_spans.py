"""One server span for each request, joined to the caller's trace and sampled at its head."""

from legis.telemetry.traces import current_traceparent, decided, remote_context, tracer
from opentelemetry.trace import SpanKind, StatusCode
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_gateway.web.pipeline.request_headers import OPERATIONS, header, route_of
from api_gateway.web.pipeline.trace_sampling import choice_made

_tracer = tracer(__name__)


class ServerSpans:
    """ASGI layer: opens the span, names it by its route, and tells the caller its `traceparent`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the request inside its span; probes have none."""
        if scope["type"] != "http" or scope["path"] in OPERATIONS:
            await self.app(scope, receive, send)
            return
        caller = header(scope, b"traceparent")
        parent = decided(choice_made(scope)) if caller is None else remote_context(caller)
        method = scope["method"] if scope["method"] in ("GET", "HEAD", "OPTIONS") else "_OTHER"
        with _tracer.start_as_current_span(method, context=parent, kind=SpanKind.SERVER) as span:
            traceparent = current_traceparent()

            async def send_traced(message: Message) -> None:
                if message["type"] == "http.response.start":
                    if traceparent is not None:
                        MutableHeaders(scope=message)["traceparent"] = traceparent
                    if span.is_recording():
                        span.set_attribute("http.response.status_code", message["status"])
                        if message["status"] >= 500:
                            span.set_status(StatusCode.ERROR)
                await send(message)

            await self.app(scope, receive, send_traced)
            if span.is_recording():
                route = route_of(scope)
                span.update_name(f"{method} {route}")
                span.set_attributes({"http.request.method": method, "http.route": route})
