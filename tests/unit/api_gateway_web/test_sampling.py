"""A share of the requests is traced, and no more than so many a second; a visit to the pages as seldom as a request."""

import pytest
from api_gateway.site.request_layers import TraceLayer
from legis.telemetry.trace_ceiling import Ceiling
from legis.telemetry.traces import configure, sampling
from starlette.responses import PlainTextResponse
from starlette.types import Message

GIVEN = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"


def test_a_ceiling_holds_each_second_and_begins_anew_with_the_next() -> None:
    now = 10.0
    ceiling = Ceiling(3, clock=lambda: now)
    assert [ceiling.allows() for _ in range(5)] == [True, True, True, False, False]
    now = 10.99
    assert not ceiling.allows()
    now = 11.0
    assert ceiling.allows()


async def _traceparent(layer: TraceLayer, given: str | None = None) -> str:
    """The `traceparent` of the reply to a visit."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"traceparent", given.encode())] if given else []
    await layer({"type": "http", "method": "GET", "path": "/", "headers": headers}, receive, send)
    return dict(sent[0]["headers"])[b"traceparent"].decode()


def _recorded(traceparent: str) -> bool:
    return bool(int(traceparent.rpartition("-")[2], 16) & 1)


async def test_a_visit_is_recorded_where_somebody_receives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    configure("site", endpoint=None, ratio=1.0, file=None)
    layer = TraceLayer(PlainTextResponse("page"))
    for share in (0.0, 1.0):
        monkeypatch.setattr(sampling, "share", share)
        assert _recorded(await _traceparent(layer)) is (share == 1.0)
    monkeypatch.setattr(sampling, "share", 0.0)
    joined = await _traceparent(layer, GIVEN)
    assert (joined.split("-")[1], _recorded(joined)) == (GIVEN.split("-")[1], True)
