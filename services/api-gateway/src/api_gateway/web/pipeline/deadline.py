"""The innermost layer: every request ends in time, and whatever goes wrong ends as a problem document."""

import asyncio

from legis.service.problems import problem
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import SHED
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_gateway.web.pipeline.request_headers import route_of

DEADLINE = "legis.deadline"
"""Where the request's `asyncio.Timeout` is in the scope, for routes that wait on purpose and move it."""

_log = get_logger(__name__)


class Deadline:
    """ASGI layer: 503 for what takes longer than `seconds`, 500 for what fails, without saying why."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the request under its deadline."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds) as deadline:
                scope[DEADLINE] = deadline
                await self.app(scope, receive, send_noting)
            return
        except TimeoutError:
            reply = took_too_long(scope, self._seconds)
        except Exception:
            reply = failed(scope)
        if not started:
            await reply(scope, receive, send)


def took_too_long(scope: Scope, seconds: float) -> Response:
    """Counts and tells that a request did not end in time."""
    SHED.labels("deadline").inc()
    detail = f"The request did not finish within {seconds:g} s."
    return problem(503, "Took too long", detail, headers={"Retry-After": "1"}, instance=scope["path"])


def failed(scope: Scope) -> Response:
    """Logs the exception that is being handled, and tells no more than that there was one."""
    _log.exception("request_failed", route=route_of(scope))
    return problem(500, "Internal error", "Something failed on our side.", instance=scope["path"])
