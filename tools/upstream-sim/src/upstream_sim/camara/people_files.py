"""Writes the Câmara's files of deputies, legislatures, bodies and seats."""

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from upstream_sim.camara import organizations, people
from upstream_sim.camara.documents import HOST
from upstream_sim.camara.files import BOM, PREFIX, quoted
from upstream_sim.congress.careers import CURRENT, legislature_days
from upstream_sim.control.poison import undecodable
from upstream_sim.world import World

_DEPUTIES: Final = (
    "uri",
    "nome",
    "idLegislaturaInicial",
    "idLegislaturaFinal",
    "nomeCivil",
    "cpf",
    "siglaSexo",
    "urlRedeSocial",
    "urlWebsite",
    "dataNascimento",
    "dataFalecimento",
    "ufNascimento",
    "municipioNascimento",
)
_SEATS: Final = (
    "uriOrgao",
    "siglaOrgao",
    "nomeOrgao",
    "nomePublicacaoOrgao",
    "uriDeputado",
    "cargo",
    "dataInicio",
    "dataFim",
)
_LEGISLATURES: Final = ("idLegislatura", "uri", "dataInicio", "dataFim", "anoEleicao")


class PeopleFileRoutes:
    """Routes of the files that are not of a year."""

    def __init__(self, world: World) -> None:
        self._careers = world.careers

    def routes(self) -> list[Route]:
        table = {
            "/deputados/csv/deputados.csv": self.deputies,
            "/legislaturas/csv/legislaturas.csv": self.legislatures,
            "/orgaos/csv/orgaos.csv": self.bodies,
            "/orgaosDeputados/csv/orgaosDeputados-L{number:int}.csv": self.seats,
        }
        return [Route(PREFIX + path, each, methods=["GET", "HEAD"]) for path, each in table.items()]

    async def deputies(self, _: Request) -> Response:
        rows = []
        for person in self._careers:
            numbers = self._careers.legislatures(person)
            rows.append([
                f"{HOST}/deputados/{person.id}", person.name, str(numbers[0]), str(numbers[-1]),
                people.civil_name(person), "", "F" if person.female else "M", "", "", people.birth_day(person), "",
                person.state, people.birth_town(person),
            ])  # fmt: skip
        return _file(_DEPUTIES, rows)

    async def legislatures(self, _: Request) -> Response:
        """Every address holds a literal `%s` before the number."""
        rows = []
        for number in range(CURRENT, 0, -1):
            first, last = legislature_days(number)
            uri = f"{HOST}/legislaturas/%s{number}"
            rows.append([str(number), uri, first.isoformat(), last.isoformat(), str(first.year - 1)])
        return _file(_LEGISLATURES, rows)

    async def bodies(self, _: Request) -> Response:
        columns = organizations.BODY_COLUMNS
        rows = [[_text(row.get(name)) for name in columns] for row in organizations.bodies().values()]
        return _file(columns, rows)

    async def seats(self, request: Request) -> Response:
        number = request.path_params["number"]
        if not organizations.has_seat_file(number):
            return PlainTextResponse("404 Not Found", 404)
        rows = [
            [
                seat.body["uri"], seat.body["sigla"], seat.body["nome"], seat.body["nomePublicacao"],
                f"{HOST}/deputados/{seat.person.id}", seat.title, seat.start, seat.end,
            ]
            for seat in organizations.seats(self._careers, number)
        ]  # fmt: skip
        return _file(_SEATS, rows)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _file(columns: tuple[str, ...], rows: list[list[str]]) -> Response:
    lines = "".join(map(quoted, [list(columns), *rows]))
    return Response(BOM + undecodable(lines.encode()), media_type="text/csv")
