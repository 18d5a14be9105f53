"""Reads the public HTTP API for one page: at most three requests, and an exception for each way to fail."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

import aiohttp
import orjson
from legis.clock import utc_now
from legis.languages import Language
from legis.telemetry.metrics import SITE_API_CALLS

MOST_CALLS = 3
"""Requests to the API for one page, unless its route says otherwise."""

MOST_BYTES = 4_000_000
"""Of one reply. A page of the API has at most 100 items."""

Query = Sequence[tuple[str, str]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ApiReply:
    """A reply of the API: its JSON document and its headers. `address` is the path with the query that was asked."""

    address: str
    document: Mapping[str, Any]
    headers: Mapping[str, str]
    status: int = 200

    @property
    def data(self) -> Any:
        """The list, or the one thing."""
        return self.document["data"]

    @property
    def meta(self) -> Mapping[str, Any]:
        """The member `meta` of the reply: kind of data, freshness."""
        return self.document.get("meta") or {}

    @property
    def page(self) -> Mapping[str, Any]:
        """Where a list goes on."""
        return self.document.get("page") or {}


@dataclass(frozen=True, slots=True)
class Problem:
    """What a problem document (RFC 9457) says."""

    detail: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    """Names of parameters, each with what is wrong with it."""
    trace_id: str | None = None


class ApiError(Exception):
    """The API gave no data. `status` is that of the page that says so, `retry_after` in seconds."""

    status = 502
    outcome = "failed"

    def __init__(self, problem: Problem | None = None, *, retry_after: int | None = None) -> None:
        super().__init__((problem or Problem()).detail)
        self.problem = problem or Problem()
        self.retry_after = retry_after


class NotFound(ApiError):
    """There is nothing at that address."""

    status = 404
    outcome = "not_found"


class Refused(ApiError):
    """The request is wrong: an unknown parameter, a value that cannot be taken."""

    status = 400
    outcome = "refused"


class RateLimited(ApiError):
    """The visitor has used up the limit."""

    status = 429
    outcome = "rate_limited"


class Late(ApiError):
    """No reply within the time limit."""

    status = 503
    outcome = "late"


class Unavailable(ApiError):
    """The API cannot be reached, or cannot answer now."""

    status = 503
    outcome = "unavailable"


@dataclass(slots=True)
class ApiWatch:
    """Whether the API answers, as every request of this process finds: `away_since` is None while it does."""

    away_since: datetime | None = None

    def saw(self, error: Exception | None) -> None:
        """Notes the end of one request; an error of the visitor's is an answer too."""
        if isinstance(error, Late | Unavailable):
            self.away_since = self.away_since or utc_now()
        elif error is None or isinstance(error, ApiError):
            self.away_since = None


@dataclass(slots=True)
class Api:
    """The API for one visit: it is asked in the visitor's language, for the visitor's address, within its trace."""

    session: aiohttp.ClientSession
    base: str
    language: Language
    client: str
    traceparent: str | None = None
    most: int = MOST_CALLS
    watch: ApiWatch = field(default_factory=ApiWatch)
    calls: int = field(default=0, init=False)

    async def get(self, path: str, params: Query = ()) -> ApiReply:
        """The reply to a GET. Raises one of the subclasses of ApiError."""
        return await self._asked("GET", path + (f"?{urlencode(params)}" if params else ""), None)

    async def post(self, path: str, document: Mapping[str, Any]) -> ApiReply:
        """The reply to a POST of a JSON document. Raises as `get` does."""
        return await self._asked("POST", path, orjson.dumps(document))

    async def _asked(self, method: str, address: str, body: bytes | None) -> ApiReply:
        self.calls += 1
        if self.calls > self.most:
            raise RuntimeError(f"a page asked the API more than {self.most} times: {address}")
        outcome = "ok"
        try:
            reply = await self._reply(method, address, body)
            self.watch.saw(None)
            return reply
        except ApiError as error:
            outcome = error.outcome
            self.watch.saw(error)
            raise
        finally:
            SITE_API_CALLS.labels(outcome).inc()

    async def _reply(self, method: str, address: str, body: bytes | None) -> ApiReply:
        try:
            async with self.session.request(
                method, self.base + address, data=body, headers=self._headers(body), allow_redirects=False
            ) as reply:
                content = await reply.content.read(MOST_BYTES + 1)
                while not reply.content.at_eof() and len(content) <= MOST_BYTES:
                    content += await reply.content.read(MOST_BYTES + 1 - len(content))
                status, headers = reply.status, reply.headers
        except TimeoutError:
            raise Late() from None
        except (aiohttp.ClientError, OSError):
            raise Unavailable() from None
        document = _document(content)
        if 200 <= status < 300 and document is not None:
            return ApiReply(address, document, headers, status)
        raise _error(status, document or {}, headers)

    def _headers(self, body: bytes | None) -> dict[str, str]:
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Accept-Language": self.language.value,
            "X-Forwarded-For": self.client,
        }
        if self.traceparent:
            headers["traceparent"] = self.traceparent
        if body is not None:
            headers["Content-Type"] = "application/json"
        return headers


async def together(*asked: Awaitable[T]) -> list[T]:
    """The replies in the order of the requests, which run at once. Raises the first error, once all have ended."""
    found = await asyncio.gather(*asked, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return [one for one in found if not isinstance(one, BaseException)]


async def if_there(asked: Awaitable[T]) -> T | None:
    """The reply, or None where the API gives none: for a part that the page can do without, and says so."""
    try:
        return await asked
    except ApiError:
        return None


def _document(content: bytes) -> Mapping[str, Any] | None:
    if len(content) > MOST_BYTES:
        return None
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _error(status: int, document: Mapping[str, Any], headers: Mapping[str, str]) -> ApiError:
    errors = tuple((str(one.get("parameter", "")), str(one.get("detail", ""))) for one in document.get("errors") or ())
    problem = Problem(str(document.get("detail") or ""), errors, document.get("trace_id"))
    wait = headers.get("Retry-After", "")
    retry_after = int(wait) if wait.isdecimal() and len(wait) < 8 else None
    if status in (404, 410):
        return NotFound(problem)
    if status == 429:
        return RateLimited(problem, retry_after=retry_after)
    if 400 <= status < 500:
        return Refused(problem)
    return Unavailable(problem, retry_after=retry_after)
