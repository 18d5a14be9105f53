"""HTTP client of one chamber: block(retry(breaker(slots(rate limit(timeout(request))))))."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, replace

import aiohttp
from yarl import URL

from legis.clock import Clock, utc_now
from legis.errors import LegisError, UpstreamBlocked, UpstreamRateLimited, UpstreamRequestRefused
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import RETRY_BUDGET, UPSTREAM_RETRIES
from legis.upstream.answer import UpstreamAnswer
from legis.upstream.block import Block, Forbidden
from legis.upstream.breaker import GuardedBreaker, Permit
from legis.upstream.exchange import Call, Exchange, UpstreamStream
from legis.upstream.http_errors import (
    NOT_BREAKER_FAILURES,
    TRANSPORT_ERRORS,
    Outcome,
    UpstreamFault,
    is_acceptable,
    lower_names,
    status_error,
    transport_fault,
)
from legis.upstream.instrumentation import BlockMetrics, BreakerMetrics, RequestSpan, measured, without_secrets
from legis.upstream.pacing import RateLimiter, SharedPause, Turn
from legis.upstream.policy import BreakerPolicy, UpstreamPolicy
from legis.upstream.redirects import redirect_target
from legis.upstream.retry import Retrier, RetryBudget
from legis.upstream.session import Session
from legis.upstream.upstream_state import UpstreamSnapshot

LARGE_BODY_BYTES = 1024 * 1024
SMALL_BODY_BYTES = 256 * 1024
"""Bodies up to this size are read concurrently, longer ones one at a time, which bounds the memory."""

MAX_REDIRECTS = 3
PROBE_SECONDS = 10.0
_log = get_logger(__name__)


class UpstreamClient:
    """The only client of one chamber's API: one per process, shared by all its requests.

    Created anywhere, used in one event loop. The error type says what to do: UpstreamUnavailable, UpstreamRateLimited
    and BreakerOpen: later; UpstreamBlocked: much later; RecordGone: skip; UpstreamRequestRefused: our request is wrong.
    `clock` tells when an answer came; `block_clock` measures the pauses of a block: monotonic, in seconds.
    """

    def __init__(
        self, policy: UpstreamPolicy, clock: Clock = utc_now, *, block_clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.policy, self._clock = policy, clock
        self._pause = SharedPause()
        self._block = Block(
            first=policy.blocked_pause_seconds,
            longest=policy.longest_block_seconds,
            probe=self._probe if policy.probe_url else None,
            changed=BlockMetrics(policy.source),
            clock=block_clock,
        )
        self._limiter = RateLimiter(policy.requests_per_second, policy.burst, pause=self._pause)
        self._slots = asyncio.Semaphore(policy.max_in_flight)
        self._long_body = asyncio.Lock()
        self._session = Session(policy)
        self._breaker = GuardedBreaker(
            policy.breaker,
            name=policy.source.value,
            ignored=NOT_BREAKER_FAILURES,
            hung_after=policy.connect_timeout,
            listeners=[BreakerMetrics(policy.source)],
        )
        self._budget = RetryBudget()
        self._retrier = Retrier(
            attempts=policy.max_attempts,
            base=policy.retry_base_seconds,
            cap=policy.retry_cap_seconds,
            budget=self._budget,
            on_retry=UPSTREAM_RETRIES.labels(policy.source.value).inc,
        )
        RETRY_BUDGET.labels(policy.source.value).set_function(lambda: self._budget.tokens)

    async def get(
        self,
        url: str,
        *,
        endpoint: str,
        params: Mapping[str, str | int] | None = None,
        accept: str = "application/json",
        total_timeout: float | None = None,
        max_body_bytes: int | None = None,
    ) -> UpstreamAnswer:
        """Requests a URL. The answer is complete, of an accepted type, not empty, and parseable if JSON is accepted."""
        call = self._call(url, endpoint, params, accept, total_timeout, max_body_bytes)

        async def attempt(number: int) -> UpstreamAnswer:
            return await self._breaker.guard(lambda permit: self._complete_answer(permit, call, number))

        return await self._block.guard(lambda: self._retrier.run(attempt))

    @asynccontextmanager
    async def stream(
        self,
        url: str,
        *,
        endpoint: str,
        accept: str = "*/*",
        total_timeout: float | None = None,
        max_body_bytes: int | None = None,
    ) -> AsyncIterator[UpstreamStream]:
        """Opens a large file to be read in chunks. Status and type are checked before the context is entered, with
        retries as in `get`.

        The time limit covers opening and reading together. A failure while reading is not retried here, but counts as a
        failure of upstream.
        """
        call = self._call(url, endpoint, None, accept, total_timeout, max_body_bytes)
        permits: list[Permit] = []

        async def open_once(permit: Permit, number: int) -> Exchange:
            permits.append(permit)
            return await self._open(permit, call, number)

        async def attempt(number: int) -> Exchange:
            return await self._breaker.guard(lambda permit: open_once(permit, number))

        async with await self._block.guard(lambda: self._retrier.run(attempt)) as exchange:
            yield UpstreamStream(exchange, lambda fault: self._breaker.report(permits[-1], fault))

    def send_only_if(self, may_send: Callable[[], None]) -> None:
        """Calls `may_send` before each further request, which is not sent if it raises NotTheReader."""
        self._limiter.may_send = may_send

    def snapshot(self) -> UpstreamSnapshot:
        """State of the connection to upstream at this moment."""
        block = self._block
        paused_until = block.until if block.remaining > self._pause.remaining else self._pause.ends_at()
        return UpstreamSnapshot(self._breaker.snapshot(), self._budget.tokens, paused_until, block.until, block.reason)

    @property
    def breaker_policy(self) -> BreakerPolicy:
        """The circuit breaker's present rules."""
        return self._breaker.policy

    def adopt(self, breaker: BreakerPolicy) -> None:
        """Replaces the circuit breaker's rules from the next call on."""
        self._breaker.adopt(breaker)
        _log.warning("breaker_policy_changed", source=self.policy.source.value, policy=asdict(breaker))

    async def close(self) -> None:
        """Closes connections. Later calls raise RuntimeError."""
        await self._session.close()

    def _call(
        self,
        url: str,
        endpoint: str,
        params: Mapping[str, str | int] | None,
        accept: str,
        total_timeout: float | None,
        max_body_bytes: int | None,
    ) -> Call:
        try:
            full = str(URL(url).extend_query(params or {}))
        except ValueError:
            raise UpstreamRequestRefused(f"{endpoint}: not a usable URL") from None
        timeout = self.policy.total_timeout if total_timeout is None else total_timeout
        limit = self.policy.max_body_bytes if max_body_bytes is None else max_body_bytes
        return Call(full, endpoint, accept, timeout, limit)

    async def _probe(self) -> None:
        """Requests the probe URL once. Raises the error that its answer means."""
        limit = min(PROBE_SECONDS, self.policy.total_timeout)
        call = self._call(self.policy.probe_url, "probe", None, "application/json", limit, None)

        async def ask(permit: Permit) -> None:
            async with await self._open(permit, replace(call, probe=True), 0):
                return

        await self._breaker.guard(ask)

    async def _complete_answer(self, permit: Permit, call: Call, number: int) -> UpstreamAnswer:
        async with await self._open(permit, call, number) as exchange:
            body = await self._read_body(exchange)
            answer = UpstreamAnswer(
                exchange.url,
                exchange.response.status,
                exchange.headers,
                body,
                exchange.fetched_at,
                exchange.server_date,
            )
            if not body:
                raise UpstreamFault(f"{without_secrets(exchange.url)}: empty body", Outcome.EMPTY)
            if call.accept == "application/json":
                if len(body) > LARGE_BODY_BYTES:
                    await asyncio.to_thread(answer.json)
                else:
                    answer.json()
            return answer

    async def _read_body(self, exchange: Exchange) -> bytes:
        """Reads the whole body. Waiting for another long body counts towards this request's time limit."""
        body, alone = bytearray(), False
        try:
            async for chunk in exchange.chunks():
                body += chunk
                if not alone and len(body) > SMALL_BODY_BYTES:
                    await exchange.in_time(self._long_body.acquire())
                    alone = True
            return bytes(body)
        finally:
            body.clear()  # a stored error would keep the body in memory through its traceback
            if alone:
                self._long_body.release()

    async def _open(self, permit: Permit, call: Call, number: int) -> Exchange:
        """Waits for its turn, sends the request, and checks status and type."""
        permit.pause_timing()
        async with AsyncExitStack() as stack:
            if not call.probe:  # a probe must not wait for a slot behind requests that wait for its result
                self._block.raise_if_active()
                await stack.enter_async_context(self._slots)
            turn = stack.enter_context(await self._turn(call))
            self._breaker.confirm(permit)
            span = stack.enter_context(measured(self.policy.source, call.endpoint, call.url, number))
            deadline = asyncio.get_running_loop().time() + call.total_timeout
            response = await self._ask(call, deadline, span, turn)
            stack.callback(response.release)
            self._check(call, response)
            return Exchange(call, response, deadline, span, stack.pop_all(), self._clock())

    async def _turn(self, call: Call) -> Turn:
        """Waits for permission to send. Raises UpstreamBlocked where the client was blocked meanwhile."""
        while True:
            turn = await self._limiter.acquire()
            if call.probe or not (self._block.probing or self._block.active):
                return turn
            turn.mark_sent()  # the turn is given back unused
            await self._block.probe_finished()
            self._block.raise_if_active()

    async def _ask(self, call: Call, deadline: float, span: RequestSpan, turn: Turn) -> aiohttp.ClientResponse:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._follow(call, span, turn)
        except TRANSPORT_ERRORS as error:
            raise transport_fault(error, without_secrets(call.url)) from error

    async def _follow(self, call: Call, span: RequestSpan, turn: Turn) -> aiohttp.ClientResponse:
        """The last answer of a chain of redirects; each request of the chain waits for its own turn."""
        session, url = self._session.get(), URL(call.url)
        for hop in range(MAX_REDIRECTS + 1):
            with turn if hop == 0 else await self._limiter.acquire() as turn_of_hop:
                response = await session.get(
                    url,
                    headers={"Accept": call.accept},
                    allow_redirects=False,
                    timeout=self._session.timeout(call.total_timeout),
                    trace_request_ctx=turn_of_hop,
                )
            span.answered(str(url), response.status)
            target = redirect_target(url, response, self.policy.redirect_hosts)
            if target is None:
                return response
            response.release()
            url = target
        raise UpstreamRequestRefused(f"{without_secrets(call.url)}: more than {MAX_REDIRECTS} redirects")

    def _check(self, call: Call, response: aiohttp.ClientResponse) -> None:
        shown, headers = without_secrets(str(response.url)), lower_names(response.headers)
        error = status_error(
            response.status,
            headers,
            shown,
            default_retry_after=self.policy.default_retry_after,
            blocked_pause=self.policy.blocked_pause_seconds,
        )
        if error is not None:
            self._apply_to_all_callers(error)
            raise error
        content_type = headers.get("content-type", "")
        if not is_acceptable(content_type, call.accept):
            raise UpstreamFault(f"{shown}: {content_type or 'no type'} instead of {call.accept}", Outcome.WRONG_TYPE)

    def _apply_to_all_callers(self, error: LegisError) -> None:
        """Pauses all callers of this source after one caller's 429. A 403 is classified later, by Block."""
        if isinstance(error, UpstreamRateLimited):
            self._pause.extend((error.retry_after or 0.0) + random.random())
            _log.warning("upstream_rate_limited", source=self.policy.source.value, pause_seconds=error.retry_after)
        elif isinstance(error, UpstreamBlocked) and not isinstance(error, Forbidden):
            self._block.begin(str(error), error.retry_after)
        elif isinstance(error, UpstreamRequestRefused):
            _log.error("upstream_refused_request", source=self.policy.source.value, error=str(error))
