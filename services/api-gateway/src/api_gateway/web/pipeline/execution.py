"""The innermost layer: requests take a slot, have a deadline, end with their client, and fail as problem documents."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from legis.languages import Text
from legis.service.problems import problem
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import SHED
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_gateway.web.pipeline.limits.admission import Admission, Overloaded
from api_gateway.web.pipeline.limits.too_busy import TOO_BUSY
from api_gateway.web.pipeline.request_context import CONTEXT, RequestContext
from api_gateway.web.pipeline.tracing import tell_trace, unsampled_trace

CLIENT_LEFT = 499
"""Status in logs and metrics of a request whose client disconnected; it is never received by anybody."""

WATCHED_AFTER_SECONDS = 0.02
"""Seconds after which a request gets a task that watches for its client's disconnection; shorter
work is not worth one.
"""

_FAILED = Text("Something failed on our side.", "Algo falhou do nosso lado.")
_log = get_logger(__name__)


class ExecutionLayer:
    """ASGI layer: 503 if a request gets no slot or takes longer than `seconds`, 500 if it fails, without the cause.

    Requests that take no slot (streams, long polls, pages) are limited by their routes, which move the deadline.
    """

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self.app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs one request."""
        context: RequestContext | None = scope.get(CONTEXT)
        if context is None:
            await self.app(scope, receive, send)
            return
        cost = context.slots
        if cost == 0:
            await self._run(context, scope, receive, send)
            return
        admission: Admission = scope["app"].state.resources.admission
        if scope["method"] not in ("GET", "HEAD"):  # its body is still to be read, and what it began is completed
            await self._run(context, scope, receive, send, admission, cost)
            return
        async with _cancelled_when_client_leaves(receive, send) as still_there:
            await self._run(context, scope, still_there, send, admission, cost)

    async def _run(
        self,
        context: RequestContext,
        scope: Scope,
        receive: Receive,
        send: Send,
        admission: Admission | None = None,
        cost: int = 0,
    ) -> None:
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start" and message["status"] >= 400:
                tell_trace(context)
            await send(message)

        reply: ASGIApp
        with unsampled_trace():
            try:
                async with asyncio.timeout(self._seconds) as context.deadline:
                    if admission is None:
                        await self.app(scope, receive, send_noting)
                    else:
                        async with admission.slot(context.client, cost):
                            await self.app(scope, receive, send_noting)
                return
            except Overloaded as error:
                reply, cut = TOO_BUSY[error.reason, error.retry_after], f"no slot: {error.reason}"
            except TimeoutError:
                reply, cut = _took_too_long(scope["path"], self._seconds), "took too long"
            except Exception:
                reply, cut = _failed(scope["path"], context.route.template), "failed"
            if started:  # nothing else can be said to the client: the server cuts the connection
                _log.warning("reply_cut", route=context.route.template, reason=cut)
            else:
                await reply(scope, receive, send_noting)


def _took_too_long(path: str, seconds: float) -> Response:
    SHED.labels("deadline").inc()
    detail = Text(f"The request did not finish within {seconds:g} s.", f"A requisição não terminou em {seconds:g} s.")
    return problem(503, "Took too long", detail, headers={"Retry-After": "1"}, instance=path)


def _failed(path: str, route: str) -> Response:
    """Logs the exception that is being handled, and returns a reply that does not reveal it."""
    _log.exception("request_failed", route=route)
    return problem(500, "Internal error", _FAILED, instance=path)


@asynccontextmanager
async def _cancelled_when_client_leaves(receive: Receive, send: Send) -> AsyncIterator[Receive]:
    """Cancels the work inside the context when the client disconnects, and ends without an error then. Yields the
    `receive` to be used inside.

    Work that takes less than `WATCHED_AFTER_SECONDS` is completed even if its client has left.
    """
    work, gone = asyncio.current_task(), asyncio.Event()
    assert work is not None
    cancelled_before = work.cancelling()
    watcher: asyncio.Task[None] | None = None

    async def watch() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()
        work.cancel()

    def begin() -> None:
        nonlocal watcher
        watcher = asyncio.create_task(watch())

    first = True

    async def still_there() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    timer = asyncio.get_running_loop().call_later(WATCHED_AFTER_SECONDS, begin)
    try:
        try:
            yield still_there
        finally:
            timer.cancel()
            if watcher is not None:
                watcher.cancel()
        if gone.is_set():
            await asyncio.sleep(0)  # lets a cancellation that came at the very end arrive
    except asyncio.CancelledError:
        if not gone.is_set() or work.uncancel() > cancelled_before:
            raise
        SHED.labels("gone").inc()
        await Response(status_code=CLIENT_LEFT)({"type": "http"}, receive, send)
