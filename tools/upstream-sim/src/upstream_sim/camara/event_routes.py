"""Serves the Câmara's events and their agendas."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from upstream_sim.camara.events import SITUATION_CODES, agenda_items, event_detail, event_item
from upstream_sim.camara.replies import Endpoint, not_found, paged, refusing, single
from upstream_sim.camara.routes import PREFIX
from upstream_sim.camara.search import page_of
from upstream_sim.congress.agenda import Meeting
from upstream_sim.query import day, only
from upstream_sim.world import World

_PARAMETERS: Final = frozenset(
    {"id", "codTipoEvento", "codSituacao", "codTipoOrgao", "idOrgao", "dataInicio", "dataFim", "horaInicio", "horaFim"}
    | {"pagina", "itens", "ordem", "ordenarPor"}
)
_AROUND: Final = timedelta(days=5)


class EventRoutes:
    """Routes about events in one simulator."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        table: dict[str, Endpoint] = {
            "/eventos": self.events,
            "/eventos/{id:int}": self._of(event_detail),
            "/eventos/{id:int}/pauta": self._of(agenda_items),
            "/referencias/situacoesEvento": self.situations,
        }
        return [Route(PREFIX + path, refusing(endpoint), methods=["GET", "HEAD"]) for path, endpoint in table.items()]

    async def events(self, request: Request) -> Response:
        """Events of some days; without days those from five days ago to five days ahead."""
        query = request.query_params
        only(query, _PARAMETERS)
        page, size = page_of(query, 15, 100)
        today = self._world.nation.clock.now().date()
        first = day(query["dataInicio"]) if query.get("dataInicio") else today - _AROUND
        last = day(query["dataFim"]) if query.get("dataFim") else today + _AROUND
        found = self._world.agenda.between("camara", first, last)
        rows = [event_item(self._world, meeting) for meeting in found[(page - 1) * size : page * size]]
        return paged(request, rows, len(found), page, size, oddities=self._world.scenario.oddities)

    def _of(self, render: Callable[[World, Meeting], Any]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            only(request.query_params, ())
            meeting = self._world.agenda.find("camara", request.path_params["id"])
            return not_found() if meeting is None else single(request, render(self._world, meeting))

        return endpoint

    async def situations(self, request: Request) -> Response:
        return single(request, SITUATION_CODES)
