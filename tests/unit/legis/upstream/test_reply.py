"""What statuses, headers and types mean."""

import hashlib
from datetime import UTC, datetime

import aiohttp
import pytest
from legis.errors import (
    LegisError,
    RecordGone,
    UpstreamBlocked,
    UpstreamRateLimited,
    UpstreamRequestRefused,
    UpstreamUnavailable,
)
from legis.upstream import UpstreamAnswer
from legis.upstream.http_errors import (
    Outcome,
    is_acceptable,
    outcome_of,
    parse_http_date,
    parse_retry_after,
    status_error,
    transport_fault,
)
from legis.upstream.instrumentation import without_secrets

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def error_of(status: int, headers: dict[str, str] | None = None) -> LegisError | None:
    return status_error(status, headers or {}, "it", default_retry_after=30.0, blocked_pause=600.0)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, UpstreamRequestRefused),
        (401, UpstreamRequestRefused),
        (403, UpstreamBlocked),
        (404, RecordGone),
        (405, UpstreamRequestRefused),
        (410, RecordGone),
        (418, UpstreamRequestRefused),
        (429, UpstreamRateLimited),
        (500, UpstreamUnavailable),
        (501, UpstreamUnavailable),
        (502, UpstreamUnavailable),
        (503, UpstreamUnavailable),
        (504, UpstreamUnavailable),
        (304, UpstreamRequestRefused),
    ],
)
def test_each_status_has_one_meaning(status: int, kind: type[LegisError]) -> None:
    assert isinstance(error_of(status), kind)


def test_a_good_status_is_no_error() -> None:
    assert error_of(200) is None


def test_waits_are_taken_from_the_answer() -> None:
    limited, blocked, busy = error_of(429), error_of(403), error_of(503, {"retry-after": "12"})
    assert isinstance(limited, UpstreamRateLimited)
    assert limited.retry_after == 30.0
    assert isinstance(blocked, UpstreamBlocked)
    assert blocked.retry_after == 600.0
    assert isinstance(busy, UpstreamUnavailable)
    assert busy.retry_after == 12.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("0", 0.0),
        ("-5", 0.0),
        ("30", 30.0),
        ("1.5", 1.5),
        ("86400", 300.0),
        ("Mon, 23 Nov 2026 12:01:30 GMT", 90.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("Tue, 24 Nov 2026 12:00:00 GMT", 300.0),
        ("Mon, 23 Nov 2026 09:01:30 -0300", 90.0),
        ("Mon, 99 Nov 2026 12:01:30 GMT", None),
    ],
)
def test_retry_after_in_every_form(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


def test_a_date_is_measured_by_their_clock() -> None:
    headers = {"retry-after": "Fri, 01 Jan 2021 00:00:20 GMT", "date": "Fri, 01 Jan 2021 00:00:00 GMT"}
    error = error_of(429, headers)
    assert isinstance(error, UpstreamRateLimited)
    assert error.retry_after == 20.0


def test_http_dates_are_instants_in_utc() -> None:
    assert parse_http_date("Mon, 23 Nov 2026 12:00:00 GMT") == NOW
    assert parse_http_date("Mon, 23 Nov 2026 12:00:00") == NOW
    assert parse_http_date("yesterday") is None
    assert parse_http_date(None) is None


@pytest.mark.parametrize(
    ("content_type", "accept", "fits"),
    [
        ("application/json", "application/json", True),
        ("application/json;charset=UTF-8", "application/json", True),
        ("application/vnd.x+json", "application/json", True),
        ("text/html", "application/json", False),
        ("", "application/json", False),
        ("", "*/*", True),
        ("text/csv", "text/*", True),
        ("text/csv", "application/xml, text/csv;q=0.5", True),
        ("text/plain", "application/xml, text/csv", False),
    ],
)
def test_types_are_compared_with_what_was_asked_for(content_type: str, accept: str, fits: bool) -> None:
    assert is_acceptable(content_type, accept) is fits


def test_outcomes_of_errors() -> None:
    assert outcome_of(transport_fault(TimeoutError(), "it")) is Outcome.TIMEOUT
    assert outcome_of(transport_fault(aiohttp.ClientPayloadError("cut"), "it")) is Outcome.CUT
    assert outcome_of(transport_fault(ConnectionResetError(), "it")) is Outcome.CONNECTION_ERROR
    assert isinstance(transport_fault(aiohttp.InvalidURL("x"), "it"), UpstreamRequestRefused)
    assert outcome_of(error_of(429) or ValueError()) is Outcome.RATE_LIMITED
    assert outcome_of(ValueError()) is Outcome.ABANDONED
    assert outcome_of(KeyboardInterrupt()) is Outcome.CANCELLED


def answer(body: bytes, content_type: str | None = "application/json") -> UpstreamAnswer:
    headers = {} if content_type is None else {"content-type": content_type}
    return UpstreamAnswer("https://x/y?z=1", 200, headers, body, NOW, None)


def test_an_answer_gives_its_json_once_parsed() -> None:
    whole = answer('{"dados": ["ação"]}'.encode())
    assert whole.json() == {"dados": ["ação"]}
    assert whole.json() is whole.json()
    assert whole.sha256 == hashlib.sha256(whole.body).hexdigest()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"", "application/json"), (b"<html>", "text/html"), (b"{}", None), (b'{"dados": [1,', "application/json")],
)
def test_what_is_no_whole_json_is_unavailable(body: bytes, content_type: str | None) -> None:
    with pytest.raises(UpstreamUnavailable):
        answer(body, content_type).json()


def test_shown_urls_hold_no_secret() -> None:
    shown = without_secrets("https://me:pw@host/x?Token=abc&a=1#frag")
    assert "pw" not in shown
    assert "abc" not in shown
    assert "frag" not in shown
    assert "a=1" in shown
    assert without_secrets("http://[bad") == "invalid URL"
