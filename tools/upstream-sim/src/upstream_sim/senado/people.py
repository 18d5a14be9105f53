"""The Senado's services on senators: who is in office, who was, and the lists of each. All scalars are strings."""

from datetime import date
from functools import lru_cache
from typing import Any, Final

from upstream_sim.congress.people import COLEGIADOS, PARTIES, Person, made_up_senator, senators
from upstream_sim.congress.seeded_random import SeededRandom
from upstream_sim.senado.legacy import collapsed

Json = dict[str, Any]
CURRENT: Final = 57
OLDEST: Final = 50
_FORMER_EACH: Final = 9
_AWAY: Final = 3
PARTY_CODES: Final = {
    "PT": 71,
    "MDB": 33,
    "PP": 418,
    "REPUBLICANOS": 521,
    "UNIÃO": 582,
    "PODE": 577,
    "PDT": 20,
    "PSD": 557,
}
"""The Senado's own codes of parties; others get one by their place."""

_LABELS: Final = {"PODE": "PODEMOS"}
_OLD_LABELS: Final = {"UNIÃO": "DEM", "PL": "PR", "REPUBLICANOS": "PRB", "MDB": "PMDB"}


def legislature_days(number: int) -> tuple[date, date]:
    """First and last day of a legislature."""
    year = 2023 - 4 * (CURRENT - number)
    return date(year, 2, 1), date(year + 4, 1, 31)


@lru_cache(maxsize=1)
def former() -> dict[int, tuple[Person, ...]]:
    """Senators who are gone, by their last legislature."""
    return {
        number: tuple(
            made_up_senator(1000 + number * 10 + place, 3_000 + number * 10 + place) for place in range(_FORMER_EACH)
        )
        for number in range(OLDEST, CURRENT)
    }


@lru_cache(maxsize=1)
def away() -> tuple[Person, ...]:
    """Elected senators whose substitutes are in office: those of the first senators."""
    return tuple(made_up_senator(place, 2_901 + place) for place in range(_AWAY))


@lru_cache(maxsize=1)
def everybody() -> dict[int, Person]:
    """All senators by code."""
    gone = (person for people in former().values() for person in people)
    return {person.id: person for person in (*senators(), *away(), *gone)}


def of_legislature(number: int) -> list[Person]:
    """Everybody who held a seat in a legislature, by name."""
    now = [*senators(), *away()] if number == CURRENT else []
    if number == CURRENT - 1:
        now = [person for person in senators() if _elected(person) == CURRENT - 1]
    return sorted([*now, *former().get(number, ()), *former().get(number + 1, ())[:4]], key=lambda one: one.name)


def _elected(person: Person) -> int:
    """The first legislature of the present or last mandate."""
    for number, people in former().items():
        if person in people:
            return number - 1 if person in people[:4] and number > OLDEST else number
    return CURRENT - 1 if person.id % 3 == 0 else CURRENT


def _is_substitute(person: Person) -> bool:
    return person in senators()[:_AWAY]


def label(person: Person) -> str:
    """The acronym of a party as the Senado writes it."""
    return _LABELS.get(person.party, person.party)


def identity(person: Person, *, state: bool = True) -> Json:
    """`IdentificacaoParlamentar`, e-mail included; people out of office have no state here."""
    base = "http://www.senado.leg.br/senadores/img/fotos-oficiais/senador"
    found: Json = {
        "CodigoParlamentar": str(person.id),
        "CodigoPublicoNaLegAtual": str(700 + person.id % 300),
        "NomeParlamentar": person.name,
        "NomeCompletoParlamentar": f"{person.name} da Silva",
        "SexoParlamentar": "Feminino" if person.female else "Masculino",
        "FormaTratamento": "Senadora " if person.female else "Senador ",
        "UrlFotoParlamentar": f"{base}{person.id}.jpg",
        "UrlPaginaParlamentar": f"http://www25.senado.leg.br/web/senadores/senador/-/perfil/{person.id}",
        "EmailParlamentar": f"sen.{person.id}@senado.leg.br",
        "SiglaPartidoParlamentar": label(person),
    }
    return {**found, "UfParlamentar": person.state} if state else found


