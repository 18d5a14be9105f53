"""`/docs`, `/redoc`, `/openapi.json` and `/llms.txt`: the API's description, two viewers for it from our own
files, and a summary.
"""

import asyncio
from mimetypes import guess_type
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi import Path as PathPart
from starlette.responses import Response

from api_gateway.web.api_route import ApiRoute
from api_gateway.web.dependencies import Shared
from api_gateway.web.description.llms_text import llms_text
from api_gateway.web.description.stored_example import document_for_readers
from api_gateway.web.params.parameters import NoParameters
from api_gateway.web.responses.json_responses import dump, entity_tag

router = APIRouter(include_in_schema=False, route_class=ApiRoute)

_STATIC = Path(__file__).parent.parent / "static"
_ASSETS = {file.relative_to(_STATIC).as_posix(): file for file in _STATIC.rglob("*") if file.is_file()}
"""The files that can be requested: those that exist when the process starts."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Legis API</title>
<link rel="icon" href="/static/swagger-ui/favicon-32x32.png">
{style}
</head>
<body>
<div id="{root}"></div>
<script src="{library}"></script>
<script src="{start}"></script>
</body>
</html>
"""


@router.get("/docs")
async def docs() -> Response:
    """Swagger UI."""
    style = '<link rel="stylesheet" href="/static/swagger-ui/swagger-ui.css">'
    library = "/static/swagger-ui/swagger-ui-bundle.js"
    return _page(_PAGE.format(style=style, root="swagger-ui", library=library, start="/static/docs-init.js"))


@router.get("/redoc")
async def redoc() -> Response:
    """Redoc."""
    library = "/static/redoc/redoc.standalone.js"
    return _page(_PAGE.format(style="", root="redoc", library=library, start="/static/redoc-init.js"))


@router.get("/openapi.json")
async def description(request: Request, shared: Shared) -> Response:
    """The OpenAPI document, whose examples name a stored bill where there is one."""
    body = await document_for_readers(dump(request.app.openapi()), shared)
    headers = {"ETag": entity_tag(body), "Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding"}
    return Response(body, media_type="application/json", headers=headers)


@router.get("/static/{path:path}")
async def static_asset(path: Annotated[str, PathPart(max_length=100)]) -> Response:
    """A script, style or picture of the readers."""
    file = _ASSETS.get(path)
    if file is None:
        raise HTTPException(404)
    body = await asyncio.to_thread(file.read_bytes)
    headers = {"ETag": entity_tag(body), "Cache-Control": "public, max-age=86400", "Vary": "Accept-Encoding"}
    return Response(body, media_type=guess_type(path)[0] or "text/plain", headers=headers)


@router.get("/.well-known/security.txt")
async def security_txt() -> Response:
    """Whom to tell of a vulnerability (RFC 9116)."""
    text = (_STATIC / "security.txt").read_text("ascii")
    return Response(text, media_type="text/plain", headers={"Cache-Control": "public, max-age=86400"})


@router.get("/llms.txt")
async def llms_txt(request: Request, shared: Shared, asked: Annotated[NoParameters, Query()]) -> Response:
    """The API in a few lines, for assistants (llmstxt.org)."""
    body = llms_text(request.app.openapi(), shared.settings.public_base_url.rstrip("/")).encode()
    headers = {"ETag": entity_tag(body), "Cache-Control": "public, max-age=3600", "Vary": "Accept-Encoding"}
    return Response(body, media_type="text/plain", headers=headers)


def _page(text: str) -> Response:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding"}
    return Response(text, media_type="text/html", headers=headers)
