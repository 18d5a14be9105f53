"""ASGI layer inside the response cache: what has to be worked for takes a slot, and ends when its client goes."""

from legis.service.problems import problem
from legis.telemetry.metrics import SHED
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api_gateway.web.pipeline.admission import Admission, Overloaded
from api_gateway.web.pipeline.client_disconnect import cancelled_when_gone
from api_gateway.web.pipeline.request_context import CONTEXT, RequestContext


class AdmissionLayer:
    """Runs each request in a slot, or refuses it. Streams and long polls take none: their routes bound them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes as much as the route says that the request costs."""
        context: RequestContext | None = scope.get(CONTEXT)
        cost = 0 if context is None else context.route.policy.cost_of(context.parameter_names)
        if context is None or cost == 0:
            await self.app(scope, receive, send)
            return
        admission: Admission = scope["app"].state.resources.admission
        async with cancelled_when_gone(receive, send) as still_there:
            try:
                async with admission.slot(context.client, cost):
                    await self.app(scope, still_there, send)
            except Overloaded as error:
                context.refused = True
                await too_busy(error)(scope, receive, send)


def too_busy(error: Overloaded) -> Response:
    """Counts and tells a refusal."""
    SHED.labels(error.reason).inc()
    detail = "More requests are at work than can be answered in time; try again shortly."
    return problem(503, "Too busy", detail, headers={"Retry-After": str(error.retry_after)})
