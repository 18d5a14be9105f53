"""`POST /subscriptions`: a saved search is subscribed to, by an API key or by whoever reads an e-mail address."""

from typing import Annotated

from fastapi import APIRouter, Body, Request
from legis.languages import Text
from legis.service.problems import problem
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import CONFIRMATIONS_ASKED
from starlette.responses import RedirectResponse, Response

from api_gateway.access.identity import NotAuthenticated
from api_gateway.access.scopes import Scope
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.store.subscriptions import subscription_writer as writer
from api_gateway.store.subscriptions.subscription_rows import Owner
from api_gateway.subscriptions.mail_address import mail_address
from api_gateway.subscriptions.signature import secret_text, signing_key
from api_gateway.subscriptions.subscription import CONFIRMATIONS_A_DAY, Channel, Frequency, SubscriptionState
from api_gateway.subscriptions.webhook_url import UrlRefused, webhook_url
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import Shared, problems
from api_gateway.web.params.saved_parameters import checked_search
from api_gateway.web.params.subscription_params import SubscriptionRequest
from api_gateway.web.pipeline.limits.gcra import Rate
from api_gateway.web.pipeline.request_context import context_of
from api_gateway.web.request_body import is_form
from api_gateway.web.responses.subscription_schemas import (
    AskedReply,
    SubscriptionReply,
    asked_document,
    subscription_document,
)
from api_gateway.web.routes.subscribers.mail_pages import SENT_PAGE
from api_gateway.web.routes.subscribers.subscriptions import PATH, master_key, reply_with

router = APIRouter(prefix=PATH, tags=["subscriptions"], route_class=ApiRoute)
CONFIRMATION_COST = 30
CONFIRMATION_RATE = Rate(per_minute=1, burst=299)
"""Limit of one client's requests that send an e-mail to somebody: ten at once, then one each half hour."""

_NO_MAIL = Text(
    "This service has no mail server; its operator has to set SMTP_URL, MAIL_FROM and PUBLIC_BASE_URL.",
    "Este serviço não tem servidor de e-mail; seu operador precisa definir SMTP_URL, MAIL_FROM e PUBLIC_BASE_URL.",
)
_WEBHOOK_NEEDS = Text(
    f"A webhook needs an API key with the scope {Scope.SUBSCRIPTIONS.value}.",
    f"Um webhook exige uma chave de API com o escopo {Scope.SUBSCRIPTIONS.value}.",
)
_ASKED_OFTEN = Text(
    f"This address was sent {CONFIRMATIONS_A_DAY} confirmations today; ask again tomorrow.",
    f"Este endereço já recebeu {CONFIRMATIONS_A_DAY} confirmações hoje; peça de novo amanhã.",
)
_TOO_MANY_MAILS = Text(
    "Too many e-mails were asked for from here; wait as long as Retry-After says.",
    "Foram pedidos e-mails demais a partir daqui; espere o tempo indicado em Retry-After.",
)
_log = get_logger(__name__)


@router.post(
    "",
    status_code=201,
    response_model=SubscriptionReply,
    responses={
        202: {"model": AskedReply, "description": "Without a key: the address is asked, if it may be"},
        303: {"description": "To a form: the same, as a page. `Location` is its address"},
        **problems(409, 415),
    },
    operation_id="createSubscription",
    summary="Subscribe to a search",
)
async def create(request: Request, shared: Shared, asked: Annotated[SubscriptionRequest, Body()]) -> Response:
    """Changes that match the search are sent from now on. A webhook needs an API key; it is first sent a signed test
    message (`webhook.ping`) and is PENDING until it takes one. The reply has `secret`, which is not shown again.

    An e-mail address is first sent a link, and is told of nothing until somebody opens it and presses the button.
    Without a key the reply is 202, the same for every address: it does not tell whether the address is known, nor
    whether the link was sent (at most 3 a day). An HTML form may send the same fields and the parameters of the search
    as `application/x-www-form-urlencoded`; it is answered 303.
    """
    master = master_key(shared)
    wanted = _wanted(asked, shared)
    if wanted.channel is Channel.EMAIL and not shared.settings.sends_mail:
        return problem(503, "Not ready", _NO_MAIL, headers={"Retry-After": "3600"}, instance=request.url.path)
    key_id = context_of(request.scope).identity.key_id
    if key_id is None:
        return await _ask_address(request, shared, wanted)
    try:
        made = await writer.create_subscription(shared.writing_pool, Owner(key_id), wanted)
    except writer.TooManySubscriptions as error:
        return problem(409, "Too many subscriptions", error.text, instance=request.url.path)
    except writer.AskedTooOften:
        return _too_many(request, _ASKED_OFTEN, 3600)
    secret = None if not made.keys else secret_text(signing_key(master, made.public_id, made.keys[-1]))
    return reply_with(shared, subscription_document(made, secret), 201, {"Location": f"{PATH}/{made.public_id}"})


async def _ask_address(request: Request, shared: Resources, wanted: writer.NewSubscription) -> Response:
    """The same reply, after the same work, for every address."""
    if wanted.channel is not Channel.EMAIL:
        raise NotAuthenticated(_WEBHOOK_NEEDS, key_sent=False)
    client = f"mail:{context_of(request.scope).address}"
    allowance = await shared.gcra.take(client, CONFIRMATION_RATE, CONFIRMATION_COST)
    if allowance.refused:
        return _too_many(request, _TOO_MANY_MAILS, allowance.retry_after)
    address_id, made = await writer.create_by_address(shared.writing_pool, wanted)
    outcome = "asked" if made else "asked_often"
    CONFIRMATIONS_ASKED.labels(outcome).inc()
    _log.info("confirmation_requested", address_id=address_id, outcome=outcome)  # never the address itself
    if is_form(request):
        return RedirectResponse(SENT_PAGE, status_code=303)
    return reply_with(shared, asked_document(wanted), 202)


def _wanted(asked: SubscriptionRequest, shared: Resources) -> writer.NewSubscription:
    """What is asked for, checked. Raises InvalidParameter, RequestValidationError."""
    return writer.NewSubscription(
        channel=asked.channel,
        target=_target(asked, shared),
        parameters=checked_search(asked.search, shared),
        frequency=Frequency.IMMEDIATE if asked.channel is Channel.WEBHOOK else asked.frequency,
        language=asked.language,
        state=SubscriptionState.PENDING,
        name=asked.name,
    )


def _target(asked: SubscriptionRequest, shared: Resources) -> str:
    """The address in its only spelling. Raises InvalidParameter."""
    if asked.channel is Channel.EMAIL:
        found = mail_address(asked.target)
        if found is None:
            wrong = Text("must be an e-mail address in ASCII", "deve ser um endereço de e-mail em ASCII")
            raise InvalidParameter("target", wrong)
        return found
    own = shared.settings.public_base_url.partition("://")[2].partition("/")[0].partition(":")[0]
    try:
        return webhook_url(asked.target, frozenset({own} - {""})).text
    except UrlRefused as error:
        raise InvalidParameter("target", error.text) from None


def _too_many(request: Request, text: Text, seconds: int) -> Response:
    return problem(
        429, "Too many requests", text, headers={"Retry-After": str(seconds)}, instance=request.url.path
    )  # fmt: skip
