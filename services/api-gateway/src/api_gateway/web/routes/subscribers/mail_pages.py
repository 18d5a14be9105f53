"""`/c/<token>`, `/u/<token>`, `/m/<token>`: pages behind the links of e-mails, to confirm an address, to unsubscribe,
and to manage all subscriptions of an address.

A page shows buttons, and only their POST acts: programs that scan mail follow links too.
"""

from html import escape
from re import fullmatch
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from legis.clock import utc_now
from legis.languages import Language, Text, preferred_language
from starlette.responses import RedirectResponse, Response

from api_gateway.store.subscriptions import subscription_writer as writer
from api_gateway.store.subscriptions.mail_writer import Confirmation, confirm_address, unsubscribe
from api_gateway.store.subscriptions.subscription_rows import Owner, list_subscriptions, load_by_mail
from api_gateway.subscriptions.mail_token import Purpose, address_of_token, subscription_of_token
from api_gateway.subscriptions.subscription import PUBLIC_ID, SUBSCRIPTIONS_OF_AN_ADDRESS, Frequency, SubscriptionState
from api_gateway.web.api_route import ApiRoute, resources_of
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import Shared
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.request_body import read_form
from api_gateway.web.routes.subscribers.management_page import MOST_SHOWN, TITLE, Action, management_content
from api_gateway.web.routes.subscribers.plain_page import plain_page
from api_gateway.web.routes.subscribers.subscription_words import FREQUENCIES, heading, search_words

router = APIRouter(include_in_schema=False, route_class=ApiRoute)
SENT_PAGE = "/c"
Token = Annotated[str, Path(max_length=100)]
_SENT = Text("One step is left", "Falta um passo")
_OPEN_IT = Text(
    "We sent a link to the address that you gave. Open it within 48 hours to begin to receive.",
    "Enviamos um link para o endereço que você informou. Abra-o em até 48 horas para começar a receber.",
)
_NOT_THERE = Text(
    "Nothing there? Look among the unwanted mail. An address is sent at most three links a day.",
    "Não chegou? Veja entre as mensagens indesejadas. Um endereço recebe no máximo três links por dia.",
)
_CONFIRM = Text("Confirm the subscription", "Confirmar a assinatura")
_CONFIRMED = Text("Confirmed. E-mails will come from now on.", "Confirmada. Os e-mails virão a partir de agora.")
_FULL = Text(
    f"This address has {SUBSCRIPTIONS_OF_AN_ADDRESS} subscriptions, the most there may be. Delete one by the link in "
    "an e-mail, then come back here.",
    f"Este endereço tem {SUBSCRIPTIONS_OF_AN_ADDRESS} assinaturas, o máximo. Exclua uma pelo link de um e-mail e "
    "depois volte aqui.",
)
_UNSUBSCRIBE = Text("Unsubscribe", "Cancelar a assinatura")
_ENDED = Text(
    "Done: you get no more of these e-mails.", "Pronto: você não recebe mais estes avisos."
)  # fmt: skip
_NO_LINK = Text("Nothing here", "Nada aqui")
_UNKNOWN = Text("This link is not valid, or has expired.", "Este link não é válido, ou expirou.")
_GONE = Text("There is no such subscription any more.", "Esta assinatura não existe mais.")
_OUTCOMES = {Confirmation.CONFIRMED: _CONFIRMED, Confirmation.FULL: _FULL, Confirmation.GONE: _GONE}


@router.get(SENT_PAGE)
async def show_sent(request: Request, asked: Annotated[NoParameters, Query()]) -> Response:
    """Where a form without script arrives. It is the same for every address, and does not repeat it."""
    language = _language(request)
    content = f'<p>{escape(_OPEN_IT.told(language))}</p>\n<p class="quiet">{escape(_NOT_THERE.told(language))}</p>'
    return plain_page(language, _SENT.told(language), content, _site_url(request))


@router.get("/c/{token}")
async def show_confirmation(
    request: Request, shared: Shared, token: Token, asked: Annotated[NoParameters, Query()]
) -> Response:
    """What is to be confirmed, and the button."""
    return await _ask(request, shared, _subscription(shared, Purpose.CONFIRM, token), _CONFIRM)


@router.post("/c/{token}")
async def confirm(request: Request, shared: Shared, token: Token) -> Response:
    """Confirms the address."""
    public_id = _subscription(shared, Purpose.CONFIRM, token)
    if public_id is None:
        return _no_such_link(request)
    return _said(request, _CONFIRM, _OUTCOMES[await confirm_address(shared.writing_pool, public_id)])


