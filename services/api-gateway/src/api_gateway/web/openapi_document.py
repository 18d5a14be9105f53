"""What the app says of itself: the OpenAPI 3.1 document."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api_gateway.web.dependencies import PROBLEM_JSON

TITLE = "Legis"
VERSION = "1.0.0"
_DESCRIPTION = """Brazil's National Congress as one JSON API: every bill of the Câmara dos Deputados and the Senado
Federal, normalised, searchable and watched for change.

Lists are `{"data", "page", "meta"}` and page by an opaque cursor; single things are `{"data", "meta"}`. Absent values
are `null`, absent lists `[]`. Enumerations are open: a value may be added. Instants are RFC 3339 in UTC. Every error is
`application/problem+json` (RFC 9457). Replies carry `ETag`, `RateLimit` and `X-Request-ID`; no key is needed."""
_TAGS = [
    {"name": "bills", "description": "Bills of both houses: search, detail, histories"},
    {"name": "changes", "description": "What changed, in order: by pages, as a stream, as a feed"},
    {"name": "sources", "description": "How current each house's data are"},
    {"name": "operations", "description": "Health and figures of the service"},
    {"name": "index", "description": "Where to begin"},
]


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, made once per app."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=TITLE,
            version=VERSION,
            summary="Brazil's National Congress as one JSON API",
            description=_DESCRIPTION,
            routes=app.routes,
            tags=_TAGS,
            servers=[{"url": "/"}],
        )
        for path in document["paths"].values():
            for operation in path.values():
                _tidy(operation)
        schemas = document["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        app.openapi_schema = document
    return app.openapi_schema


def _tidy(operation: dict[str, Any]) -> None:
    """Errors are problems and nothing else, 422 is never used, and every parameter shows its example."""
    operation["responses"].pop("422", None)
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if int(status) >= 400 and PROBLEM_JSON in content:
            content[PROBLEM_JSON] = content.pop("application/json", content[PROBLEM_JSON])
    for parameter in operation.get("parameters", []):
        examples = parameter["schema"].pop("examples", None)
        if examples:
            parameter["example"] = examples[0]
