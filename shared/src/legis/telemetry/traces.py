"""Configures OpenTelemetry tracing, and converts trace context to and from `traceparent` text."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import Link, SpanKind, Tracer, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes

from legis.telemetry.span_file import SpanFileExporter

EXPORT_TIMEOUT_SECONDS = 3.0
SHUTDOWN_SECONDS = 5.0

_DECIDED_KEY = otel_context.create_key("legis-sampled")
_SUPPRESS_KEY = otel_context._SUPPRESS_INSTRUMENTATION_KEY  # the one that instrumentation libraries look at
_PROPAGATOR = TraceContextTextMapPropagator()
_configured: "Traces | None" = None


class Sampling:
    """What is decided of new traces. `share` is that of those which somebody receives: 0 where nothing is exported."""

    share = 0.0


sampling = Sampling()


class Traces:
    """The process's tracing; call `shutdown` once at the end."""

    def __init__(self, provider: TracerProvider) -> None:
        self.provider = provider

    async def shutdown(self) -> None:
        """Exports the remaining spans, within `SHUTDOWN_SECONDS` even if the collector is unavailable. Never raises."""
        try:
            async with asyncio.timeout(SHUTDOWN_SECONDS):
                await asyncio.to_thread(self.provider.shutdown)
        except TimeoutError:
            return


class _ImpatientBatches(BatchSpanProcessor):
    """A batch processor that does not delay the end of a process by the library's 30 s."""

    def shutdown(self) -> None:
        self._batch_processor.shutdown(timeout_millis=int(EXPORT_TIMEOUT_SECONDS * 1000))


class _Suppressible(Sampler):
    """A sampler that drops spans started inside `suppressed()`, and leaves the rest to another sampler."""

    def __init__(self, inner: Sampler) -> None:
        self._inner = inner

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        if otel_context.get_value(_SUPPRESS_KEY):
            return SamplingResult(Decision.DROP)
        choice = otel_context.get_value(_DECIDED_KEY, parent_context)
        if choice is not None:
            return SamplingResult(Decision.RECORD_AND_SAMPLE if choice else Decision.DROP, attributes)
        return self._inner.should_sample(parent_context, trace_id, name, kind, attributes, links)

    def get_description(self) -> str:
        return f"Suppressible({self._inner.get_description()})"


def configure(service: str, *, endpoint: str | None, ratio: float, file: str | None) -> Traces:
    """Sets the global tracer provider. A process has one: later calls return the first one's result.

    `endpoint` is the base URL of an OTLP/HTTP collector, `ratio` the share of new traces that is sampled (a caller's
    decision is followed), `file` also receives every finished span as a JSON line.
    """
    global _configured
    if _configured is not None:
        return _configured
    sampler = _Suppressible(ParentBased(TraceIdRatioBased(ratio)))
    resource = Resource.create({"service.name": service, "service.namespace": "legis"})
    provider = TracerProvider(sampler=sampler, resource=resource, shutdown_on_exit=False)
    exporters = _exporters(endpoint, file)
    for exporter, delay in exporters:
        provider.add_span_processor(_ImpatientBatches(exporter, schedule_delay_millis=delay))
    trace.set_tracer_provider(provider)
    _configured = Traces(provider)
    sampling.share = ratio if exporters else 0.0
    return _configured


def tracer(name: str) -> Tracer:
    """The tracer of one module; may be created at import, before `configure`."""
    return trace.get_tracer(name)


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the current span, sampled or not; None outside any span."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def current_trace_id() -> str | None:
    """The current trace id in hex; None outside any span."""
    span = trace.get_current_span().get_span_context()
    return trace.format_trace_id(span.trace_id) if span.is_valid else None


def remote_context(traceparent: str | None) -> Context:
    """A context whose parent is the sender's span; an empty one, hence a new trace, for None or a malformed value."""
    return _PROPAGATOR.extract({"traceparent": traceparent} if traceparent else {}, context=Context())


def decided(sampled: bool | None) -> Context:
    """A context for a new trace whose sampling was decided already; None leaves the decision to the sampler.

    Only for the root span: its children follow their parent.
    """
    return Context() if sampled is None else otel_context.set_value(_DECIDED_KEY, sampled, Context())


def link_from(traceparent: str | None) -> Link | None:
    """A link to the sender's span; None for None or a malformed value."""
    span = trace.get_current_span(remote_context(traceparent)).get_span_context()
    return Link(span) if span.is_valid else None


@contextmanager
def suppressed() -> Iterator[None]:
    """Context in which no span is recorded: for idle polls, each of which would be a trace of its own."""
    token = otel_context.attach(otel_context.set_value(_SUPPRESS_KEY, True))
    try:
        yield
    finally:
        otel_context.detach(token)


def _exporters(endpoint: str | None, file: str | None) -> list[tuple[SpanExporter, float]]:
    chosen: list[tuple[SpanExporter, float]] = []
    if endpoint:
        url = f"{endpoint.rstrip('/')}/v1/traces"
        chosen.append((OTLPSpanExporter(endpoint=url, timeout=EXPORT_TIMEOUT_SECONDS), 2000))
    if file:
        chosen.append((SpanFileExporter(file), 500))
    return chosen
