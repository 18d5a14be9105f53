"""Maps HTTP statuses, headers and transport failures to exceptions: one class for each way to recover."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

import aiohttp

from legis.errors import (
    LegisError,
    NotTheReader,
    RecordGone,
    UpstreamBlocked,
    UpstreamRateLimited,
    UpstreamRequestRefused,
    UpstreamUnavailable,
)
from legis.upstream.block import Forbidden

LONGEST_RETRY_AFTER = 300.0
"""Longest wait in seconds that a `Retry-After` can ask of a retry; a longer one is cut."""

LONG_RETRY_AFTER = 120.0
"""A 429 whose `Retry-After` is longer than this many seconds counts as a block and not as a rate limit."""

LONGEST_BLOCK = 86_400.0
"""Longest block in seconds that a `Retry-After` can ask for: one day, so that a wrong header stops nothing for ever."""


class Outcome(StrEnum):
    """How one request ended: a label of metrics and spans."""

    OK = "ok"
    TIMEOUT = "timeout"
    CONNECTION_ERROR = "connection_error"
    SERVER_ERROR = "server_error"
    WRONG_TYPE = "wrong_type"
    EMPTY = "empty"
    CUT = "cut"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    BLOCKED = "blocked"
    GONE = "gone"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"


class UpstreamFault(UpstreamUnavailable):
    """UpstreamUnavailable with the outcome that describes the failure."""

    def __init__(self, message: str, outcome: Outcome, *, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.outcome = outcome


_BY_TYPE: tuple[tuple[type[BaseException], Outcome], ...] = (
    (UpstreamRateLimited, Outcome.RATE_LIMITED),
    (UpstreamBlocked, Outcome.BLOCKED),
    (RecordGone, Outcome.GONE),
    (UpstreamRequestRefused, Outcome.REFUSED),
)


def outcome_of(error: BaseException) -> Outcome:
    """The outcome of a request that ended with `error`; cancelled or abandoned where upstream did not cause it."""
    if isinstance(error, UpstreamFault):
        return error.outcome
    for kind, outcome in _BY_TYPE:
        if isinstance(error, kind):
            return outcome
    return Outcome.ABANDONED if isinstance(error, Exception) else Outcome.CANCELLED


def status_error(
    status: int, headers: Mapping[str, str], what: str, *, default_retry_after: float, blocked_pause: float
) -> LegisError | None:
    """The error for a status; None for 2xx. `what` names the request in the message; header names are lower case."""
    if 200 <= status < 300:
        return None
    retry_after = parse_retry_after(headers.get("retry-after"), server_date(headers))
    message = f"{what} answered {status}"
    if status == 429:
        return _too_many(headers, message, default_retry_after)
    if status == 403:
        return Forbidden(message, retry_after=blocked_pause)
    if status in (404, 410):
        return RecordGone(message)
    if status >= 500:
        return UpstreamFault(message, Outcome.SERVER_ERROR, retry_after=retry_after)
    return UpstreamRequestRefused(message)


def _too_many(headers: Mapping[str, str], message: str, default_retry_after: float) -> LegisError:
    retry_after = parse_retry_after(headers.get("retry-after"), server_date(headers), longest=LONGEST_BLOCK)
    if retry_after is not None and retry_after > LONG_RETRY_AFTER:
        return UpstreamBlocked(f"{message}, and to come back in {retry_after:.0f} s", retry_after=retry_after)
    return UpstreamRateLimited(message, retry_after=default_retry_after if retry_after is None else retry_after)


def transport_fault(error: Exception, what: str) -> LegisError:
    """The error for a failure below HTTP. `error` must be one of `TRANSPORT_ERRORS`."""
    cause = str(error) or type(error).__name__
    if isinstance(error, TimeoutError):
        return UpstreamFault(f"{what} took too long", Outcome.TIMEOUT)
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return UpstreamRequestRefused(f"{what}: not a usable URL ({cause})")
    if isinstance(error, aiohttp.ClientHttpProxyError):  # its own text contains the proxy's URL, password included
        return UpstreamFault(f"{what}: the proxy answered {error.status}", Outcome.CONNECTION_ERROR)
    if isinstance(error, aiohttp.ClientPayloadError):
        return UpstreamFault(f"{what}: body was cut or broken ({cause})", Outcome.CUT)
    return UpstreamFault(f"{what} could not be asked ({cause})", Outcome.CONNECTION_ERROR)


NOT_BREAKER_FAILURES = (UpstreamRateLimited, UpstreamBlocked, RecordGone, UpstreamRequestRefused, NotTheReader)
"""Errors that do not mean that upstream fails."""

TRANSPORT_ERRORS = (TimeoutError, aiohttp.ClientError, OSError)


def parse_retry_after(value: str | None, now: datetime | None, *, longest: float = LONGEST_RETRY_AFTER) -> float | None:
    """Seconds to wait, from a number of seconds or an HTTP date, clamped to [0, `longest`]; None where there is none.

    A date is compared with the answer's own Date where it has one, since both come from upstream's clock.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        until = parse_http_date(value)
        if until is None:
            return None
        seconds = (until - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), longest) if math.isfinite(seconds) else None


def server_date(headers: Mapping[str, str]) -> datetime | None:
    """The Date header in UTC; None where it is missing or malformed."""
    return parse_http_date(headers.get("date"))


def parse_http_date(value: str | None) -> datetime | None:
    """An HTTP date in UTC; None for anything else. A date without a zone is in GMT, as HTTP defines."""
    if value is None:
        return None
    try:
        instant = parsedate_to_datetime(value)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by lower-case name; the values of repeated headers are joined with a comma."""
    plain: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        plain[key] = f"{plain[key]}, {value}" if key in plain else value
    return plain


def is_json(content_type: str) -> bool:
    """Whether a Content-Type says JSON, `application/problem+json` and the like included."""
    media = _media_type(content_type)
    return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))


def is_acceptable(content_type: str, accept: str) -> bool:
    """Whether a Content-Type matches `accept`; `*/*` accepts a missing one too."""
    media = _media_type(content_type)
    for wanted in (_media_type(part) for part in accept.split(",")):
        if wanted in ("*/*", media) or (wanted.endswith("/*") and media.startswith(wanted[:-1])):
            return True
        if wanted == "application/json" and is_json(content_type):
            return True
    return False


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
