"""Serves the Senado's /processo and /votacao: no paging, no envelope, unknown parameters ignored."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from upstream_sim.query import BadQuery
from upstream_sim.senado.bill import SenadoBill, index_of_materia
from upstream_sim.senado.documents import detail, list_row
from upstream_sim.senado.legacy import LegacyRoutes
from upstream_sim.senado.record_routes import RecordRoutes
from upstream_sim.senado.search import INVALID_DETAIL, WINDOW_DETAIL, Search, day, whole
from upstream_sim.senado.services import TABLES, amendments, papers, rapporteurs
from upstream_sim.senado.votings import held_between, voting_row, votings_of
from upstream_sim.world import World, json_response

PREFIX: Final = "/senado/dadosabertos"
_PROBLEM: Final = "application/problem+json"
_ROWS_A_TURN: Final = 200
_YEAR: Final = timedelta(days=366)
Endpoint = Callable[[Request], Awaitable[Response]]


def problem(request: Request, status: int, title: str, detail_text: str | None = None) -> Response:
    content: dict[str, Any] = {"instance": request.url.path.removeprefix("/senado"), "status": status, "title": title}
    if detail_text is not None:
        content["detail"] = detail_text
    return json_response(content, status, media=_PROBLEM)


def wants_json(request: Request) -> bool:
    """Whether JSON was requested; the service's default is XML, which the simulator does not implement."""
    return request.url.path.endswith(".json") or "json" in request.headers.get("accept", "")


def guarded(endpoint: Endpoint) -> Endpoint:
    async def inner(request: Request) -> Response:
        if not wants_json(request):
            body = '<?xml version="1.0" encoding="UTF-8"?><erro>Solicite application/json</erro>'
            return Response(body, 406, media_type="application/xml;charset=UTF-8")
        try:
            return await endpoint(request)
        except BadQuery as error:
            return problem(request, 400, "Bad Request", str(error))

    return inner


class SenadoRoutes:
    """Routes of /processo and /votacao in one simulator."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._nation = world.nation
        self._search = Search(world.nation)

    def routes(self) -> list[Route]:
        table: dict[str, Endpoint] = {
            "/processo": self.processes,
            "/processo/relatoria": self._rows(rapporteurs, current=True),
            "/processo/emenda": self._rows(amendments),
            "/processo/documento": self._rows(papers),
            "/processo/siglas": self._table("siglas"),
            "/processo/tipos-situacao": self._table("tipos-situacao"),
            "/votacao": self.votings,
            "/processo/{id:int}": self.process,
        }
        table.update(LegacyRoutes(self._world, self._search).table())
        table.update(RecordRoutes(self._world).table())
        routes = []
        for path, endpoint in table.items():
            for suffix in ("", ".json"):
                routes.append(Route(f"{PREFIX}{path}{suffix}", guarded(endpoint), methods=["GET", "HEAD"]))
        return [*routes, Route(PREFIX + "/{rest:path}", guarded(self.unknown), methods=["GET", "HEAD"])]

    async def unknown(self, request: Request) -> Response:
        path = request.url.path.removeprefix("/senado/")
        return problem(request, 404, "Not Found", f"No static resource {path}.")

    async def processes(self, request: Request) -> Response:
        query = dict(request.query_params)
        found = self._search.find(query, request.query_params.getlist("idProcesso"))
        return await self._listed(found)

    async def _listed(self, found: Iterable[int]) -> Response:
        rows: list[Any] = []
        for number, index in enumerate(found):
            bill = SenadoBill(self._nation, index)
            rows.append(self._world.maybe_spoilt("senado", bill.id, list_row(bill)))
            if number % _ROWS_A_TURN == _ROWS_A_TURN - 1:
                await asyncio.sleep(0)
        return json_response(rows)

    async def process(self, request: Request) -> Response:
        index = self._nation.senado.index_of(request.path_params["id"])
        if index is None:
            return problem(request, 404, "Not Found")
        bill = SenadoBill(self._nation, index, self._world.shown_revision(request, "senado", index))
        return json_response(self._world.maybe_spoilt("senado", bill.id, detail(bill)))

    def _named(self, request: Request) -> list[int] | None:
        """Indices of the processes named by idProcesso or codigoMateria; None when neither is given."""
        query, house = request.query_params, self._nation.senado
        if "idProcesso" in query:
            named = [house.index_of(whole(each)) for each in query.getlist("idProcesso")]
        elif "codigoMateria" in query:
            index = index_of_materia(whole(query["codigoMateria"]))
            named = [index if index is not None and index < house.size and not house.is_deleted(index) else None]
        else:
            return None
        return [index for index in named if index is not None]

    def _rows(self, render: Callable[[SenadoBill], list[Any]], current: bool = False) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            named = self._named(request)
            indices = self._lately(request) if named is None else named
            rows = [row for index in indices for row in render(SenadoBill(self._nation, index))]
            if named is None and current and "dataInicio" not in request.query_params:
                rows = [row for row in rows if row["dataDestituicao"] is None]
            return json_response(rows)

        return endpoint

    def _lately(self, request: Request) -> list[int]:
        """Indices of the processes that moved in the requested days, by default in the last month."""
        query, today = request.query_params, self._nation.clock.now().date()
        last = day(query["dataFim"]) if "dataFim" in query else today
        first = day(query["dataInicio"]) if "dataInicio" in query else last - timedelta(days=30)
        if last - first > _YEAR:
            raise BadQuery(WINDOW_DETAIL)
        moved = self._nation.senado.moved_between(first.toordinal(), last.toordinal())
        return sorted(index for index in moved if not self._nation.senado.is_deleted(index))

    @staticmethod
    def _table(name: str) -> Endpoint:
        async def endpoint(_: Request) -> Response:
            return json_response(TABLES[name])

        return endpoint

    async def votings(self, request: Request) -> Response:
        query, today = request.query_params, self._nation.clock.now().date()
        named = self._named(request)
        if named is None and {"sigla", "numero", "ano"} <= set(query):
            named = self._nation.find("senado", query["sigla"].upper(), whole(query["numero"]), whole(query["ano"]))
        if named is not None:
            return json_response(
                [voting_row(each) for index in named for each in votings_of(SenadoBill(self._nation, index))]
            )
        last = day(query["dataFim"]) if "dataFim" in query else today
        first = day(query["dataInicio"]) if "dataInicio" in query else last - timedelta(days=365)
        if last < first:
            raise BadQuery(INVALID_DETAIL)
        if last - first > _YEAR:
            raise BadQuery(WINDOW_DETAIL)
        rows = []
        for voting in held_between(self._nation, first, last):
            rows.append(voting_row(voting))
            await asyncio.sleep(0)
        return json_response(rows)
