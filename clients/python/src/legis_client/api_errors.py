"""Errors of the client: one class for each way in which a caller can react."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2


class LegisError(Exception):
    """Any error of this client."""


class ConnectionFailed(LegisError):
    """No reply arrived: the server was not reached, or did not answer in time. `__cause__` is the error of `httpx2`."""


class ApiError(LegisError):
    """The server refused the request. `problem` is the reply's problem document (RFC 9457), empty if it has none.
    `location` is the address of a redirect that was not followed: one of another origin, or one too many.
    """

    def __init__(
        self, status: int, problem: Mapping[str, Any], retry_after: float | None = None, location: str | None = None
    ) -> None:
        without = f"redirect to {location}, which is not followed" if location else "no problem document"
        super().__init__(f"{status} {problem.get('detail') or problem.get('title') or without}")
        self.status = status
        self.problem = problem
        self.retry_after = retry_after
        self.location = location

    @property
    def trace_id(self) -> str | None:
        """Identifier of the request in the server's logs; None if the reply has none."""
        return self.problem.get("trace_id")


class InvalidRequest(ApiError):
    """The request is invalid, and repeating it does not help: `problem["errors"]` names the parameters (4xx)."""


class NotAllowed(ApiError):
    """The API key is unknown, revoked or expired, or lacks the scope (401, 403)."""


class NotFound(ApiError):
    """The bill, source or address does not exist (404)."""


class Gone(ApiError):
    """The change log has no such position, or was replaced by another log after a restore (410): start again."""

    @property
    def epoch(self) -> str | None:
        """Identity of the current change log."""
        return self.problem.get("epoch")

    @property
    def head(self) -> int | None:
        """`seq` of the last entry of the current change log."""
        return self.problem.get("head")


class RateLimited(ApiError):
    """The client made more requests than its limit allows (429); the next one is answered after
    `retry_after` seconds.
    """


class Unavailable(ApiError):
    """The server cannot answer at present (5xx); try again after `retry_after` seconds."""


_CLASSES = {401: NotAllowed, 403: NotAllowed, 404: NotFound, 410: Gone, 429: RateLimited}


def error_of(response: httpx2.Response) -> ApiError:
    """The exception for a reply other than 2xx and 304."""
    status = response.status_code
    kind = _CLASSES.get(status, Unavailable if status >= 500 else InvalidRequest)
    retry_after = seconds_of(response.headers.get("Retry-After"), datetime.now(UTC))
    location = response.headers.get("Location") if 300 <= status < 400 else None
    return kind(status, _problem(response), retry_after, location)


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """Seconds given by a `Retry-After` header, from a number or an HTTP date; None if it is missing or invalid."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(UTC) - now).total_seconds())


def _problem(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        document = response.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