@router.get("/u/{token}")
async def show_unsubscription(
    request: Request, shared: Shared, token: Token, asked: Annotated[NoParameters, Query()]
) -> Response:
    """What would end, and the button."""
    return await _ask(request, shared, _subscription(shared, Purpose.UNSUBSCRIBE, token), _UNSUBSCRIBE)


@router.post("/u/{token}")
async def end(request: Request, shared: Shared, token: Token) -> Response:
    """Ends the subscription: the button, and the one click of mail programs (RFC 8058)."""
    public_id = _subscription(shared, Purpose.UNSUBSCRIBE, token)
    if public_id is None:
        return _no_such_link(request)
    await unsubscribe(shared.writing_pool, public_id)
    return _said(request, _UNSUBSCRIBE, _ENDED)


@router.get("/m/{token}")
async def show_subscriptions(
    request: Request, shared: Shared, token: Token, asked: Annotated[NoParameters, Query()]
) -> Response:
    """All subscriptions of the address, with their buttons."""
    owner, language = _address(shared, token), _language(request)
    if owner is None:
        return _no_such_link(request)
    found = await list_subscriptions(shared.database.newest(), owner, after=0, limit=MOST_SHOWN + 1)
    return plain_page(language, TITLE.told(language), management_content(found, language), _site_url(request))


@router.post("/m/{token}")
async def manage(request: Request, shared: Shared, token: Token) -> Response:
    """Does what a button says, and shows the page again. A subscription that is gone, or another's, stays as it is."""
    owner, form = _address(shared, token), dict(await read_form(request))
    if owner is None:
        return _no_such_link(request)
    public_id = form.get("id", "")
    if fullmatch(PUBLIC_ID, public_id) is None:
        raise RequestValidationError([{"type": "value_error", "loc": ("body", "id"), "msg": "is no subscription's id"}])
    await _act(shared, owner, public_id, form.get("action", ""))
    return RedirectResponse(f"/m/{token}", status_code=303)


async def _act(shared: Resources, owner: Owner, public_id: str, action: str) -> None:
    pool = shared.writing_pool
    if action == Action.DELETE:
        await writer.delete_subscription(pool, owner, public_id)
    elif action == Action.PAUSE:
        await writer.set_state(pool, owner, public_id, SubscriptionState.PAUSED)
    elif action == Action.RESUME:
        await writer.set_state(pool, owner, public_id, SubscriptionState.ACTIVE)
    elif action in FREQUENCIES:
        await writer.set_frequency(pool, owner, public_id, Frequency(action))
    else:
        wrong = {"type": "value_error", "loc": ("body", "action"), "msg": "is not an action of this page"}
        raise RequestValidationError([wrong])


def _address(shared: Resources, token: str) -> Owner | None:
    found = address_of_token(_master(shared), token, utc_now())
    return None if found is None else Owner(address_id=found)


def _subscription(shared: Resources, purpose: Purpose, token: str) -> str | None:
    return subscription_of_token(_master(shared), purpose, token, utc_now())


def _master(shared: Resources) -> bytes:
    return shared.settings.signing_master_key.get_secret_value().encode()


async def _ask(request: Request, shared: Resources, public_id: str | None, action: Text) -> Response:
    """What the subscription is about, and a button for the action."""
    if public_id is None:
        return _no_such_link(request)
    one, language = await load_by_mail(shared.database.newest(), public_id), _language(request)
    if one is None:
        return _said(request, action, _GONE)
    title, search = heading(one, language), search_words(one.parameters, language)
    facts = [*([] if title == search else [search]), one.target, FREQUENCIES[one.frequency].told(language)]
    told = "\n".join(f'<p class="quiet">{escape(fact)}</p>' for fact in facts)
    button = f'<form method="post"><button class="main">{escape(action.told(language))}</button></form>'
    content = f"<h2>{escape(title)}</h2>\n{told}\n{button}"
    return plain_page(language, action.told(language), content, _site_url(request))


def _said(request: Request, title: Text, text: Text, status: int = 200) -> Response:
    language = _language(request)
    content = f'<p class="done">{escape(text.told(language))}</p>'
    return plain_page(language, title.told(language), content, _site_url(request), status)


def _no_such_link(request: Request) -> Response:
    return _said(request, _NO_LINK, _UNKNOWN, 404)


def _site_url(request: Request) -> str:
    found: str = resources_of(request).settings.site_url
    return found


def _language(request: Request) -> Language:
    return preferred_language(request.headers.get("accept-language", ""))
