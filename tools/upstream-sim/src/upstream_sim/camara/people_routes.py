"""Serves the Câmara's deputies, legislatures, parties, bodies and blocs."""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from upstream_sim.camara import organizations, people
from upstream_sim.camara.replies import Endpoint, not_found, paged, refusing, single
from upstream_sim.camara.routes import PREFIX
from upstream_sim.camara.search import page_of
from upstream_sim.congress.careers import CURRENT, legislature_days
from upstream_sim.congress.people import Person
from upstream_sim.query import day, only, wholes, words
from upstream_sim.world import World

_PAGES = ("pagina", "itens", "ordem", "ordenarPor")


class PeopleRoutes:
    """Routes about people and organizations in one simulator."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._careers = world.careers

    def routes(self) -> list[Route]:
        careers = self._careers
        table: dict[str, Endpoint] = {
            "/deputados": self.deputies,
            "/deputados/{id:int}": self._of(lambda person, _: people.detail(careers, person)),
            "/deputados/{id:int}/historico": self._of(lambda person, _: people.history_rows(careers, person)),
            "/deputados/{id:int}/orgaos": self._of(self._seats, ("dataInicio", "dataFim", *_PAGES)),
            "/legislaturas": self.legislatures,
            "/legislaturas/{id:int}/mesa": self._of_legislature(people.board_rows),
            "/legislaturas/{id:int}/lideres": self._of_legislature(people.leader_rows),
            "/partidos": self.parties,
            "/partidos/{id:int}": self.party,
            "/orgaos": self.bodies,
            "/orgaos/{id:int}": self.body,
            "/blocos": self.blocs,
            "/blocos/{id:int}/partidos": self.bloc_parties,
        }
        return [Route(PREFIX + path, refusing(each), methods=["GET", "HEAD"]) for path, each in table.items()]

    async def deputies(self, request: Request) -> Response:
        query = request.query_params
        only(query, ("id", "nome", "idLegislatura", "siglaUf", "siglaPartido", "siglaSexo", "dataInicio", "dataFim",
                     *_PAGES))  # fmt: skip
        numbers, ids = wholes(query.get("idLegislatura", "")), wholes(query.get("id", ""))
        rows = [row for number in numbers for row in people.legislature_rows(self._careers, number)]
        if not numbers:
            rows = people.office_rows(self._careers)
        states, parties = words(query.get("siglaUf", "")), words(query.get("siglaPartido", ""))
        found = [
            row for row in rows
            if (not states or row["siglaUf"] in states)
            and (not parties or row["siglaPartido"].upper() in parties)
            and (not ids or row["id"] in ids)
        ]  # fmt: skip
        order = query.get("ordenarPor", "nome")
        found.sort(key=lambda row: (row.get(order) or "", row["id"]))
        return self._page(request, found, 1000)

    async def legislatures(self, request: Request) -> Response:
        only(request.query_params, ("id", "data", *_PAGES))
        return self._page(request, [people.legislature_item(number) for number in range(CURRENT, 0, -1)], 15)

    async def parties(self, request: Request) -> Response:
        only(request.query_params, ("sigla", "idLegislatura", "dataInicio", "dataFim", *_PAGES))
        return self._page(request, people.party_rows(), 15)

    async def party(self, request: Request) -> Response:
        found = people.party_detail(request.path_params["id"])
        return not_found() if found is None else single(request, found)

    async def bodies(self, request: Request) -> Response:
        """With days only bodies that were open then: those without a last day, and those that ended later."""
        query = request.query_params
        only(query, ("id", "sigla", "codTipoOrgao", "dataInicio", "dataFim", *_PAGES))
        since = day(query["dataInicio"]).isoformat() if "dataInicio" in query else ""
        rows = [row for row in organizations.bodies().values() if not row.get("dataFim") or row["dataFim"] >= since]
        return self._page(request, [organizations.body_item(row) for row in rows], 100)

    async def body(self, request: Request) -> Response:
        row = organizations.bodies().get(request.path_params["id"])
        return not_found() if row is None else single(request, organizations.body_detail(row))

    async def blocs(self, request: Request) -> Response:
        only(request.query_params, ("id", "idLegislatura", *_PAGES))
        numbers: Sequence[int | None] = wholes(request.query_params.get("idLegislatura", "")) or (None,)
        return self._page(request, [row for number in numbers for row in organizations.bloc_rows(number)], 15)

    async def bloc_parties(self, request: Request) -> Response:
        only(request.query_params, ("data",))
        found = organizations.bloc_parties(request.path_params["id"], then="data" in request.query_params)
        return not_found() if found is None else single(request, found)

    def _of(self, render: Callable[[Person, Request], Any], known: Sequence[str] = ()) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            only(request.query_params, known)
            person = self._careers.person(request.path_params["id"])
            if person is None:
                return not_found()
            found = render(person, request)
            return self._page(request, found, 15) if known else single(request, found)

        return endpoint

    def _seats(self, person: Person, request: Request) -> list[Any]:
        """The seats of the legislatures that touch the given days; without days those of now."""
        query, numbers = request.query_params, self._careers.legislatures(person)
        if "dataInicio" in query:
            first, last = day(query["dataInicio"]), day(query.get("dataFim") or query["dataInicio"])
            touched = [n for n in numbers if legislature_days(n)[0] <= last and first <= legislature_days(n)[1]]
            numbers = range(touched[0], touched[-1] + 1) if touched else range(0)
        else:
            numbers = range(CURRENT, CURRENT + 1) if CURRENT in numbers else range(0)
        return organizations.deputy_seats(self._careers, person, numbers)

    def _of_legislature(self, render: Callable[..., list[Any]]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            number = request.path_params["id"]
            if not 0 < number <= CURRENT:
                return not_found()
            rows = render(self._careers, number)
            return self._page(request, rows, 100) if "itens" in request.query_params else single(request, rows)

        return endpoint

    def _page(self, request: Request, rows: list[Any], size: int) -> Response:
        page, size = page_of(request.query_params, size, 1000)
        chosen = rows[(page - 1) * size : page * size]
        return paged(request, chosen, len(rows), page, size, oddities=self._world.scenario.oddities)