def row(person: Person) -> Json:
    """A row of the lists of today: the present mandate. Those on leave have neither state nor telephone here."""
    if person in away():
        shown = identity(person, state=False)
        del shown["CodigoPublicoNaLegAtual"]
        return {"IdentificacaoParlamentar": shown, "Mandato": mandate(person)}
    phones = [{"NumeroTelefone": f"3303{person.id % 10000:04d}", "OrdemPublicacao": "1", "IndicadorFax": "Não"}]
    return {
        "IdentificacaoParlamentar": {
            **identity(person),
            "Telefones": {"Telefone": collapsed(phones)},
            "MembroMesa": "Não",
            "MembroLideranca": "Não",
        },
        "Mandato": mandate(person),
    }


def row_of_legislature(person: Person) -> Json:
    """A row of the list of a legislature: all mandates."""
    return {"IdentificacaoParlamentar": identity(person), "Mandatos": {"Mandato": collapsed([mandate(person)])}}


def mandate(person: Person) -> Json:
    """The last mandate, with its exercises."""
    first = _elected(person)
    found: Json = {
        "CodigoMandato": str(person.id + 100),
        "UfParlamentar": person.state,
        "PrimeiraLegislaturaDoMandato": _span(first),
        "SegundaLegislaturaDoMandato": _span(first + 1),
        "DescricaoParticipacao": "1º Suplente" if _is_substitute(person) else "Titular",
        "Exercicios": {"Exercicio": collapsed(_exercises(person, first))},
    }
    if _is_substitute(person):
        holder = away()[senators().index(person)]
        found["Titular"] = _short(holder, "Titular")
    else:
        second = made_up_senator(5000 + person.id, 8_000 + person.id)
        found["Suplentes"] = {"Suplente": collapsed([_short(second, "1º Suplente")])}
    return found


def _short(person: Person, role: str) -> Json:
    return {"DescricaoParticipacao": role, "CodigoParlamentar": str(person.id), "NomeParlamentar": person.name}


def _span(number: int) -> Json:
    first, last = legislature_days(number)
    return {"NumeroLegislatura": str(number), "DataInicio": str(first), "DataFim": str(last)}


def _exercises(person: Person, first: int) -> list[Json]:
    begin = legislature_days(first)[0]
    code = {"CodigoExercicio": str(person.id + 2000)}
    left = {"SiglaCausaAfastamento": "LCS", "DescricaoCausaAfastamento": "Licença com convocação de suplente"}
    if person in away():
        return [{**code, "DataInicio": str(begin), "DataFim": "2024-02-20", **left}]
    if _is_substitute(person):  # two exercises in one month
        back = {"SiglaCausaAfastamento": "RET", "DescricaoCausaAfastamento": "Retorno do titular"}
        return [
            {**code, "DataInicio": "2024-03-05"},
            {**code, "DataInicio": "2024-02-21", "DataFim": "2024-02-28", **back},
        ]
    if person in senators():
        return [{**code, "DataInicio": str(begin)}]
    end = legislature_days(first + 1)[1]
    over = {"SiglaCausaAfastamento": "FIM", "DescricaoCausaAfastamento": "Fim de mandato"}
    return [{**code, "DataInicio": str(begin), "DataFim": str(min(end, date(2023, 1, 31))), **over}]


def detail(person: Person) -> Json:
    """`/senador/{codigo}`, address and telephone included."""
    rng = SeededRandom("senator", person.id)
    born = date(1940 + rng.below(40), 1 + rng.below(12), 1 + rng.below(28))
    shown = identity(person)
    del shown["FormaTratamento"]
    return {
        "IdentificacaoParlamentar": shown,
        "DadosBasicosParlamentar": {
            "DataNascimento": str(born),
            "Naturalidade": "Capital",
            "UfNaturalidade": person.state,
            "EnderecoParlamentar": f"Senado Federal Anexo 2 Gabinete {person.id % 90:02d}",
        },
        "Telefones": {"Telefone": {"NumeroTelefone": "33036333", "OrdemPublicacao": "1", "IndicadorFax": "Não"}},
        "OutrasInformacoes": {"Servico": []},
    }


