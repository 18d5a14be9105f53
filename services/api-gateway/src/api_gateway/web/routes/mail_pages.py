"""`/c/<token>` and `/u/<token>`: pages behind the links of e-mails, to confirm an address and to unsubscribe.

A page shows a button, and only its POST acts: programs that scan mail follow links too. Every token that was not
forged is answered alike, whether there is still a subscription or not.
"""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from legis.clock import utc_now
from legis.languages import Language, Text, preferred_language
from starlette.responses import Response

from api_gateway.store.subscriptions.mail_writer import confirm_address, unsubscribe
from api_gateway.subscriptions.mail_token import Purpose, subscription_of_token
from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import Shared
from api_gateway.web.error_handlers import NotFound
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.pipeline.headers import POLICY

router = APIRouter(include_in_schema=False, route_class=ApiRoute)
Token = Annotated[str, Path(max_length=100)]
_CONFIRM = Text("Confirm the subscription", "Confirmar a assinatura")
_CONFIRMED = Text("Confirmed. E-mails will come from now on.", "Confirmada. Os e-mails virão a partir de agora.")
_UNSUBSCRIBE = Text("Unsubscribe", "Cancelar a assinatura")
_ENDED = Text("Done. No more e-mails will come.", "Pronto. Não virão mais e-mails.")
_UNKNOWN = Text("This link is not valid, or has expired.", "Este link não é válido, ou expirou.")
_HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
    "Content-Security-Policy": POLICY.replace("form-action 'none'", "form-action 'self'"),
}
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Legis</title>
</head>
<body>
{content}
</body>
</html>
"""


@router.get("/c/{token}")
async def show_confirmation(
    request: Request, shared: Shared, token: Token, asked: Annotated[NoParameters, Query()]
) -> Response:
    """The button."""
    _subscription(shared, Purpose.CONFIRM, token)
    return _button(request, _CONFIRM)


@router.post("/c/{token}")
async def confirm(request: Request, shared: Shared, token: Token) -> Response:
    """Confirms the address."""
    await confirm_address(shared.writing_pool, _subscription(shared, Purpose.CONFIRM, token))
    return _said(request, _CONFIRMED)


@router.get("/u/{token}")
async def show_unsubscription(
    request: Request, shared: Shared, token: Token, asked: Annotated[NoParameters, Query()]
) -> Response:
    """The button."""
    _subscription(shared, Purpose.UNSUBSCRIBE, token)
    return _button(request, _UNSUBSCRIBE)


@router.post("/u/{token}")
async def end(request: Request, shared: Shared, token: Token) -> Response:
    """Ends the subscription: the button, and the one click of mail programs (RFC 8058)."""
    await unsubscribe(shared.writing_pool, _subscription(shared, Purpose.UNSUBSCRIBE, token))
    return _said(request, _ENDED)


def _subscription(shared: Resources, purpose: Purpose, token: str) -> str:
    master = shared.settings.signing_master_key.get_secret_value().encode()
    found = subscription_of_token(master, purpose, token, utc_now()) if master else None
    if found is None:
        raise NotFound(_UNKNOWN)
    return found


def _button(request: Request, text: Text) -> Response:
    told = escape(text.told(_language(request)))
    return _page(request, f'<form method="post"><button>{told}</button></form>')


def _said(request: Request, text: Text) -> Response:
    return _page(request, f"<p>{escape(text.told(_language(request)))}</p>")


def _page(request: Request, content: str) -> Response:
    language = _language(request)
    body = _PAGE.format(language=language, content=content)
    return Response(body, media_type="text/html", headers={**_HEADERS, "Content-Language": language})


def _language(request: Request) -> Language:
    return preferred_language(request.headers.get("accept-language", ""))
