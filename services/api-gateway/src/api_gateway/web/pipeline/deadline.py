"""The innermost layer: every request ends in time, and whatever goes wrong ends as a problem document."""

import asyncio

from legis.service.problems import problem
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import SHED
from legis.telemetry.traces import current_traceparent, unsampled_trace
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_gateway.web.pipeline.request_context import CONTEXT, RequestContext

_log = get_logger(__name__)


class DeadlineLayer:
    """ASGI layer: 503 for what takes longer than `seconds`, 500 for what fails, without saying why. Errors have a trace
    id, of a trace that nobody keeps where the request is not traced.
    """

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self.app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the request under its deadline, which a route that waits on purpose may move."""
        context: RequestContext | None = scope.get(CONTEXT)
        if context is None:
            await self.app(scope, receive, send)
            return
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start" and message["status"] >= 400:
                _tell_trace(context)
            await send(message)

        with unsampled_trace():
            try:
                async with asyncio.timeout(self._seconds) as context.deadline:
                    await self.app(scope, receive, send_noting)
                return
            except TimeoutError:
                reply = self._took_too_long(scope["path"])
            except Exception:
                reply = _failed(scope["path"], context.route.template)
            if not started:
                await reply(scope, receive, send_noting)

    def _took_too_long(self, path: str) -> Response:
        SHED.labels("deadline").inc()
        detail = f"The request did not finish within {self._seconds:g} s."
        return problem(503, "Took too long", detail, headers={"Retry-After": "1"}, instance=path)


def _tell_trace(context: RequestContext) -> None:
    traceparent = current_traceparent()
    if traceparent is not None and all(name != b"traceparent" for name, _ in context.reply_headers):
        context.reply_headers.append((b"traceparent", traceparent.encode()))


def _failed(path: str, route: str) -> Response:
    """Logs the exception that is being handled, and tells no more than that there was one."""
    _log.exception("request_failed", route=route)
    return problem(500, "Internal error", "Something failed on our side.", instance=path)
