"""Serves the Câmara's API v2: paths, paging, links, headers and refusals."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from upstream_sim.camara import documents
from upstream_sim.camara.bill import CamaraBill
from upstream_sim.camara.references import REFERENCES
from upstream_sim.camara.replies import Endpoint, not_found, paged, refusing, single
from upstream_sim.camara.search import Search, page_of
from upstream_sim.camara.votes import (
    Voting,
    find_voting,
    orientation_items,
    vote_items,
    voting_detail,
    voting_item,
    votings_of,
)
from upstream_sim.camara.voting_index import held_between
from upstream_sim.query import BadQuery, day, only
from upstream_sim.world import World, active_faults

PREFIX: Final = "/camara/api/v2"
_QUARTER: Final = timedelta(days=92)


class CamaraRoutes:
    """Routes of the Câmara's API in one simulator."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._nation = world.nation
        self._search = Search(world.nation)
        self._skipped = 0

    def routes(self) -> list[Route]:
        table: dict[str, Endpoint] = {
            "/proposicoes": self.bills,
            "/proposicoes/{id:int}": self.bill,
            "/proposicoes/{id:int}/autores": self._sub(documents.authors),
            "/proposicoes/{id:int}/temas": self._sub(documents.themes),
            "/proposicoes/{id:int}/tramitacoes": self._sub(self._actions, frozenset({"dataInicio", "dataFim"})),
            "/proposicoes/{id:int}/relacionadas": self._sub(self._related),
            "/proposicoes/{id:int}/votacoes": self._sub(self._votings, frozenset({"ordem", "ordenarPor"})),
            "/votacoes": self.votings,
            "/votacoes/{id}": self._voting(voting_detail),
            "/votacoes/{id}/votos": self._voting(vote_items),
            "/votacoes/{id}/orientacoes": self._voting(orientation_items),
            "/referencias/proposicoes/{table}": self.reference,
        }
        routes = [Route(PREFIX + path, refusing(endpoint), methods=["GET", "HEAD"]) for path, endpoint in table.items()]
        return [*routes, Route(PREFIX + "/{rest:path}", _unknown, methods=["GET", "HEAD"])]

    async def bills(self, request: Request) -> Response:
        found = self._search.find(dict(request.query_params))
        page, size = page_of(request.query_params, 15, 100)
        if "moving_pages" in active_faults(request) and page > 1:
            found = self._moved(found, page, size)
        chosen = found[(page - 1) * size : page * size]
        rows = []
        for index in chosen:
            bill = CamaraBill(self._nation, index)
            rows.append(self._world.maybe_spoilt("camara", bill.id, documents.list_item(bill)))
        return self._page(request, rows, len(found), page, size)

    def _moved(self, found: Sequence[int], page: int, size: int) -> Sequence[int]:
        """The result as if bills had been removed (even pages) or added (odd pages) before this page."""
        self._skipped += 1
        return found[1:] if page % 2 == 0 else [*found[:1], *found]

    def _page(self, request: Request, rows: list[Any], total: int, page: int, size: int) -> Response:
        return paged(request, rows, total, page, size, oddities=self._world.scenario.oddities)

    async def bill(self, request: Request) -> Response:
        only(request.query_params, ())
        index = self._nation.camara.index_of(request.path_params["id"])
        if index is None:
            return not_found()
        bill = CamaraBill(self._nation, index, self._world.shown_revision(request, "camara", index))
        item = self._world.maybe_spoilt("camara", bill.id, documents.detail(bill))
        return single(request, item)

    def _sub(self, render: Callable[[CamaraBill], Any], known: frozenset[str] = frozenset()) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            only(request.query_params, known)
            index = self._nation.camara.index_of(request.path_params["id"])
            if index is None:
                return not_found()
            bill = CamaraBill(self._nation, index, self._world.shown_revision(request, "camara", index))
            rows = render(bill)
            return single(request, _within(rows, request))

        return endpoint

    @staticmethod
    def _actions(bill: CamaraBill) -> Any:
        return [documents.action_item(bill, action) for action in bill.history]

    def _related(self, bill: CamaraBill) -> Any:
        return [documents.related_item(CamaraBill(self._nation, index)) for index in bill.related]

    @staticmethod
    def _votings(bill: CamaraBill) -> Any:
        return [voting_item(voting) for voting in reversed(votings_of(bill))]

    async def votings(self, request: Request) -> Response:
        query = request.query_params
        only(
            query,
            {
                "id",
                "idProposicao",
                "idEvento",
                "idOrgao",
                "dataInicio",
                "dataFim",
                "pagina",
                "itens",
                "ordem",
                "ordenarPor",
            },
        )
        page, size = page_of(query, 100, 100)
        if "idProposicao" in query or "id" in query:
            found = self._votings_named(query.get("id", ""), query.get("idProposicao", ""))
        else:
            first, last = self._voting_window(query.get("dataInicio"), query.get("dataFim"))
            found = list(held_between(self._nation, first, last))
        found.sort(key=lambda voting: (voting.at, voting.id), reverse=query.get("ordem", "DESC").upper() == "DESC")
        rows = [voting_item(voting) for voting in found[(page - 1) * size : page * size]]
        return self._page(request, rows, len(found), page, size)

    def _votings_named(self, ids: str, bills: str) -> list[Voting]:
        found = [voting for each in ids.split(",") if (voting := find_voting(self._nation, each)) is not None]
        for each in bills.split(","):
            index = self._nation.camara.index_of(int(each)) if each.isdecimal() else None
            if index is not None:
                found += votings_of(CamaraBill(self._nation, index))
        return found

    def _voting_window(self, start: str | None, end: str | None) -> tuple[date, date]:
        today = self._nation.clock.now().date()
        first = day(start) if start else date(day(end).year, 1, 1) if end else today - timedelta(days=30)
        last = day(end) if end else date(first.year, 12, 31) if start else today
        if first.year != last.year and (start or end):
            raise BadQuery("As datas de início e fim devem ser do mesmo ano.")
        if last - first > _QUARTER and start and end:
            raise BadQuery("A diferença entre as datas não pode ser maior que 3 meses")
        return first, last

    def _voting(self, render: Callable[[Voting], Any]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            only(request.query_params, ())
            voting = find_voting(self._nation, request.path_params["id"])
            return not_found() if voting is None else single(request, render(voting))

        return endpoint

    async def reference(self, request: Request) -> Response:
        rows = REFERENCES.get(request.path_params["table"])
        return not_found() if rows is None else single(request, rows)


def _within(rows: Any, request: Request) -> Any:
    """The tramitações of the requested days only."""
    start, end = request.query_params.get("dataInicio"), request.query_params.get("dataFim")
    if not (start or end):
        return rows
    first, last = (day(start) if start else date.min).isoformat(), (day(end) if end else date.max).isoformat()
    return [row for row in rows if first <= row["dataHora"][:10] <= last]


async def _unknown(request: Request) -> Response:
    """Responds 405 to an unknown sub-resource, which the Câmara refuses as a method, not as a path."""
    return PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET"})
