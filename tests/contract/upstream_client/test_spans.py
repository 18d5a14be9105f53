"""The spans that the upstream client makes of its attempts."""

import pytest
from contract.upstream_client.double import MakeClient, Upstream
from legis.upstream import instrumentation
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode


async def test_each_attempt_is_a_client_span(
    upstream: Upstream, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(instrumentation, "_tracer", provider.get_tracer("test"))
    upstream.answers(503, 200)
    with provider.get_tracer("test").start_as_current_span("caller") as caller:
        await make_client().get(upstream.base, endpoint="x", params={"token": "abc", "a": 1})
    first, second = spans.get_finished_spans()[:2]
    assert [span.kind for span in (first, second)] == [SpanKind.CLIENT, SpanKind.CLIENT]
    assert all(span.parent and span.parent.span_id == caller.get_span_context().span_id for span in (first, second))
    assert first.attributes is not None
    assert first.attributes["http.response.status_code"] == 503
    assert first.attributes["error.type"] == "server_error"
    assert first.attributes["legis.outcome"] == "server_error"
    assert first.status.status_code is StatusCode.ERROR
    assert first.events[0].name == "exception"
    assert second.attributes is not None
    assert second.attributes["http.request.resend_count"] == 1
    assert second.attributes["http.response.body.size"] == 13
    assert second.attributes["url.full"] == f"{upstream.base}/?token=REDACTED&a=1"
    assert second.status.status_code is StatusCode.UNSET
