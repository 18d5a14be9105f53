"""Builds the Câmara's bodies (órgãos), blocs and seats, in the recorded shapes of API and files."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from upstream_sim.camara.documents import HOST, Json
from upstream_sim.congress.careers import CURRENT, OLDEST_WITH_FILES, Careers, legislature_days
from upstream_sim.congress.people import BODIES, COMMITTEES, PARTIES, Person

BODY_COLUMNS: Final = (
    "uri",
    "sigla",
    "apelido",
    "nome",
    "nomePublicacao",
    "codTipoOrgao",
    "tipoOrgao",
    "dataInicio",
    "dataInstalacao",
    "dataFim",
    "dataFimOriginal",
    "codSituacao",
    "descricaoSituacao",
    "casa",
    "sala",
    "urlWebsite",
)
_KINDS: Final = {
    "MESA": (1, "Comissão Diretora"),
    "PLEN": (26, "Plenário Virtual"),
    "CCP": (12000, "Órgão da Câmara dos Deputados"),
}
_TASK: Final = (
    "Comissão Especial destinada a apreciar e proferir parecer à Proposta de Emenda à Constituição nº 6, de 2019, "
    'que "modifica o sistema de previdência social"'
)


def _body(identifier: int, acronym: str, name: str, kind: tuple[int, str], **more: str | None) -> Json:
    return {
        "id": identifier,
        "uri": f"{HOST}/orgaos/{identifier}",
        "sigla": acronym,
        "apelido": name,
        "nome": name,
        "nomePublicacao": name,
        "codTipoOrgao": kind[0],
        "tipoOrgao": kind[1],
        "casa": "Câmara dos Deputados",
        **more,
    }


@lru_cache(maxsize=1)
def bodies() -> dict[int, Json]:
    """Every body by id: most without dates, some closed, one of both houses, one whose house is empty."""
    rows = [
        _body(one.id, one.acronym, one.name, _KINDS.get(one.acronym, (2, "Comissão Permanente")))
        for one in BODIES.values()
    ]
    special = _body(
        537_906, "PEC00619", _TASK, (3, "Comissão Especial"), codSituacao="4", descricaoSituacao="Instalada"
    )
    special["nomePublicacao"] = "COMISSÃO ESPECIAL - PEC 006/19"
    closed = {"dataInicio": "1999-03-15T00:00:00", "dataInstalacao": "1999-04-13T00:00:00", "sala": "Anexo II"}
    rows += [
        special,
        _body(5288, "CPINARCO", "CPI - Narcotráfico", (4, "Comissão Parlamentar de Inquérito"),
              dataFim="2000-12-05T00:00:00", **closed),
        _body(4481, "CMO", "Comissão Mista de Planos, Orçamentos Públicos e Fiscalização",
              (6, "Comissão Mista Permanente"), casa="Congresso Nacional"),
        _body(6900, "GTREF", "Grupo de Trabalho da Reforma", (99, "Grupo de Trabalho"), casa=None),
    ]  # fmt: skip
    return {row["id"]: row for row in rows}


def body_item(row: Json) -> Json:
    """A row of `/orgaos`."""
    names = ("id", "uri", "sigla", "nome", "apelido", "codTipoOrgao", "tipoOrgao", "nomePublicacao")
    return {**{name: row[name] for name in names}, "nomeResumido": row["apelido"][:40]}


def body_detail(row: Json) -> Json:
    """A body's detail. The situation is in the file only."""
    names = ("dataInicio", "dataInstalacao", "dataFim", "dataFimOriginal", "casa", "sala", "urlWebsite")
    return {**body_item(row), **{name: row.get(name) for name in names}}


class Seat(NamedTuple):
    """One deputy in one office of one body."""

    body: Json
    person: Person
    title: str
    start: str
    end: str


def seats(careers: Careers, number: int) -> Iterator[Seat]:
    """All seats of a legislature: a chair, a deputy chair, and members, some of whom left after a year."""
    people, (first, last) = careers.of_legislature(number), legislature_days(number)
    for turn, acronym in enumerate(("CCJC", *COMMITTEES)):
        body = bodies()[BODIES[acronym].id]
        chosen = people[turn :: max(1, len(people) // 25)][:25]
        for place, person in enumerate(chosen):
            title = ("Presidente", "1º Vice-Presidente")[place] if place < 2 else ("Titular", "Suplente")[place % 2]
            left = place % 6 == 5 or number < CURRENT
            end = f"{first.year + 1}-01-31T00:00:00" if place % 6 == 5 else f"{last.isoformat()}T00:00:00"
            yield Seat(body, person, title, f"{first.year}-03-15T10:00:00", end if left else "")


def has_seat_file(number: int) -> bool:
    """Whether there is a file of seats; older seats are only under each deputy."""
    return OLDEST_WITH_FILES <= number <= CURRENT


def deputy_seats(careers: Careers, person: Person, numbers: range) -> list[Json]:
    """The rows of `/deputados/{id}/orgaos` for some legislatures."""
    return [
        {
            "idOrgao": seat.body["id"],
            "uriOrgao": seat.body["uri"],
            "siglaOrgao": seat.body["sigla"],
            "nomeOrgao": seat.body["nome"],
            "nomePublicacao": seat.body["nomePublicacao"],
            "titulo": seat.title,
            "codTitulo": "101",
            "dataInicio": seat.start[:16],
            "dataFim": seat.end[:16] or None,
        }
        for number in numbers
        for seat in seats(careers, number)
        if seat.person.id == person.id
    ]


def bloc_rows(number: int | None) -> list[Json]:
    """Blocs of a legislature; without one, those that act now. The first one ended after a year."""
    legislature = CURRENT if number is None else number
    rows = [
        (legislature * 10 + 1, "Bloco PSD, MDB", False),
        (legislature * 10 + 2, "Federação PSOL REDE", True),
        (legislature * 10 + 3, "Bloco PP, UNIÃO, REPUBLICANOS", False),
    ]
    return [
        {
            "id": str(identifier),
            "uri": f"{HOST}/blocos/{identifier}",
            "nome": name,
            "idLegislatura": str(legislature),
            "federacao": federation,
        }
        for identifier, name, federation in rows
        if number is not None or identifier % 10 != 1
    ]


def bloc_parties(identifier: int, *, then: bool) -> list[Json] | None:
    """The parties of a bloc; of one that has ended none, unless a day (`then`) is given."""
    labels = {1: ("PSD", "MDB") if then else (), 2: ("PSOL", "REDE"), 3: ("PP", "UNIÃO", "REPUBLICANOS")}
    wanted = labels.get(identifier % 10)
    if wanted is None:
        return None
    return [
        {"id": code, "sigla": label, "nome": name, "uri": f"{HOST}/partidos/{code}"}
        for label, code, name in PARTIES
        if label in wanted
    ]
