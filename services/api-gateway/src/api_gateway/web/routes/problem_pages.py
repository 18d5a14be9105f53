"""`/problems/<name>`: a page for each type of problem, as HTML or JSON, in English or Portuguese."""

from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from legis.languages import Language, Text, preferred_language
from legis.negotiation import best_media_type
from legis.service.problem_types import BY_NAME, PROBLEM_TYPES, ProblemType
from starlette.responses import Response

from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import Shared
from api_gateway.web.error_handlers import NotFound
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.pipeline.request_refusals import MEDIA_TYPES
from api_gateway.web.responses.json_responses import dump, entity_tag
from api_gateway.web.responses.themed_page import themed_page

router = APIRouter(prefix="/problems", include_in_schema=False, route_class=ApiRoute)
_HEADERS = {"Cache-Control": "public, max-age=3600", "Vary": "Accept, Accept-Encoding, Accept-Language"}
_TITLE = Text("Problems of the Legis API", "Problemas da API Legis")
_STATUS = Text("HTTP status", "Status HTTP")
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@router.get("")
async def list_problem_types(request: Request, shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """All types."""
    language = _language(request)
    if not _wants_html(request):
        return _reply(dump({"problems": [_document(one, language) for one in PROBLEM_TYPES]}), request)
    links = "\n".join(
        f'<li><span>{one.status}</span><a href="{one.uri}">{escape(one.title.told(language))}</a></li>'
        for one in PROBLEM_TYPES
    )
    return _page(request, shared, _TITLE, f"<ul>\n{links}\n</ul>")


@router.get("/{name}")
async def get_problem_type(
    request: Request, shared: Shared, name: Annotated[str, Path(max_length=60)], asked: Annotated[NoParameters, Query()]
) -> Response:
    """One type."""
    found = BY_NAME.get(name)
    if found is None:
        raise NotFound(Text("There is no problem of that name.", "Não há um problema com esse nome."))
    language = _language(request)
    if not _wants_html(request):
        return _reply(dump(_document(found, language)), request)
    status = f"<p>{_STATUS.told(language)}: {found.status}</p>"
    return _page(request, shared, found.title, f"{status}\n<p>{escape(found.text.told(language), quote=False)}</p>")


def _document(one: ProblemType, language: Language) -> dict[str, Any]:
    title, text = one.title.told(language), one.text.told(language)
    return {"type": one.uri, "status": one.status, "title": title, "text": text}


def _wants_html(request: Request) -> bool:
    offered = MEDIA_TYPES["/problems"]
    return best_media_type(",".join(request.headers.getlist("accept")), offered) == "text/html"


def _language(request: Request) -> Language:
    return preferred_language(request.headers.get("accept-language", ""))


def _page(request: Request, shared: Resources, title: Text, content: str) -> Response:
    language, told = _language(request), title.told(_language(request))
    body = f'<main class="legis-page">\n<h1>{escape(told)}</h1>\n{content}\n</main>'
    text = themed_page(request.url.path, told, body, language=language, site_url=shared.settings.site_url)
    return _reply(text.encode(), request, "text/html")


def _reply(body: bytes, request: Request, media_type: str = "application/json") -> Response:
    headers = {**_HEADERS, "ETag": entity_tag(body), "Content-Language": _language(request)}
    if media_type == "text/html":
        headers["Content-Security-Policy"] = _POLICY
    return Response(body, media_type=media_type, headers=headers)
