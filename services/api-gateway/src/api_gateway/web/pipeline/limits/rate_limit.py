"""Identifies the client of a request by its API key or address, and counts the request against its limit."""

from typing import Any

from legis.errors import StoreUnavailable
from legis.languages import Text
from legis.service.problems import problem
from legis.telemetry.metrics import RATE_LIMITED
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api_gateway.access.identity import Forbidden, Identity, NotAuthenticated, TooManyFailures
from api_gateway.settings import WebSettings
from api_gateway.web.pipeline.access_refusals import forbidden, keys_unavailable, not_authenticated, too_many_failures
from api_gateway.web.pipeline.authentication import Authenticator
from api_gateway.web.pipeline.limits.admission import retry_seconds
from api_gateway.web.pipeline.limits.gcra import Allowance, Rate, SharedGcra
from api_gateway.web.pipeline.limits.too_busy import TOO_BUSY
from api_gateway.web.pipeline.request_context import CONTEXT, RequestContext
from api_gateway.web.pipeline.response_cache import key_of
from api_gateway.web.pipeline.tracing import tell_trace, unsampled_trace


class RateLimitLayer:
    """ASGI layer: 401 or 403 for a key that is not accepted or lacks the route's scope, 503 if the process is too busy
    for the request, 429 above the limit.

    This layer comes before the response cache, so that a request for a cached reply is counted and refused like any
    other. A request with a refused key is counted by its address. Every counted reply has headers with the remaining
    allowance.
    """

    def __init__(self, app: ASGIApp, *, settings: WebSettings) -> None:
        self.app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with its identity, or refuses it; requests of probes are passed on unchanged."""
        context: RequestContext | None = scope.get(CONTEXT)
        if context is None or context.route.policy.operations:
            await self.app(scope, receive, send)
            return
        resources = scope["app"].state.resources
        failure = await _identify(context, resources.authenticator)
        if failure is None and _is_too_busy(scope["path"], context, resources):
            await TOO_BUSY["queue", retry_seconds()](scope, receive, send)
            return
        gcra: SharedGcra = resources.gcra
        allowance = await gcra.take(context.client, rate_of(context.identity, self._settings), context.units)
        context.reply_headers += allowance.raw_headers
        if failure is None and not allowance.refused:
            failure = _lacking_scope(context, scope["method"])
        if failure is None and not allowance.refused:
            await self.app(scope, receive, send)
            return
        with unsampled_trace():
            tell_trace(context)
            await _refusal(context, scope["path"][:200], failure, allowance)(scope, receive, send)


async def _identify(context: RequestContext, authenticator: Authenticator) -> Exception | None:
    """Sets the identity. If no key is accepted, the identity by address stays, and the reason is returned."""
    try:
        found = authenticator.identify_at_once(context.headers, context.address)
        context.identity = found or await authenticator.identify(context.headers, context.address)
    except (NotAuthenticated, TooManyFailures, StoreUnavailable) as error:
        return error
    return None


def _is_too_busy(path: str, context: RequestContext, resources: Any) -> bool:
    """Whether the pipeline takes a slot of admission for the request, and would be refused it at once.

    Asked before the request is counted: under overload a refusal must not cost a call of Redis, and what is refused
    uses nothing of the client's limit.
    """
    if not context.slots or not resources.admission.refuses(context.client):
        return False
    key = key_of(path, context)
    return key is None or not resources.cache.may_answer(key, needs_store=context.route.policy.needs_store)


def _lacking_scope(context: RequestContext, method: str) -> NotAuthenticated | Forbidden | None:
    policy, needed = context.route.policy, context.route.policy.scope
    if method in policy.open_methods and context.identity.key_id is None:
        return None
    try:
        if needed is not None:
            context.identity.require(needed)
    except (NotAuthenticated, Forbidden) as error:
        return error
    return None


def rate_of(identity: Identity, settings: WebSettings) -> Rate:
    """The rate limit of a client: that of addresses, that of API keys, or the one of this key."""
    if identity.key_id is None:
        return Rate(settings.rate_limit_per_minute, settings.rate_limit_burst)
    return Rate(identity.limit_per_minute or settings.api_key_rate_limit_per_minute, settings.rate_limit_burst)


def _refusal(context: RequestContext, path: str, failure: Exception | None, allowance: Allowance) -> Response:
    """The reply to a refused request. 429 takes precedence over a refused key, so that a client above its limit learns
    nothing more about keys.
    """
    if allowance.refused:
        context.refused = True
        RATE_LIMITED.labels("anonymous" if context.identity.key_id is None else "key").inc()
        return _too_many(allowance, path)
    match failure:
        case NotAuthenticated():
            return not_authenticated(failure, path)
        case Forbidden():
            return forbidden(failure, path)
        case TooManyFailures():
            context.refused = True
            RATE_LIMITED.labels("failures").inc()
            return too_many_failures(failure, path)
        case _:
            return keys_unavailable(path)


def _too_many(allowance: Allowance, path: str) -> Response:
    """429; Retry-After is among the headers of the allowance."""
    detail = Text(
        f"More than {allowance.limit} units a minute, and all of the burst is used; there is room for this request in"
        f" {allowance.retry_after} s.",
        f"Mais de {allowance.limit} unidades por minuto, e toda a folga foi usada; haverá lugar para esta requisição em"
        f" {allowance.retry_after} s.",
    )
    return problem(429, "Too many requests", detail, instance=path)
