"""Tracing spans of a batch: one for the whole batch, and one within the trace of each sampled message."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from legis.streams.consumer import Delivery
from legis.streams.names import BILLS_STREAM, STORE_GROUP
from legis.telemetry import traces
from opentelemetry.trace import Span, SpanKind

MAX_LINKS = 100
"""Links of one span; exporters may drop links beyond this number."""

_tracer = traces.tracer("api_gateway.worker")
_ATTRIBUTES = {
    "messaging.system": "redis",
    "messaging.destination.name": BILLS_STREAM,
    "messaging.consumer.group.name": STORE_GROUP,
}


@dataclass(frozen=True, slots=True)
class BatchSpans:
    """`trace_ids`: the trace recorded with each delivery's change, in order of delivery. `batch` and `messages` (by
    delivery id): the open spans, which take the outcome as attributes.
    """

    trace_ids: tuple[str | None, ...]
    batch: Span
    messages: dict[str, Span]


@contextmanager
def batch_spans(deliveries: Sequence[Delivery]) -> Iterator[BatchSpans]:
    """Opens the spans. Message spans end together with the batch span, since messages are stored together.

    A message without a trace of its own (a row of a bulk file) is recorded under the batch's trace, which links to the
    traces of the other messages.
    """
    parents = {d.traceparent for d in deliveries if d.traceparent}
    links = [link for parent in sorted(parents) if (link := traces.link_from(parent))]
    with ExitStack() as stack:
        batch = stack.enter_context(
            _tracer.start_as_current_span(
                "process bills",
                kind=SpanKind.CONSUMER,
                links=links[:MAX_LINKS],
                attributes={
                    **_ATTRIBUTES,
                    "messaging.operation.type": "process",
                    "messaging.batch.message_count": len(deliveries),
                },
            )
        )
        own = traces.current_trace_id()
        messages: dict[str, Span] = {}
        for delivery in deliveries:
            if _sampled(delivery.traceparent):
                context = traces.remote_context(delivery.traceparent)
                span = _tracer.start_span("store bill", context=context, attributes=_ATTRIBUTES)
                stack.callback(span.end)
                messages[delivery.id] = span
        yield BatchSpans(tuple(_trace_id(d.traceparent) or own for d in deliveries), batch, messages)


def _sampled(traceparent: str | None) -> bool:
    if _trace_id(traceparent) is None or traceparent is None:
        return False
    return bool(int(traceparent[53:55], 16) & 1)


def _trace_id(traceparent: str | None) -> str | None:
    """The trace id of a well-formed `00-<trace id>-<span id>-<flags>`, else None."""
    if traceparent is None or len(traceparent) != 55 or traceparent[2] + traceparent[35] + traceparent[52] != "---":
        return None
    trace_id = traceparent[3:35]
    hexadecimal = all(c in "0123456789abcdef-" for c in traceparent)
    return trace_id if hexadecimal and trace_id.strip("0") else None
