"""One trace from fetch to row: where a change is filed, and which messages get a span of their own."""

import pytest
from api_gateway.worker.batch_spans import _sampled, _trace_id, batch_spans
from legis.streams.consumer import Delivery

TRACE = "ab" * 16


@pytest.mark.parametrize(
    ("traceparent", "trace_id", "sampled"),
    [
        (f"00-{TRACE}-{'cd' * 8}-01", TRACE, True),
        (f"00-{TRACE}-{'cd' * 8}-03", TRACE, True),
        (f"00-{TRACE}-{'cd' * 8}-02", TRACE, False),
        (f"00-{TRACE}-{'cd' * 8}-00", TRACE, False),
        (f"00-{'0' * 32}-{'cd' * 8}-01", None, False),
        (f"00-{TRACE}-{'cd' * 8}-0x", None, False),
        (f"00_{TRACE}-{'cd' * 8}-01", None, False),
        ("", None, False),
        (None, None, False),
    ],
)
def test_traceparents_are_read_strictly(traceparent: str | None, trace_id: str | None, sampled: bool) -> None:
    assert _trace_id(traceparent) == trace_id
    assert _sampled(traceparent) is sampled


def test_each_delivery_is_filed_under_its_own_trace() -> None:
    deliveries = [Delivery("1-0", b"", f"00-{TRACE}-{'cd' * 8}-01", 1), Delivery("2-0", b"", "rubbish", 1)]
    with batch_spans(deliveries) as spans:
        assert spans.trace_ids[0] == TRACE
        assert spans.trace_ids[1] != TRACE
        assert set(spans.messages) == {"1-0"}
