"""The reply to a request that gets no slot: 503 with Retry-After, rendered once and sent with few steps.

Under overload most requests are refused, and what a refusal costs is missing for the others.
"""

from legis.languages import Language, Text, preferred_language
from legis.service.problems import problem
from legis.telemetry.metrics import SHED
from starlette.types import Receive, Scope, Send

from api_gateway.web.pipeline.headers import Headers
from api_gateway.web.pipeline.limits.admission import RETRY_SECONDS
from api_gateway.web.pipeline.request_context import CONTEXT, RequestContext
from api_gateway.web.pipeline.tracing import traceparent_of_error

_DETAIL = Text(
    "The server is overloaded; try again shortly.",
    "O servidor está sobrecarregado; tente de novo em instantes.",
)
_NO_TRACE = b'"trace_id":null'
_TRACE_ID_PLACE = slice(3, 35)
"""Where a `traceparent` has its trace id."""


class TooBusy:
    """ASGI app: the refusal, in the language that the request prefers. `reason` is that of the metric `SHED`,
    `retry_after` is in seconds.
    """

    def __init__(self, reason: str, retry_after: int) -> None:
        self._counter = SHED.labels(reason)
        self._rendered = {language: _rendered(language, retry_after) for language in Language}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the refusal, with the trace id of the current span or one of its own."""
        context: RequestContext = scope[CONTEXT]
        context.refused = True
        self._counter.inc()
        traceparent = traceparent_of_error(context)
        language = preferred_language(context.headers.get(b"accept-language", b"").decode("latin-1"))
        headers, before, after = self._rendered[language]
        trace_id = b'"trace_id":"' + traceparent[_TRACE_ID_PLACE] + b'"'
        body = b"" if scope["method"] == "HEAD" else before + trace_id + after
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _rendered(language: Language, seconds: int) -> tuple[Headers, bytes, bytes]:
    """Headers, and the body before and after its trace id."""
    reply = problem(503, "Too busy", _DETAIL, headers={"Retry-After": str(seconds)}).told_in(language)
    before, _, after = bytes(reply.body).partition(_NO_TRACE)
    length = len(before) + len(_NO_TRACE) - len(b"null") + len(b'""') + 32 + len(after)
    others = [pair for pair in reply.raw_headers if pair[0] != b"content-length"]
    return [*others, (b"content-length", str(length).encode())], before, after


TOO_BUSY = {(reason, seconds): TooBusy(reason, seconds) for reason in ("queue", "wait") for seconds in RETRY_SECONDS}
"""The refusals by reason and Retry-After."""
