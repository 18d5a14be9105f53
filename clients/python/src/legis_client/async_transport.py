"""The same for asyncio: sends calls with retries, and reads lists page by page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
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


class AsyncTransport:
    """Sends calls, repeats failed requests where the retry policy allows it, and waits in between."""

    def __init__(
        self, http: httpx2.AsyncClient, policy: RetryPolicy, etags: EtagCache, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._http = http
        self._policy = policy
        self._etags = etags
        self._sleep = sleep

    async def send(self, call: Call[Reply]) -> Reply:
        """The reply to a call. Raises ApiError or ConnectionFailed."""
        exchange = Exchange(call, self._policy, self._etags)
        while True:
            try:
                response = await self._answer(call.target, exchange.headers())
            except httpx2.TransportError as error:
                wait: float | None = exchange.wait_after_failure(error)
            else:
                wait = exchange.wait_after_refusal(response)
            if wait is None:
                return exchange.reply(response)
            await self._sleep(wait)

    @asynccontextmanager
    async def stream(
        self, call: Call[bytes], headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[httpx2.Response]:
        """A successful reply whose body is read piece by piece. It is requested once. Raises ApiError or
        ConnectionFailed, also for a body that is cut.
        """
        try:
            wanted = {"Accept": "*/*", **(headers or {})}
            response = await self._answer(call.target, wanted, stream=True)
            try:
                if not response.is_success:
                    await response.aread()
                    raise error_of(response)
                yield response
            finally:
                await response.aclose()
        except httpx2.TransportError as error:
            raise ConnectionFailed(f"{call.target}: {error or type(error).__name__}") from error

    async def _answer(self, target: str, headers: Mapping[str, str], *, stream: bool = False) -> httpx2.Response:
        """The reply at the end of the redirects within the API's origin; the last redirect where there are too many."""
        response = await self._http.send(self._http.build_request("GET", target, headers=headers), stream=stream)
        for _ in range(MOST_REDIRECTS):
            following = redirected(response)
            if following is None:
                break
            await response.aclose()
            response = await self._http.send(following, stream=stream)
        return response


class AsyncPages(Generic[Page, Item]):
    """A list. `async for` yields its items and requests further pages as needed; `pages()` yields whole replies."""

    def __init__(self, transport: AsyncTransport, call: ListCall[Page, Item]) -> None:
        self._transport = transport
        self._call = call

    async def __aiter__(self) -> AsyncIterator[Item]:
        async for page in self.pages():
            for item in self._call.items(page):
                yield item

    async def pages(self) -> AsyncIterator[Page]:
        """Whole replies, with `page` and `meta`; store `page["next_cursor"]` to continue at another time."""
        call = self._call.first
        while True:
            page = await self._transport.send(call)
            yield page
            following = self._call.following(page)
            if following is None:
                return
            call = Call(following)

    async def first(self) -> Page:
        """Only the first reply: for counts, facets, or a short list."""
        return await self._transport.send(self._call.first)
