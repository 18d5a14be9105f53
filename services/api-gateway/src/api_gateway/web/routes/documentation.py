"""`/docs`, `/redoc`, `/openapi.json` and `/llms.txt`: the API's description, two viewers for it from our own
files, and a summary.
"""

import asyncio
from mimetypes import guess_type
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, HTTPException, Query, Request
from fastapi import Path as PathPart
from legis.languages import Language
from starlette.responses import Response

from api_gateway.web.api_route import ApiRoute
from api_gateway.web.container import Resources
from api_gateway.web.dependencies import Shared
from api_gateway.web.description.llms_text import llms_text
from api_gateway.web.description.stored_example import document_for_readers
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.responses.json_responses import document_reply, dump
from api_gateway.web.responses.themed_page import themed_page

router = APIRouter(include_in_schema=False, route_class=ApiRoute)

_STATIC = Path(__file__).parent.parent / "static"
_ASSETS = {file.relative_to(_STATIC).as_posix(): file for file in _STATIC.rglob("*") if file.is_file()}
"""The files that can be requested: those that exist when the process starts."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_SWAGGER_BODY = """<div id="reader"></div>
<script src="/static/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/static/docs-init.js"></script>"""
"""Without `main`: Swagger UI brings its own."""

_REDOC_BODY = """<main><div id="reader"></div></main>
<script src="/static/redoc/redoc.standalone.js"></script>
<script src="/static/redoc-init.js"></script>"""
_SWAGGER_STYLE = '<link rel="stylesheet" href="/static/swagger-ui/swagger-ui.css">'


@router.get("/docs")
async def docs(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """Swagger UI."""
    return _page("/docs", _SWAGGER_BODY, shared, _SWAGGER_STYLE)


@router.get("/redoc")
async def redoc(shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """Redoc."""
    return _page("/redoc", _REDOC_BODY, shared)


@router.get("/openapi.json")
async def description(request: Request, shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """The OpenAPI document, whose examples name a stored bill where there is one."""
    body = await document_for_readers(dump(await _described(request)), shared)
    return document_reply(body, "application/json", "public, max-age=300")


@router.get("/static/{path:path}")
async def static_asset(
    path: Annotated[str, PathPart(max_length=100)], asked: Annotated[NoParameters, Query()]
) -> Response:
    """A script, style or picture of the readers. Without parameters: each address would be kept for itself."""
    file = _ASSETS.get(path)
    if file is None:
        raise HTTPException(404)
    body = await asyncio.to_thread(file.read_bytes)
    return document_reply(body, guess_type(path)[0] or "text/plain", "public, max-age=86400")


@router.get("/.well-known/security.txt")
async def security_txt() -> Response:
    """Whom to tell of a vulnerability (RFC 9116)."""
    text = (_STATIC / "security.txt").read_text("ascii")
    return Response(text, media_type="text/plain", headers={"Cache-Control": "public, max-age=86400"})


@router.get("/llms.txt")
async def llms_txt(request: Request, shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """The API in a few lines, for assistants (llmstxt.org)."""
    body = llms_text(await _described(request), shared.settings.public_base_url.rstrip("/")).encode()
    return document_reply(body, "text/plain", "public, max-age=3600")


async def _described(request: Request) -> dict[str, Any]:
    """The OpenAPI document. Making it takes a second of processor, once in each process: in a thread, so that other
    requests are answered meanwhile.
    """
    app: FastAPI = request.app
    return await asyncio.to_thread(app.openapi) if app.openapi_schema is None else app.openapi_schema


def _page(path: str, body: str, shared: Resources, style: str = "") -> Response:
    text = themed_page(
        path, "Legis API", body, language=Language.ENGLISH, site_url=shared.settings.site_url, head=style
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding"}
    return Response(text, media_type="text/html", headers=headers)
