"""Retries, Retry-After and ETags of the Python client, without a server."""

from datetime import UTC, datetime

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from legis_client import ConnectionFailed, InvalidRequest, RetryPolicy, Unavailable
from legis_client.api_errors import seconds_of
from legis_client.api_operations import Call, list_bills
from legis_client.call_exchange import Exchange
from legis_client.etag_cache import EtagCache

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
CALL: Call[dict[str, int]] = Call("/api/v1/stats")


def reply(status: int, body: bytes = b"{}", **headers: str) -> httpx2.Response:
    return httpx2.Response(
        status, headers={name.replace("_", "-"): value for name, value in headers.items()}, content=body
    )


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("Sat, 28 Nov 2026 12:00:30 GMT", 30),
        ("Sat, 28 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(told: str | None, seconds: float | None) -> None:
    assert seconds_of(told, NOW) == seconds


@given(attempt=st.integers(1, 20), retry_after=st.none() | st.floats(0, 1000), attempts=st.integers(1, 10))
def test_no_wait_is_longer_than_allowed_or_shorter_than_told(
    attempt: int, retry_after: float | None, attempts: int
) -> None:
    policy = RetryPolicy(attempts=attempts, longest_wait=20)
    wait = policy.wait_after(attempt, retry_after)
    assert (wait is None) == (attempt >= attempts or (retry_after or 0) > 20)
    if wait is not None:
        assert 0 <= wait <= 20
        assert retry_after is None or wait == retry_after


def test_a_call_ends_after_the_last_attempt() -> None:
    exchange = Exchange(CALL, RetryPolicy(attempts=3), EtagCache(0))
    for _ in range(2):
        exchange.headers()
        assert exchange.wait_after_refusal(reply(503, Retry_After="4")) == 4
    exchange.headers()
    with pytest.raises(Unavailable) as refused:
        exchange.wait_after_refusal(reply(503, b'{"detail": "full"}', Retry_After="4"))
    assert refused.value.retry_after == 4
    assert "full" in str(refused.value)


def test_a_wrong_request_is_not_repeated() -> None:
    exchange = Exchange(CALL, RetryPolicy(), EtagCache(0))
    exchange.headers()
    with pytest.raises(InvalidRequest):
        exchange.wait_after_refusal(reply(400))


def test_a_server_that_is_not_there_is_asked_again_and_then_told() -> None:
    exchange = Exchange(CALL, RetryPolicy(attempts=2, first_wait=1), EtagCache(0))
    exchange.headers()
    assert 0.5 <= exchange.wait_after_failure(httpx2.ConnectError("refused")) <= 1
    exchange.headers()
    with pytest.raises(ConnectionFailed):
        exchange.wait_after_failure(httpx2.ConnectError("refused"))


def test_an_unchanged_reply_is_the_one_that_was_kept() -> None:
    etags = EtagCache(1)
    first = Exchange(CALL, RetryPolicy(), etags)
    assert first.headers() == {}
    assert first.reply(reply(200, b'{"total": 1}', ETag='"a"')) == {"total": 1}
    again = Exchange(CALL, RetryPolicy(), etags)
    assert again.headers() == {"If-None-Match": '"a"'}
    etags.keep("/another", '"b"', b"{}")  # drops the reply from the cache, not from the call that is under way
    assert again.reply(reply(304)) == {"total": 1}
    assert Exchange(CALL, RetryPolicy(), etags).headers() == {}


def test_parameters_are_written_as_in_the_links_of_the_api() -> None:
    call = list_bills({"type": ["PL", "PEC"], "in_progress": True, "q": "a&b", "cursor": None, "year": 2024})
    assert call.first.target == "/api/v1/bills?type=PL,PEC&in_progress=true&q=a%26b&year=2024"
