"""The exchange for one call, from its first request to its reply: retries and ETags, without I/O,
used by both clients.
"""

import json
from collections.abc import Mapping
from typing import Generic, TypeVar, cast

import httpx2

from legis_client.api_errors import ApiError, ConnectionFailed, error_of
from legis_client.api_operations import Call
from legis_client.etag_cache import EtagCache
from legis_client.retry_policy import REPEATED, RetryPolicy

VERSION = "0.1.0"
MOST_REDIRECTS = 5
"""Redirects that one request follows."""

Reply = TypeVar("Reply")


def headers_of_client(api_key: str | None) -> dict[str, str]:
    """The headers that every request of a client has."""
    key = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    return {"User-Agent": f"legis-client/{VERSION}", "Accept": "application/json", **key}


def redirected(response: httpx2.Response) -> httpx2.Request | None:
    """The request that a redirect asks for; None where there is none, or where it leads to another origin: the API key
    and what is asked are for the API alone.
    """
    following = response.next_request
    if following is None or following.url.origin != response.request.url.origin:
        return None
    return following


class Exchange(Generic[Reply]):
    """The requests of one call. The client sends and waits; this class decides the headers and the waiting times."""

    def __init__(self, call: Call[Reply], policy: RetryPolicy, etags: EtagCache) -> None:
        self._target = call.target
        self._policy = policy
        self._etags = etags
        self._attempt = 0
        self._kept = etags.get(call.target)

    def headers(self) -> Mapping[str, str]:
        """Headers of the next request."""
        self._attempt += 1
        return {"If-None-Match": self._kept.etag} if self._kept else {}

    def wait_after_failure(self, error: httpx2.TransportError) -> float:
        """Seconds to wait after a request without a reply. Raises ConnectionFailed if there is no further attempt."""
        wait = self._policy.wait_after(self._attempt, None)
        if wait is None:
            raise ConnectionFailed(f"{self._target}: {error or type(error).__name__}") from error
        return wait

    def wait_after_refusal(self, response: httpx2.Response) -> float | None:
        """Seconds to wait after this reply; None if it is successful. Raises the reply's error if there is no further
        attempt.
        """
        if response.is_success or response.status_code == 304:
            return None
        error: ApiError = error_of(response)
        wait = self._policy.wait_after(self._attempt, error.retry_after) if error.status in REPEATED else None
        if wait is None:
            raise error
        return wait

    def reply(self, response: httpx2.Response) -> Reply:
        """The document of a successful reply; for a 304, the cached document."""
        if response.status_code == 304 and self._kept:
            return cast(Reply, json.loads(self._kept.body))
        self._etags.keep(self._target, response.headers.get("ETag"), response.content)
        return cast(Reply, response.json())
