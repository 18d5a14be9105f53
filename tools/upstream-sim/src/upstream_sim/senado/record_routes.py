"""Serves the Senado's services on senators, bodies, votings and agendas."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from upstream_sim.congress.agenda import Meeting
from upstream_sim.congress.people import Person, senators
from upstream_sim.query import BadQuery
from upstream_sim.senado import agendas, organizations, people
from upstream_sim.senado.legacy import collapsed, envelope
from upstream_sim.senado.orientations import committee_votings, orientation_row
from upstream_sim.senado.search import INVALID_DETAIL
from upstream_sim.senado.votings import held_between
from upstream_sim.world import World, json_response

Json = dict[str, Any]
Endpoint = Callable[[Request], Awaitable[Response]]
_MOST_DAYS: Final = 30


def compact_day(text: str) -> date:
    """A day as AAAAMMDD."""
    try:
        return datetime.strptime(text, "%Y%m%d").date()
    except ValueError as error:
        raise BadQuery(INVALID_DETAIL) from error


class RecordRoutes:
    """Routes of these services in one simulator. Of what does not exist, they answer an envelope without a record."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._nation = world.nation

    def table(self) -> dict[str, Endpoint]:
        return {
            "/senador/lista/atual": self._people("ListaParlamentarEmExercicio", lambda: senators(), people.row),
            "/senador/afastados": self._people("AfastamentoAtual", lambda: people.away(), people.row),
            "/senador/lista/legislatura/{number:int}": self.of_legislature,
            "/senador/{code:int}": self._of_person("DetalheParlamentar", people.detail),
            "/senador/{code:int}/mandatos": self._list("MandatoParlamentar", "Mandatos", "Mandato", _mandates),
            "/senador/{code:int}/filiacoes": self._list(
                "FiliacaoParlamentar", "Filiacoes", "Filiacao", people.affiliations
            ),
            "/senador/{code:int}/comissoes": self._list(
                "MembroComissaoParlamentar", "MembroComissoes", "Comissao", people.seats
            ),
            "/senador/{code:int}/cargos": self._list("CargoParlamentar", "Cargos", "Cargo", people.offices),
            "/senador/{code:int}/licencas": self._list("LicencaParlamentar", "Licencas", "Licenca", people.leaves),
            "/composicao/lideranca": self.leaderships,
            "/composicao/lista/blocos": self.blocs,
            "/composicao/bloco/{code:int}": self.bloc,
            "/composicao/mesaSF": self._board("MesaSenado", organizations.board_sf),
            "/composicao/mesaCN": self._board("MesaCongresso", organizations.board_cn),
            "/composicao/comissao/{code:int}": self.seats,
            "/comissao/lista/colegiados": self.bodies,
            "/comissao/{code:int}": self.body,
            "/plenario/votacao/orientacaoBancada/{first:int}/{last:int}": self.orientations,
            "/votacaoComissao/comissao/{acronym}": self.committee_votings,
            "/plenario/agenda/mes/{day:int}": self.sessions,
            "/plenario/resultado/mes/{day:int}": self.results,
            "/comissao/agenda/{first:int}/{last:int}": self.meetings,
            "/comissao/reuniao/{code:int}": self.meeting,
        }

    def _answer(self, root: str, payload: Json) -> Response:
        return json_response(envelope(self._nation, root, "5", root, payload))

    def _people(self, root: str, who: Callable[[], tuple[Person, ...]], render: Callable[[Person], Json]) -> Endpoint:
        async def endpoint(_: Request) -> Response:
            return self._answer(root, {"Parlamentares": {"Parlamentar": collapsed([render(one) for one in who()])}})

        return endpoint

    async def of_legislature(self, request: Request) -> Response:
        rows = [people.row_of_legislature(one) for one in people.of_legislature(request.path_params["number"])]
        payload = {"Parlamentares": {"Parlamentar": collapsed(rows)}} if rows else {}
        return self._answer("ListaParlamentarLegislatura", payload)

    def _of_person(self, root: str, render: Callable[[Person], Json]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            person = people.everybody().get(request.path_params["code"])
            return self._answer(root, {} if person is None else {"Parlamentar": render(person)})

        return endpoint

    def _list(self, root: str, outer: str, inner: str, render: Callable[[Person], list[Json]]) -> Endpoint:
        """A list of a senator: one element collapses, and without elements the list is not there."""

        def shown(person: Person) -> Json:
            rows = render(person)
            found: Json = {"Codigo": str(person.id), "Nome": person.name}
            return {**found, outer: {inner: collapsed(rows)}} if rows else found

        return self._of_person(root, shown)

    async def leaderships(self, request: Request) -> Response:
        code = request.query_params.get("codigoParlamentar")
        who = [people.everybody().get(int(code))] if code and code.isdecimal() else list(senators())
        return json_response([row for person in who if person is not None for row in people.leaderships(person)])

    async def blocs(self, _: Request) -> Response:
        return self._answer("ListaBlocoParlamentar", {"Blocos": {"Bloco": collapsed(organizations.blocs())}})

    async def bloc(self, request: Request) -> Response:
        found = organizations.bloc(request.path_params["code"])
        return json_response({"blocos": {} if found is None else {"bloco": found}})

    def _board(self, root: str, render: Callable[[], Json]) -> Endpoint:
        async def endpoint(_: Request) -> Response:
            return self._answer(root, {"Colegiados": {"Colegiado": collapsed([render()])}})

        return endpoint

    async def bodies(self, _: Request) -> Response:
        return self._answer("ListaColegiados", {"Colegiados": {"Colegiado": collapsed(organizations.bodies())}})

    async def body(self, request: Request) -> Response:
        body = organizations.committee(request.path_params["code"])
        payload = {} if body is None else {"Colegiados": {"Colegiado": collapsed([organizations.detail(body)])}}
        return self._answer("ComissoesCongressoNacional", payload)

    async def seats(self, request: Request) -> Response:
        body = organizations.committee(request.path_params["code"])
        rows = [] if body is None else organizations.seats(body)
        inner = {"ComposicaoComissao": {"Membros": {"Membro": collapsed(rows)}}} if rows else {}
        return self._answer("ComposicaoAtivaComissaoSf", inner)

    async def orientations(self, request: Request) -> Response:
        first, last = (compact_day(f"{request.path_params[name]:08d}") for name in ("first", "last"))
        rows = [orientation_row(one) for one in held_between(self._nation, first, last) if not one.secret]
        return json_response({"votacoes": rows})

    async def committee_votings(self, request: Request) -> Response:
        query = request.query_params
        first, last = (compact_day(query.get(name, "")) for name in ("dataInicio", "dataFim"))
        acronym = request.path_params["acronym"]
        found = [one for one in self._world.agenda.between("senado", first, last) if one.body == acronym]
        rows = [row for meeting in found if not agendas.is_session(meeting) for row in self._votings(meeting)]
        return self._answer("VotacoesComissao", {"Votacoes": {"Votacao": collapsed(rows)}} if rows else {})

    def _votings(self, meeting: Meeting) -> list[Json]:
        return committee_votings(self._nation, meeting)

    def _month(self, request: Request) -> list[Meeting]:
        """Sessions from a day to the end of its month."""
        first = compact_day(f"{request.path_params['day']:08d}")
        last = (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return [one for one in self._world.agenda.between("senado", first, last) if agendas.is_session(one)]

    async def sessions(self, request: Request) -> Response:
        rows = [agendas.session(self._nation, one) for one in self._month(request)]
        return self._answer("AgendaPlenario", {"Sessoes": {"Sessao": collapsed(rows)}} if rows else {})

    async def results(self, request: Request) -> Response:
        now = self._nation.clock.now()
        rows = [agendas.result(self._nation, one) for one in self._month(request) if one.ends <= now]
        return self._answer("ResultadoPlenario", {"Sessoes": {"Sessao": collapsed(rows)}} if rows else {})

    def _meeting(self, meeting: Meeting) -> Json:
        new = None if meeting.moved_to is None else self._world.agenda.find("senado", meeting.moved_to)
        return agendas.meeting_row(self._nation, meeting, new)

    async def meetings(self, request: Request) -> Response:
        first, last = (compact_day(f"{request.path_params[name]:08d}") for name in ("first", "last"))
        if (last - first).days >= _MOST_DAYS:
            raise BadQuery(INVALID_DETAIL)
        found = self._world.agenda.between("senado", first, last)
        rows = [self._meeting(one) for one in found if not agendas.is_session(one)]
        return self._answer("AgendaReuniao", {"reunioes": {"reuniao": collapsed(rows)}} if rows else {})

    async def meeting(self, request: Request) -> Response:
        found = self._world.agenda.find("senado", request.path_params["code"])
        known = found is not None and not agendas.is_session(found)
        return self._answer("DetalheReuniao", {"reuniao": self._meeting(found)} if known and found else {})


def _mandates(person: Person) -> list[Json]:
    return [people.mandate(person)]
