"""Invented deputies, senators, parties, committees and bodies, the same for every seed."""

from functools import lru_cache
from typing import Final, NamedTuple

from upstream_sim.congress.seeded_random import SeededRandom

PARTIES: Final = (
    ("PL", 37906, "Partido Liberal"),
    ("PT", 36844, "Partido dos Trabalhadores"),
    ("UNIÃO", 38009, "União Brasil"),
    ("PSD", 36834, "Partido Social Democrático"),
    ("PP", 37903, "Progressistas"),
    ("MDB", 36899, "Movimento Democrático Brasileiro"),
    ("REPUBLICANOS", 37908, "Republicanos"),
    ("PODE", 36896, "Podemos"),
    ("PDT", 36786, "Partido Democrático Trabalhista"),
    ("PSB", 36832, "Partido Socialista Brasileiro"),
    ("PSOL", 36839, "Partido Socialismo e Liberdade"),
    ("PSDB", 36835, "Partido da Social Democracia Brasileira"),
    ("PCdoB", 36779, "Partido Comunista do Brasil"),
    ("AVANTE", 36898, "Avante"),
    ("NOVO", 37901, "Partido Novo"),
    ("REDE", 36886, "Rede Sustentabilidade"),
)
STATES: Final = (
    "SP",
    "MG",
    "RJ",
    "BA",
    "RS",
    "PR",
    "PE",
    "CE",
    "MA",
    "PA",
    "GO",
    "SC",
    "PB",
    "ES",
    "PI",
    "AL",
    "AC",
    "AM",
    "AP",
    "DF",
    "MS",
    "MT",
    "RN",
    "RO",
    "RR",
    "SE",
    "TO",
)
_MEN: Final = (
    "Antônio",
    "João",
    "José",
    "Luís",
    "Sérgio",
    "Márcio",
    "Rogério",
    "Júlio",
    "Otávio",
    "Flávio",
    "Caio",
    "Ivo",
)
_WOMEN: Final = ("Ana", "Márcia", "Tânia", "Lúcia", "Célia", "Sônia", "Beatriz", "Inês", "Flávia", "Raquel", "Zélia")
_FAMILY: Final = (
    "Araújo",
    "Conceição",
    "Gonçalves",
    "Magalhães",
    "Assunção",
    "Brandão",
    "Falcão",
    "Guimarães",
    "Leitão",
    "Marçal",
    "Nóbrega",
    "Peçanha",
    "Queiroz",
    "Simões",
    "Távora",
    "Ubirajara",
    "Vilarinho",
    "Xavier",
    "Damasceno",
    "Estêvão",
)


class Person(NamedTuple):
    """A legislator with the names that both chambers use."""

    id: int
    name: str
    female: bool
    party: str
    party_id: int
    party_name: str
    state: str


class Body(NamedTuple):
    """A committee or other body of the Câmara."""

    id: int
    acronym: str
    name: str


def _person(house: str, number: int, identifier: int) -> Person:
    rng = SeededRandom("person", house, number)
    female = rng.chance(0.2)
    first = rng.pick(_WOMEN if female else _MEN)
    name = f"{first} {rng.pick(_FAMILY)}"
    if rng.chance(0.3):
        name = f"{name} {rng.pick(('Filho', 'Neto', 'Júnior')) if not female else rng.pick(_FAMILY)}"
    party = rng.pick_common(PARTIES)
    state = STATES[number % 27] if house == "senado" else rng.pick_common(STATES)
    return Person(identifier, name, female, party[0], party[1], party[2], state)


@lru_cache(maxsize=1)
def deputies() -> tuple[Person, ...]:
    """513 deputies, in order of id."""
    return tuple(_person("camara", number, 204_001 + number * 3) for number in range(513))


def made_up_deputy(number: int, identifier: int) -> Person:
    """A person who is not among the 513, for substitutes and former deputies."""
    return _person("camara", number, identifier)


@lru_cache(maxsize=1)
def senators() -> tuple[Person, ...]:
    """81 senators, three for each state."""
    return tuple(_person("senado", number, 5_001 + number * 4) for number in range(81))


def made_up_senator(number: int, identifier: int) -> Person:
    """A person who is not among the 81, for substitutes and former senators."""
    return _person("senado", number, identifier)


BODIES: Final = {
    body.acronym: body
    for body in (
        Body(4, "MESA", "Mesa Diretora da Câmara dos Deputados"),
        Body(180, "PLEN", "Plenário"),
        Body(186, "CCP", "Coordenação de Comissões Permanentes"),
        Body(2003, "CCJC", "Comissão de Constituição e Justiça e de Cidadania"),
        Body(2002, "CFT", "Comissão de Finanças e Tributação"),
        Body(2014, "CSAUDE", "Comissão de Saúde"),
        Body(2009, "CE", "Comissão de Educação"),
        Body(537236, "CESPO", "Comissão do Esporte"),
        Body(6174, "CMADS", "Comissão de Meio Ambiente e Desenvolvimento Sustentável"),
        Body(2015, "CVT", "Comissão de Viação e Transportes"),
        Body(5503, "CSPCCO", "Comissão de Segurança Pública"),
    )
}
COMMITTEES: Final = ("CFT", "CSAUDE", "CE", "CESPO", "CMADS", "CVT", "CSPCCO")


class Colegiado(NamedTuple):
    """A committee of the Senado with the administrative body that serves it."""

    code: int
    acronym: str
    name: str
    office_id: int
    office: str
    office_name: str


PLENARY: Final = Colegiado(
    1998, "PLEN", "Plenário do Senado Federal", 55312, "SLSF", "Secretaria Legislativa do Senado Federal"
)
COLEGIADOS: Final = (
    Colegiado(
        34,
        "CCJ",
        "Comissão de Constituição, Justiça e Cidadania",
        13565,
        "SACCJ",
        "Secretaria de Apoio à Comissão de Constituição, Justiça e Cidadania",
    ),
    Colegiado(
        38,
        "CAE",
        "Comissão de Assuntos Econômicos",
        13568,
        "SACAE",
        "Secretaria de Apoio à Comissão de Assuntos Econômicos",
    ),
    Colegiado(
        40, "CAS", "Comissão de Assuntos Sociais", 13570, "SACAS", "Secretaria de Apoio à Comissão de Assuntos Sociais"
    ),
    Colegiado(
        47,
        "CE",
        "Comissão de Educação e Cultura",
        13574,
        "SACE",
        "Secretaria de Apoio à Comissão de Educação e Cultura",
    ),
    Colegiado(
        50, "CMA", "Comissão de Meio Ambiente", 13579, "SACMA", "Secretaria de Apoio à Comissão de Meio Ambiente"
    ),
)
