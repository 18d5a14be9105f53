"""The ASGI layer of admission: which requests need a slot, and how one that gets none is refused."""

from collections.abc import Mapping

from legis.service.problems import problem
from legis.telemetry.metrics import SHED
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api_gateway.web.pipeline.admission import Admission, Overloaded, seconds_to_retry
from api_gateway.web.pipeline.client_address import client_key
from api_gateway.web.pipeline.client_disconnect import cancelled_when_gone
from api_gateway.web.pipeline.request_headers import headers_of

_ADMITTED = "/api/v1/"


class Admitted:
    """ASGI layer inside the reply cache: what has to be worked for takes a slot first, and ends when its client goes.

    Streams and requests that wait on purpose have bounds of their own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the request in a slot, or refuses it."""
        if scope["type"] != "http" or not takes_a_slot(scope["path"], scope["query_string"]):
            await self.app(scope, receive, send)
            return
        admission: Admission = scope["app"].state.resources.admission
        client = client_of(scope)
        async with cancelled_when_gone(receive, send) as still_there:
            try:
                async with admission.slot(client, cost_of(scope["query_string"])):
                    await self.app(scope, still_there, send)
            except Overloaded as error:
                SHED.labels(str(error)).inc()
                await too_busy()(scope, receive, send)


def takes_a_slot(path: str, query: bytes) -> bool:
    """Whether a request is one of those whose number at work is limited."""
    return path.startswith(_ADMITTED) and not path.endswith("/stream") and not waits(query)


def waits(query: bytes) -> bool:
    """Whether a request asks to be held until there is something to say; it takes a slot when that is over."""
    return any(part.startswith((b"wait=", b"min_seq=")) for part in query.split(b"&"))


def client_of(scope: Scope) -> str:
    """What the client is counted by."""
    return client_key(scope, scope["app"].state.proxies, headers_of(scope).get(b"x-forwarded-for"))


def cost_of(query: bytes) -> int:
    """Cost of a request: words of a search cost twice a plain list, counts three times."""
    return 3 if b"facets=" in query else 2 if b"q=" in query else 1


def too_busy() -> Response:
    """The refusal."""
    return _refusal({"Retry-After": str(seconds_to_retry())})


def _refusal(headers: Mapping[str, str] | None = None) -> Response:
    detail = "More requests are at work than can be answered in time; try again shortly."
    return problem(503, "Too busy", detail, headers=headers)


TOO_BUSY = _refusal()
"""The refusal, but for its Retry-After, as it is sent when nothing may be spent on it."""