def affiliations(person: Person) -> list[Json]:
    """The present party, and for every third senator the one before, under its old name."""
    rows = [{"Partido": _party(label(person), person.party_name), "DataFiliacao": "2020-04-01"}]
    if person.id % 3 == 0:
        old = _OLD_LABELS.get(person.party, "PSDB")
        gone = {"DataFiliacao": "2014-10-01", "DataDesfiliacao": "2018-03-31"}
        rows.append({"Partido": _party(old, old), **gone})
    return rows


def _party(acronym: str, name: str) -> Json:
    places = [party[0] for party in PARTIES]
    code = PARTY_CODES.get(acronym) or 800 + (places.index(acronym) if acronym in places else 99)
    return {"CodigoPartido": str(code), "SiglaPartido": acronym, "NomePartido": name}


def seats(person: Person) -> list[Json]:
    """A seat in one committee, and one in a committee that is closed and in no list."""
    body = COLEGIADOS[person.id // 4 % len(COLEGIADOS)]
    closed = {
        "CodigoComissao": "2440",
        "SiglaComissao": "CPIPANDEMIA",
        "NomeComissao": "CPI da Pandemia",
        "SiglaCasaComissao": "SF",
    }
    rows = [{"IdentificacaoComissao": _committee(body.code, body.acronym, body.name), **_SEAT}]
    if person.id % 8 == 1:
        past = {"DataInicio": "2021-04-27", "DataFim": "2021-10-26"}
        rows.append({"IdentificacaoComissao": closed, "DescricaoParticipacao": "Suplente", **past})
    return rows


_SEAT: Final = {"DescricaoParticipacao": "Titular", "DataInicio": "2025-02-18"}


def _committee(code: int, acronym: str, name: str) -> Json:
    return {
        "CodigoComissao": str(code),
        "SiglaComissao": acronym,
        "NomeComissao": name,
        "SiglaCasaComissao": "SF",
    }


def offices(person: Person) -> list[Json]:
    """The chair of each committee is one senator."""
    return [
        {
            "IdentificacaoComissao": _committee(body.code, body.acronym, body.name),
            "CodigoCargo": "1",
            "DescricaoCargo": "PRESIDENTE",
            "DataInicio": "2025-02-19",
        }
        for number, body in enumerate(COLEGIADOS)
        if person == chair(number)
    ]


def chair(number: int) -> Person:
    """The chair of a committee."""
    return senators()[5 + number * 7]


def leaves(person: Person) -> list[Json]:
    """A leave of a day for every fifth senator; most have none, and no list at all."""
    if person.id % 5:
        return []
    return [
        {
            "Codigo": str(person.id + 20_000),
            "DataInicio": "2025-10-20",
            "DataFim": "2025-10-20",
            "DataInicioPrevista": "2025-10-20",
            "DataFimPrevista": "2025-10-20",
            "SiglaTipoAfastamento": "LICENCA_ATIVIDADE_PARLAMENTAR",
            "DescricaoTipoAfastamento": "Missão política ou cultural de interesse parlamentar",
        }
    ]


def leaderships(person: Person) -> list[Json]:
    """`/composicao/lideranca` of one senator: a newer service, with numbers as numbers."""
    if person.id % 9:
        return []
    return [
        {
            "casa": "SF",
            "codigo": person.id + 9000,
            "codigoParlamentar": person.id,
            "dataDesignacao": "2023-02-01",
            "descricaoTipoLideranca": "Vice-líder do Senado Federal",
            "descricaoTipoUnidadeLideranca": "Liderança de Partido no Senado Federal",
            "idTipoUnidadeLideranca": 3,
            "nomeParlamentar": person.name,
            "nomePartido": person.party_name,
            "siglaPartido": label(person),
            "siglaPartidoFiliacao": label(person),
            "siglaTipoLideranca": "V",
            "siglaTipoUnidadeLideranca": "P",
        }
    ]
