"""The Senado's services on committees, boards and blocs, with the oddities of the real ones."""

from typing import Any, Final

from upstream_sim.congress.people import COLEGIADOS, PLENARY, Colegiado, Person, deputies, senators
from upstream_sim.senado.legacy import collapsed
from upstream_sim.senado.people import PARTY_CODES, chair, label

Json = dict[str, Any]
BOARD_SF: Final = 2015
BOARD_CN: Final = 1616
_CDIR: Final = "COMISSÃO DIRETORA DO SENADO FEDERAL"
BLOCS: Final = (
    (346, "BLALIANÇA", "Bloco Parlamentar Aliança", "2023-03-20", ("PP", "REPUBLICANOS")),
    (358, "BLDEM", "Bloco Parlamentar Democracia", "2025-02-18", ("UNIÃO", "PODE", "MDB")),
    (359, "BLPBR", "Bloco Parlamentar Pelo Brasil", "2025-02-18", ("PDT", "PT")),
)


def bodies() -> list[Json]:
    """All bodies at work. Days of 1900 and 1823 stand for unknown ones; a body of the Câmara is there twice."""
    rows = [
        _body(body.code, body.acronym, body.name, "SF", ("PERMANENTE", "Comissão Permanente", "21"))
        for body in COLEGIADOS
    ]
    board = ("MESA", "Mesa", "109")
    rows.append(_body(PLENARY.code, PLENARY.acronym, PLENARY.name, "SF", ("PLEN", "Plenário", "128")))
    rows.append(_body(BOARD_SF, "CDIR", _CDIR, "SF", board))
    rows.append(_body(BOARD_CN, "Mesa", "Mesa Diretora do Congresso Nacional", "CN", board))
    rows.append(
        _body(2040, "GPARGENTINA", "Grupo Parlamentar Brasil - Argentina", "CN", ("GPAR", "Grupo Parlamentar", "129"))
    )
    for code, name in ((2215, "(excluir - duplicidade CFT)"), (2216, "Comissão de Finanças e Tributação")):
        rows.append(_body(code, "CFT", name, "CD", ("PERMANENTE", "Comissão Permanente", "43"), "1823-01-01"))
    return rows


def _body(
    code: int, acronym: str, name: str, house: str, kind: tuple[str, str, str], since: str = "1900-01-01"
) -> Json:
    return {
        "Codigo": str(code),
        "CodigoTipoColegiado": kind[2],
        "DataInicio": since,
        "DescricaoTipoColegiado": kind[1],
        "Nome": name,
        "Publica": "S",
        "Sigla": acronym,
        "SiglaCasa": house,
        "SiglaTipoColegiado": kind[0],
    }


def committee(code: int) -> Colegiado | None:
    """The committee of a code."""
    return next((body for body in COLEGIADOS if body.code == code), None)


