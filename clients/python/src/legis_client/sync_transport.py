"""Sends calls with retries, and reads lists page by page."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Generic, TypeVar

import httpx2

from legis_client.api_errors import ConnectionFailed, error_of
from legis_client.api_operations import Call, ListCall
from legis_client.call_exchange import MOST_REDIRECTS, Exchange, redirected
from legis_client.etag_cache import EtagCache
from legis_client.retry_policy import RetryPolicy

Reply = TypeVar("Reply")
Page = TypeVar("Page")
Item = TypeVar("Item")


class Transport:
    """Sends calls, repeats failed requests where the retry policy allows it, and waits in between."""

    def __init__(
        self, http: httpx2.Client, policy: RetryPolicy, etags: EtagCache, sleep: Callable[[float], None]
    ) -> None:
        self._http = http
        self._policy = policy
        self._etags = etags
        self._sleep = sleep

    def send(self, call: Call[Reply]) -> Reply:
        """The reply to a call. Raises ApiError or ConnectionFailed."""
        exchange = Exchange(call, self._policy, self._etags)
        while True:
            try:
                response = self._answer(call.target, exchange.headers())
            except httpx2.TransportError as error:
                wait: float | None = exchange.wait_after_failure(error)
            else:
                wait = exchange.wait_after_refusal(response)
            if wait is None:
                return exchange.reply(response)
            self._sleep(wait)

    @contextmanager
    def stream(self, call: Call[bytes], headers: Mapping[str, str] | None = None) -> Iterator[httpx2.Response]:
        """A successful reply whose body is read piece by piece. It is requested once. Raises ApiError or
        ConnectionFailed, also for a body that is cut.
        """
        try:
            with closing(self._answer(call.target, {"Accept": "*/*", **(headers or {})}, stream=True)) as response:
                if not response.is_success:
                    response.read()
                    raise error_of(response)
                yield response
        except httpx2.TransportError as error:
            raise ConnectionFailed(f"{call.target}: {error or type(error).__name__}") from error

    def _answer(self, target: str, headers: Mapping[str, str], *, stream: bool = False) -> httpx2.Response:
        """The reply at the end of the redirects within the API's origin; the last redirect where there are too many."""
        response = self._http.send(self._http.build_request("GET", target, headers=headers), stream=stream)
        for _ in range(MOST_REDIRECTS):
            following = redirected(response)
            if following is None:
                break
            response.close()
            response = self._http.send(following, stream=stream)
        return response


class Pages(Generic[Page, Item]):
    """A list. `for` yields its items and requests further pages as needed; `pages()` yields whole replies."""

    def __init__(self, transport: Transport, call: ListCall[Page, Item]) -> None:
        self._transport = transport
        self._call = call

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from self._call.items(page)

    def pages(self) -> Iterator[Page]:
        """Whole replies, with `page` and `meta`; store `page["next_cursor"]` to continue at another time."""
        call = self._call.first
        while True:
            page = self._transport.send(call)
            yield page
            following = self._call.following(page)
            if following is None:
                return
            call = Call(following)

    def first(self) -> Page:
        """Only the first reply: for counts, facets, or a short list."""
        return self._transport.send(self._call.first)
