"""Faults of lists that belong to a bill, a voting or an event: a response of 404, an empty list, or a list cut short.

Both chambers have responded so for all bills at once. A list has the same name wherever a house serves it: as a
resource of its own, or inside the bill.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope

KINDS: Final = frozenset({"list_404", "list_empty", "list_short"})

_CAMARA_BILL: Final = r"^/camara/api/v2/proposicoes/(\d+)"
_SENADO: Final = r"^/senado/dadosabertos/"
_RESOURCES: Final[dict[str, dict[str, str]]] = {
    "camara": {
        "authors": rf"{_CAMARA_BILL}/autores$",
        "subjects": rf"{_CAMARA_BILL}/temas$",
        "actions": rf"{_CAMARA_BILL}/tramitacoes$",
        "related": rf"{_CAMARA_BILL}/relacionadas$",
        "votings": rf"{_CAMARA_BILL}/votacoes$",
        "votes": r"^/camara/api/v2/votacoes/(\d+)-\d+/votos$",
        "agenda": r"^/camara/api/v2/eventos/(\d+)/pauta$",
    },
    "senado": {
        "rapporteurs": rf"{_SENADO}processo/relatoria(?:\.json)?\?(?:.*&)?idProcesso=(\d+)",
        "votings": rf"{_SENADO}votacao(?:\.json)?\?(?:.*&)?idProcesso=(\d+)",
        "votes": rf"{_SENADO}votacao(?:\.json)?\?(?:.*&)?idProcesso=(\d+)",
        **dict.fromkeys(("authors", "subjects", "actions", "related"), rf"{_SENADO}processo/(\d+)(?:\.json)?(?:\?|$)"),
    },
}
_WITHIN: Final = {"authors": ("autoria", "autoriaIniciativa"), "subjects": ("classificacoes",),
                  "actions": ("informesLegislativos", "despachos"), "related": ("processosRelacionados",),
                  "votes": ("votos",)}  # fmt: skip
"""Names of the lists inside a Senado record, at any depth."""

_JSON: Final = "application/json;charset=UTF-8"
_NOT_FOUND: Final = {
    "camara": '{"status":404,"title":"Não encontrado","detail":"O recurso solicitado não existe.","instance":null,'
    '"code":null}',
    "senado": '{"status":404,"title":"Not Found"}',
}


class NoSuchList(ValueError):
    """A fault was requested for a list that the house does not serve."""


def check(kind: str, source: str, value: Any) -> None:
    """Checks the value of a fault: the name of a list, or {"list": …, "id": …} for one bill. Raises NoSuchList."""
    name, _ = _wanted(value)
    houses = [house for house in _RESOURCES if source in (house, "all")]
    if not all(name in _RESOURCES[house] for house in houses):
        known = sorted(set.intersection(*(set(_RESOURCES[house]) for house in houses)))
        raise NoSuchList(f"unknown list {name!r} of {source}; known: {', '.join(known)}")
    if kind == "list_404" and "senado" in houses and name in _WITHIN:
        raise NoSuchList(f"the {name} of the Senado are part of a larger answer, which has no 404 of their own")


def applies_to(value: Any, source: str, target: str) -> bool:
    """Whether a request (path with query) is for that list, of that bill."""
    name, identifier = _wanted(value)
    found = re.search(_RESOURCES[source].get(name, r"(?!)"), target)
    return found is not None and identifier in (None, found[1])


async def answer(kind: str, value: Any, source: str, app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    """The response with the fault, made of a good response of `app`; any other response of `app` is unchanged."""
    if kind == "list_404":
        return Response(_NOT_FOUND[source], 404, media_type=_JSON)
    status, headers, body = 200, [], bytearray()

    async def keep(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            headers.extend(message["headers"])
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    content = _damaged(kind, value, source, bytes(body)) if status == 200 else bytes(body)
    response = Response(content, status)
    kept = [(name, text) for name, text in headers if name.lower() != b"content-length"]
    response.raw_headers[:] = [*kept, (b"content-length", str(len(content)).encode())]
    return response


def _damaged(kind: str, value: Any, source: str, body: bytes) -> bytes:
    """The body with its list emptied or cut. A list with one entry is not cut, since it would be empty then."""
    name, _ = _wanted(value)
    content = orjson.loads(body)

    def cut(rows: list[Any]) -> list[Any]:
        return [] if kind == "list_empty" else rows[: max(1, len(rows) - max(1, len(rows) // 3))]

    if source == "camara":
        content["dados"] = cut(content["dados"])
    elif name in _WITHIN:
        _inside(content, _WITHIN[name], cut)
    else:
        content = cut(content)
    return orjson.dumps(content)


def _inside(content: Any, names: tuple[str, ...], cut: Callable[[list[Any]], list[Any]]) -> None:
    if isinstance(content, list):
        for item in content:
            _inside(item, names, cut)
    elif isinstance(content, dict):
        for key, item in content.items():
            if key in names and isinstance(item, list):
                content[key] = cut(item)
            else:
                _inside(item, names, cut)


def _wanted(value: Any) -> tuple[str, str | None]:
    if isinstance(value, dict):
        identifier = value.get("id")
        return str(value.get("list", "")), None if identifier is None else str(identifier)
    return str(value or ""), None