def members(body: Colegiado) -> list[Person]:
    """Who sits in a committee."""
    number = COLEGIADOS.index(body)
    return [person for person in senators() if person.id // 4 % len(COLEGIADOS) == number]


def seats(body: Colegiado) -> list[Json]:
    """Seats with their days; no parties here."""
    return [
        {
            "CodigoMembro": str(person.id),
            "DataInicioMembroVaga": "2025-02-18",
            "IndicadorVagaAtiva": "Sim",
            "NomeMembro": person.name,
            "TipoVaga": "Titular" if place % 2 == 0 else "Suplente",
        }
        for place, person in enumerate(members(body))
    ]


def detail(body: Colegiado) -> Json:
    """A committee's page: offices and members by bloc, telephones included, and an empty node for the Câmara's."""
    president = chair(COLEGIADOS.index(body))
    return {
        "CodigoColegiado": str(body.code),
        "SiglaColegiado": body.acronym,
        "NomeColegiado": body.name,
        "DataInicio": "01/01/1900",
        "TipoColegiado": {"CodigoTipo": "21", "SiglaCasa": "SF", "TipoColegiado": "Comissão Permanente"},
        "InformacoesSecretaria": {"TelefoneSecretaria": "61 3303-3972", "eMail": f"{body.acronym}@senado.gov.br"},
        "Cargos": {"Cargo": collapsed([{**_titled(president), "CodigoCargo": "1", "TipoCargo": "PRESIDENTE"}])},
        "MembrosBlocoSF": {
            "PartidoBloco": [
                {
                    "MembrosSF": {"Membro": collapsed([_member(person) for person in group])},
                    "NumeroMembros": str(len(group)),
                }
                for group in (members(body)[:8], members(body)[8:])
            ]
        },
        "MembrosBlocoCD": {"Membro": [{"MembrosCD": {}}]},
        "QuantidadesMembros": {"Distribuicao": {"Senadores": str(len(members(body)))}},
    }


def _titled(person: Person) -> Json:
    title = "Senadora" if person.female else "Senador"
    return {
        "Bancada": f"({label(person)}-{person.state})",
        "CodigoParlamentar": str(person.id),
        "NomeParlamentar": f"{title} {person.name}",
    }


def _member(person: Person) -> Json:
    return {
        "CodigoParlamentar": str(person.id),
        "NomeParlamentar": f"Senador{'a' if person.female else ''} {person.name}",
        "NumeroOrdem": "1",
        "OrigemParlamentar": "Senado",
        "Partido": label(person),
        "Ramais": "6230",
        "SiglaUf": person.state,
        "TipoVaga": "Titular",
    }


def board_sf() -> Json:
    """The board of the Senado: the code is under `Http`, and the office is a list."""
    roles = ("PRESIDENTE", "1º VICE-PRESIDENTE", "2º VICE-PRESIDENTE", "1º SECRETÁRIO")
    rows = []
    for number, role in enumerate(roles):
        found = _titled(senators()[number * 9])
        code = found.pop("CodigoParlamentar")
        rows.append({**found, "Http": code, "Cargo": [role], "NumeroOrdemImpressao": str(number + 1), "Origem": "P"})
    return {
        "CodigoColegiado": str(BOARD_SF),
        "CodigoTipoColegiado": "109",
        "DataInicio": "1900-01-01",
        "DescricaoTipoColegiado": "Mesa",
        "NomeColegiado": _CDIR,
        "SiglaCasa": "SF",
        "SiglaColegiado": "CDIR",
        "Suplentes": "4",
        "Titulares": "7",
        "Cargos": {"Cargo": rows},
    }


def board_cn() -> Json:
    """The board of the Congress: deputies have a code of the Senado too, and the Câmara's id beside it."""
    deputy = deputies()[7]
    vice = {
        "Bancada": f"({deputy.party}-{deputy.state})",
        "CodigoCargo": "143",
        "CodigoDeputadoNaCamara": str(deputy.id),
        "CodigoParlamentar": "9771",
        "NomeParlamentar": f"Deputad{'a' if deputy.female else 'o'} {deputy.name}",
        "TipoCargo": "1ª VICE-PRESIDENTE",
    }
    return {
        "CodigoColegiado": str(BOARD_CN),
        "SiglaColegiado": "Mesa",
        "NomeColegiado": "Mesa Diretora do Congresso Nacional",
        "TipoColegiado": {"CodigoTipo": "111", "Sigla_casa": "CN", "TipoColegiado": "Mesa"},
        "Cargos": {"Cargo": [{**_titled(senators()[0]), "CodigoCargo": "1", "TipoCargo": "PRESIDENTE"}, vice]},
        "Membros_bloco_sf": {"PartidoBloco": {"Membros_sf": {"Membro": _member(senators()[0])}, "NumeroMembros": "1"}},
    }


def blocs() -> list[Json]:
    """The blocs with their parties."""
    return [
        {
            "CodigoBloco": str(code),
            "DataCriacao": since,
            "NomeApelido": acronym,
            "NomeBloco": name,
            "Membros": {"Membro": collapsed([_of_bloc(party, since) for party in parties])},
        }
        for code, acronym, name, since, parties in BLOCS
    ]


def _of_bloc(party: str, since: str) -> Json:
    acronym = "PODEMOS" if party == "PODE" else party
    named = {"CodigoPartido": str(PARTY_CODES[party]), "SiglaPartido": acronym, "NomePartido": acronym}
    return {"DataAdesao": since, "Partido": named}


def bloc(code: int) -> Json | None:
    """A bloc's page, with days in another form than in the list. `idDeputado` is of an older numbering."""
    found = next((each for each in BLOCS if each[0] == code), None)
    if found is None:
        return None
    leader = senators()[20 + code % 7]
    day = "/".join(reversed(found[3].split("-")))
    row = {
        "dataDesignacao": day,
        "id": str(code + 15_000),
        "idLideranca": str(code + 15_000),
        "idParlamentar": str(leader.id),
        "parlamentar": {
            "idDeputado": str(3000 + code),
            "idParlamentar": str(leader.id),
            "nomeCompleto": f"{leader.name} da Silva",
            "nomeParlamentar": leader.name,
            "sexoParlamentar": "F" if leader.female else "M",
        },
        "siglaCasa": "SF",
        "tipoLideranca": "L",
        "tipoUnidLideranca": "B",
    }
    return {
        "dataCriacao": day,
        "id": str(code),
        "idBloco": str(code),
        "nomeApelidoBloco": found[1],
        "nomeBloco": found[2],
        "siglaCasa": "SF",
        "unidadesLiderancaBloco": {"unidadeLideranca": {"id": "884", "liderancas": {"lideranca": collapsed([row])}}},
    }
