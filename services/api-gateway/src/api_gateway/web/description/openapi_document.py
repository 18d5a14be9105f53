"""The OpenAPI 3.1 document of the app: what FastAPI makes of routes and shapes, completed for generators."""

import threading
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api_gateway.access.scopes import KEYLESS_SCOPES
from api_gateway.web.description.file_replies import describe_files
from api_gateway.web.description.operation_examples import show_examples
from api_gateway.web.description.reply_headers import declare_headers, used_headers
from api_gateway.web.description.schema_rules import mend_parameter, mend_schemas
from api_gateway.web.description.shared_responses import share_problems
from api_gateway.web.pipeline.route_policy import POLICIES, RoutePolicy

TITLE = "Legis"
VERSION = "1.0.0"
_REPOSITORY = "https://github.com/legis-br/legis"
_DESCRIPTION = """Brazil's National Congress as one JSON API: every bill of the Câmara dos Deputados and the Senado
Federal, normalised, searchable and watched for change.

Lists are `{"data", "page", "meta"}` and page by an opaque cursor; single things are `{"data", "meta"}`. Absent values
are `null`, absent lists `[]`. Enumerations in replies are open: a value may be added, so take one that you do not know
as text. Fields may be added too. Instants are RFC 3339 in UTC, days are Brasília's. Every error is
`application/problem+json` (RFC 9457). Replies carry `ETag`, `RateLimit` and `X-Request-ID`. No key is needed; an API
key raises the limit."""
_SERVER = {"url": "/", "description": "Production: the server that this document is from", "x-internal": False}
_TAGS = [
    {"name": "bills", "description": "Bills of both houses: search, detail, histories"},
    {"name": "legislators", "description": "Deputies and senators: who they are, what they sign, how they vote"},
    {"name": "organizations", "description": "Committees, plenaries, boards, parties, blocs, and their members"},
    {"name": "votings", "description": "Votings, members' votes, and how often two chose alike"},
    {"name": "agenda", "description": "Sessions and meetings, past and planned: lists, agendas, calendars"},
    {"name": "changes", "description": "What changed, in order: by pages, as a stream, as a feed"},
    {
        "name": "subscriptions",
        "description": "Being told: saved searches, sent to webhooks. Needs a key with the scope",
    },
    {"name": "exports", "description": "All data as files, a new export each day, with deltas"},
    {"name": "sources", "description": "How current each house's data are"},
    {"name": "operations", "description": "Health and figures of the service"},
    {"name": "index", "description": "Where to begin"},
]
_KEY_SCHEMES = {
    "bearerKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, as RFC 6750 sends it: `Authorization: Bearer legis_…`. Optional",
    },
    "headerKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The same key in a header of its own, for clients that cannot set `Authorization`. Optional",
    },
}


_WITH_KEY: list[dict[str, list[str]]] = [{name: []} for name in _KEY_SCHEMES]
_MAKING = threading.Lock()
"""Lock of the thread that makes the document: others that ask meanwhile wait for it instead of making another."""


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, made once per app; from any thread."""
    with _MAKING:
        return app.openapi_schema or _made(app)


def needs_key(policy: RoutePolicy, method: str) -> bool:
    """Whether a request of this method is refused without a key, or a token from an e-mail."""
    return policy.scope not in (None, *KEYLESS_SCOPES) and method.upper() not in policy.open_methods


def _made(app: FastAPI) -> dict[str, Any]:
    """Makes the document, and leaves it with the app. Takes a second of processor."""
    document = get_openapi(
        title=TITLE,
        version=VERSION,
        summary="Brazil's National Congress as one JSON API",
        description=_DESCRIPTION,
        contact={"name": "The Legis authors", "url": _REPOSITORY},
        license_info={"name": "MIT", "identifier": "MIT"},
        routes=app.routes,
        tags=_TAGS,
        servers=[_SERVER],
    )
    components = document["components"]
    components["securitySchemes"] = _KEY_SCHEMES
    document["security"] = [{}, *_WITH_KEY]
    mend_schemas(components["schemas"])
    for path, item in document["paths"].items():
        for method, operation in item.items():
            operation["responses"].pop("422", None)  # of FastAPI's own; ours are 400
            if POLICIES[path].files:
                describe_files(operation)
            declare_headers(path, method, operation)
            if needs_key(POLICIES[path], method):
                operation["security"] = _WITH_KEY
            show_examples(operation)
            for parameter in operation.get("parameters", ()):
                mend_parameter(parameter["schema"])
    components["responses"] = share_problems(document["paths"])
    components["headers"] = used_headers(components["responses"], document["paths"])
    app.openapi_schema = document
    return document
