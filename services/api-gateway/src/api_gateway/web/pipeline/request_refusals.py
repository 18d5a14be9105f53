"""Refusals of requests that HTTP itself forbids, that are too large, or whose accepted media types no route offers."""

from collections.abc import Mapping
from functools import lru_cache

from legis.languages import Text
from legis.negotiation import best_media_type
from legis.service.problems import problem
from starlette.responses import Response

from api_gateway.web.files.file_format import OFFERED

MAX_HEADER_BYTES = 32 * 1024
"""Most bytes of all headers of a request, names and values: the same maximum as in nginx."""

_JSON = ("application/json",)
_PAGE = ("text/html",)
_EITHER = ("application/json", "text/html")
MEDIA_TYPES: Mapping[str, tuple[str, ...]] = {
    "/docs": _PAGE,
    "/redoc": _PAGE,
    "/c": _PAGE,
    "/c/{token}": _PAGE,
    "/m/{token}": _PAGE,
    "/u/{token}": _PAGE,
    "/problems": _EITHER,
    "/problems/{name}": _EITHER,
    "/llms.txt": ("text/plain", "text/markdown"),
    "/openapi.json": ("application/json", "application/vnd.oai.openapi+json"),
    "/api/v1/bills/events.ics": ("text/calendar",),
    "/api/v1/bills/{bill_id}/events.ics": ("text/calendar",),
    "/api/v1/changes/stream": ("text/event-stream",),
    "/api/v1/events.ics": ("text/calendar",),
    "/api/v1/exports/catalog.jsonld": ("application/ld+json", "application/json"),
    "/api/v1/feeds/bills.atom": ("application/atom+xml", "application/xml", "text/xml"),
}
"""Media types of the routes whose replies are not JSON alone, by path template."""

ANYTHING = frozenset(
    {"none", "/static/{path:path}", "/.well-known/security.txt", "/api/v1/exports/{export_id}/files/{name}"}
)
"""Path templates whose replies have one media type, whatever `Accept` names; `none` is the template
of unknown paths.
"""


@lru_cache(maxsize=256)  # few are in use; each may be of 32 kB
def lacking_media_types(accept: bytes, template: str, *, files: bool = False) -> tuple[str, ...]:
    """The media types of a route if `Accept` allows none of them; empty if it allows one."""
    if template in ANYTHING:
        return ()
    offered = OFFERED if files else MEDIA_TYPES.get(template, _JSON)
    return offered if best_media_type(accept.decode("latin-1"), offered) is None else ()


def not_acceptable(offered: tuple[str, ...], path: str) -> Response:
    """406 with the media types that the route offers."""
    listed = ", ".join(offered)
    detail = Text(f"This address answers in {listed}.", f"Este endereço responde em {listed}.")
    return problem(406, "Not Acceptable", detail, instance=path)


def address_too_long(size: int, most: int, path: str) -> Response:
    """414 with the length of path and query and the maximum."""
    detail = Text(
        f"The address has {size} bytes; at most {most} are read.",
        f"O endereço tem {size} bytes; são lidos no máximo {most}.",
    )
    return problem(414, "Address too long", detail, instance=path)


def no_body_taken(path: str) -> Response:
    """413 for a GET or HEAD with a body."""
    detail = Text("GET and HEAD have no body here.", "GET e HEAD não têm corpo aqui.")
    return problem(413, "No body taken", detail, instance=path)


def no_host(path: str) -> Response:
    """400 for a missing Host header, RFC 9112 §3.2."""
    detail = Text("A request of HTTP/1.1 needs the header Host.", "Uma requisição HTTP/1.1 precisa do cabeçalho Host.")
    return problem(400, "Bad Request", detail, instance=path)


def method_not_allowed(allow: str, path: str) -> Response:
    """405 with the methods that the address takes."""
    detail = Text(f"This address takes {allow}.", f"Este endereço aceita {allow}.")
    return problem(405, "Method Not Allowed", detail, headers={"Allow": allow}, instance=path)


def headers_too_large(size: int, path: str) -> Response:
    """431 with the size of the headers and the maximum."""
    detail = Text(
        f"The headers have {size} bytes; at most {MAX_HEADER_BYTES} are read.",
        f"Os cabeçalhos têm {size} bytes; são lidos no máximo {MAX_HEADER_BYTES}.",
    )
    return problem(431, "Headers too large", detail, instance=path)
