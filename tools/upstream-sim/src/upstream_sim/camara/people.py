"""Builds the Câmara's JSON of deputies, legislatures, parties, boards and leaders, in the recorded shapes."""

from typing import Final

from upstream_sim.camara.documents import HOST, Json
from upstream_sim.congress.careers import CURRENT, Careers, Stage, legislature_days
from upstream_sim.congress.people import PARTIES, Person, deputies
from upstream_sim.congress.seeded_random import SeededRandom

_BOARD: Final = (
    (1, "Presidente"),
    (2, "1º Vice-Presidente"),
    (3, "2º Vice-Presidente"),
    (4, "1º Secretário"),
    (5, "2º Secretário"),
    (6, "3º Secretário"),
    (7, "4º Secretário"),
)
_TOWNS: Final = ("Teresina", "Campinas", "Uberlândia", "Olinda", "Caruaru", "Chapecó", "Sobral")


def deputy_row(person: Person, legislature: int, party: str | None = None, name: str | None = None) -> Json:
    """A row of a list. Its `uriPartido` is that of the present party, whatever party the row shows."""
    return {
        "id": person.id,
        "uri": f"{HOST}/deputados/{person.id}",
        "nome": name or person.name,
        "siglaPartido": party or person.party,
        "uriPartido": f"{HOST}/partidos/{person.party_id}",
        "siglaUf": person.state,
        "idLegislatura": legislature,
        "urlFoto": f"https://www.camara.leg.br/internet/deputado/bandep/{person.id}.jpg",
        "email": None if person.id % 5 == 0 else f"dep.{person.id}@camara.leg.br",
    }


def legislature_rows(careers: Careers, number: int) -> list[Json]:
    """One row for each party and spelling that somebody had in a legislature."""
    rows = []
    for person in careers.of_legislature(number):
        stages = [stage for stage in careers.history(person) if stage.legislature == number]
        shown = dict.fromkeys((stage.party, stage.name) for stage in stages)
        rows += [deputy_row(person, number, party, name) for party, name in shown]
    return rows


def office_rows(careers: Careers) -> list[Json]:
    """Those in office now, with their present party."""
    return [deputy_row(one, CURRENT, careers.history(one)[-1].party) for one in careers.in_office()]


def _status(person: Person, stage: Stage, time: str) -> Json:
    row = deputy_row(person, stage.legislature, stage.party, stage.name)
    return {
        **row,
        "uriPartido": f"{HOST}/partidos/{stage.party_id}",
        time: stage.at.strftime("%Y-%m-%dT%H:%M"),
        "nomeEleitoral": stage.name,
        "situacao": stage.situation,
        "condicaoEleitoral": stage.condition,
        "descricaoStatus": stage.note,
    }


def history_rows(careers: Careers, person: Person) -> list[Json]:
    """The rows of `/deputados/{id}/historico`."""
    return [_status(person, stage, "dataHora") for stage in careers.history(person)]


def detail(careers: Careers, person: Person) -> Json:
    """The detail, with the CPF and contact data that the Câmara gives."""
    status = _status(person, careers.history(person)[-1], "data")
    phone = f"3215-5{person.id % 1000:03}"
    office = {"nome": "771", "predio": "3", "sala": "771", "andar": None, "telefone": phone, "email": status["email"]}
    return {
        "id": person.id,
        "uri": f"{HOST}/deputados/{person.id}",
        "nomeCivil": civil_name(person),
        "ultimoStatus": {**status, "gabinete": office},
        "cpf": cpf(person),
        "sexo": "F" if person.female else "M",
        "urlWebsite": None,
        "redeSocial": [] if person.id % 2 else [f"https://twitter.com/dep{person.id}"],
        "dataNascimento": birth_day(person),
        "dataFalecimento": None,
        "ufNascimento": person.state,
        "municipioNascimento": _TOWNS[person.id % len(_TOWNS)],
        "escolaridade": "Superior",
    }


