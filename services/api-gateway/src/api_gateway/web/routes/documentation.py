"""`/docs`, `/redoc` and `/openapi.json`: the description, and two readers of it from our own files."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from api_gateway.web.api_route import ApiRoute
from api_gateway.web.responses.json_responses import dump, entity_tag

router = APIRouter(include_in_schema=False, route_class=ApiRoute)

_STATIC = Path(__file__).parent.parent / "static"
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
async def description(request: Request) -> Response:
    """The OpenAPI document."""
    body = dump(request.app.openapi())
    headers = {"ETag": entity_tag(body), "Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding"}
    return Response(body, media_type="application/json", headers=headers)


@router.get("/.well-known/security.txt")
async def security_txt() -> Response:
    """Whom to tell of a vulnerability (RFC 9116)."""
    text = (_STATIC / "security.txt").read_text("ascii")
    return Response(text, media_type="text/plain", headers={"Cache-Control": "public, max-age=86400"})


def add_static_files(app: FastAPI) -> None:
    """Serves the readers' scripts and styles."""
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")


def _page(text: str) -> Response:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding"}
    return Response(text, media_type="text/html", headers=headers)
