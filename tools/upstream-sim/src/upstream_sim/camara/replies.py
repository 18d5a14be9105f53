"""Makes the replies of the Câmara's API: envelope, links, pages, headers and refusals."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from upstream_sim.query import BadQuery
from upstream_sim.world import json_response

_HEADERS: Final = {
    "Cache-Control": "public, max-age=1800",
    "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Accept, Accept-Encoding",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, X-Total-Count, X-Validation-Error",
}
Endpoint = Callable[[Request], Awaitable[Response]]


def refusal(status: int, title: str | None, detail: str, instance: str | None, code: int | None) -> Response:
    """A refusal with a body in the form of recorded errors."""
    content = {"status": status, "title": title, "detail": detail, "instance": instance, "code": code}
    return json_response(content, status)


def not_found() -> Response:
    return refusal(404, "Não encontrado", "O recurso solicitado não existe.", None, None)


def refusing(endpoint: Endpoint) -> Endpoint:
    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except BadQuery as error:
            return refusal(400, "Requisição inválida", str(error), request.url.query, 4)

    return guarded


def paged(request: Request, rows: list[Any], total: int, page: int, size: int, *, oddities: bool) -> Response:
    """One page of a list; with `oddities`, sometimes with a link to a page after the last one."""
    last = max(1, -(-total // size))
    odd = oddities and last > 1 and sum(request.url.query.encode()) % 7 == 3
    links = [{"rel": "self", "href": str(request.url)}]
    if page < last or (odd and page == last):
        links.append({"rel": "next", "href": _address(request, page + 1, size)})
    if last > 1 or page > 1:
        links.append({"rel": "first", "href": _address(request, 1, size)})
        links.append({"rel": "last", "href": _address(request, last, size)})
    return enveloped(rows, links, total)


def _address(request: Request, page: int, size: int) -> str:
    query = {name: value for name, value in request.query_params.items() if name not in ("pagina", "itens")}
    return f"{request.url.replace(query='')}?{urlencode({**query, 'pagina': page, 'itens': size}, safe=',')}".replace(
        "??", "?"
    )


def enveloped(content: Any, links: list[dict[str, str]], total: int) -> Response:
    joined = "".join(f'<{link["href"]}>; rel="{link["rel"]}",' for link in links)
    headers = {**_HEADERS, "X-Total-Count": str(total), "Link": joined}
    return json_response({"dados": content, "links": links}, headers=headers)


def single(request: Request, content: Any) -> Response:
    total = len(content) if isinstance(content, list) else 1
    return enveloped(content, [{"rel": "self", "href": str(request.url)}], total)