def civil_name(person: Person) -> str:
    """In capitals and with a double blank, as many are recorded."""
    first, _, rest = person.name.partition(" ")
    return f"{first}  DA SILVA {rest}".upper()


def birth_day(person: Person) -> str:
    rng = SeededRandom("birth", person.id)
    return f"{1940 + rng.below(55)}-{rng.below(12) + 1:02}-{rng.below(28) + 1:02}"


def birth_town(person: Person) -> str:
    return _TOWNS[person.id % len(_TOWNS)]


def cpf(person: Person) -> str:
    """Eleven digits with valid check digits, of nobody."""
    digits = f"{person.id * 7919 % 10**9:09}"
    for length in (9, 10):
        total = sum(int(digit) * (length + 1 - place) for place, digit in enumerate(digits))
        digits += str(total * 10 % 11 % 10)
    return digits


def legislature_item(number: int) -> Json:
    first, last = legislature_days(number)
    return {
        "id": number,
        "uri": f"{HOST}/legislaturas/{number}",
        "dataInicio": first.isoformat(),
        "dataFim": last.isoformat(),
    }


def board_rows(careers: Careers, number: int) -> list[Json]:
    """Two boards of a legislature, each for two years."""
    people, (first, last) = careers.of_legislature(number), legislature_days(number)
    rows = []
    for turn in range(2):
        start, end = (first.year, first.year + 2) if turn == 0 else (first.year + 2, last.year)
        for place, (code, title) in enumerate(_BOARD[: len(people)]):
            person = people[(turn * 11 + place * 7) % len(people)]
            rows.append(
                {
                    **deputy_row(person, number),
                    "titulo": title,
                    "codTitulo": str(code),
                    "dataInicio": f"{start}-02-01",
                    "dataFim": f"{end}-01-31" if turn == 0 or number < CURRENT else None,
                }
            )
    return rows


def leader_rows(careers: Careers, number: int) -> list[Json]:
    """A leader and two deputies of each party, and the leader of the government, who led a bloc before."""
    people, (first, _) = careers.of_legislature(number), legislature_days(number)
    rows = []
    for label, identifier, _ in PARTIES:
        own = [person for person in people if person.party == label]
        bench = {"tipo": "Partido Político", "nome": label, "uri": f"{HOST}/partidos/{identifier}"}
        rows += [
            _leader(person, number, "Líder" if place == 0 else "Vice-Líder", bench, f"{first.year}-02-02", None)
            for place, person in enumerate(own[:3])
        ]
    if people:
        bloc = {"tipo": "Bloco Parlamentar", "nome": "Bloco PSD, MDB", "uri": f"{HOST}/blocos/{number * 10 + 1}"}
        rows.append(_leader(people[0], number, "Líder", bloc, f"{first.year}-03-01", f"{first.year + 1}-01-31"))
        government = {"tipo": "Governo", "nome": "Governo", "uri": None}
        rows.append(_leader(people[0], number, "Líder", government, f"{first.year + 1}-02-01", None))
    return rows


def _leader(person: Person, number: int, title: str, bench: Json, start: str, end: str | None) -> Json:
    return {
        "titulo": title,
        "dataInicio": start,
        "dataFim": end,
        "bancada": bench,
        "parlamentar": deputy_row(person, number),
    }


def party_rows() -> list[Json]:
    return [
        {"id": identifier, "sigla": label, "nome": name, "uri": f"{HOST}/partidos/{identifier}"}
        for label, identifier, name in sorted(PARTIES)
    ]


def party_detail(identifier: int) -> Json | None:
    """A party with its first deputy as leader."""
    row = next((row for row in party_rows() if row["id"] == identifier), None)
    if row is None:
        return None
    members = [person for person in deputies() if person.party_id == identifier]
    return {**row, "status": {"idLegislatura": str(CURRENT), "situacao": "Ativo", "totalMembros": str(len(members))}}
