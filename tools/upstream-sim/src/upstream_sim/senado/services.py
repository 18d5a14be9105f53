"""Builds the Senado's lists outside the bill: rapporteurs, amendments, documents and tables; absent values are null."""

from typing import Any, Final

from upstream_sim.congress.kinds import SENADO_KINDS
from upstream_sim.congress.people import PLENARY, senators
from upstream_sim.congress.seeded_random import SeededRandom
from upstream_sim.senado.bill import SenadoBill
from upstream_sim.senado.proceedings import document_id, seconds
from upstream_sim.senado.steps import SITUATIONS, UNKNOWN

Json = dict[str, Any]
_URL: Final = "http://legis.senado.leg.br/sdleg-getter/documento?dm="
_CLOSING: Final = ("aprovada", "arquivada", "retirada", "prejudicada", "norma", "vetada", "devolvida")


def rapporteurs(bill: SenadoBill) -> list[Json]:
    """One row for each designation of a rapporteur; only the last one may be open."""
    named = [informe for informe in bill.history if informe.step_name == "relator"]
    rows = []
    for informe in named:
        after = [each for each in bill.history[informe.number + 1 :] if each.step_name in (*_CLOSING, "relator")]
        ended = after[0].at if after else None
        person, body = bill.rapporteur, bill.committee
        rows.append(
            {
                "autoriaProcesso": bill.author_text,
                "casaRelator": "SF",
                "codigoColegiado": body.code,
                "codigoMateria": bill.materia,
                "codigoParlamentar": person.id,
                "codigoTipoColegiado": 21,
                "dataApresentacaoProcesso": seconds(bill.presented),
                "dataDesignacao": seconds(informe.at),
                "dataDestituicao": None if ended is None else seconds(ended),
                "dataFimColegiado": None,
                "descricaoTipoEncerramento": None if ended is None else "Deliberação da matéria",
                "descricaoTipoRelator": "Relator",
                "emailParlamentar": f"sen.{person.id}@senado.leg.br",
                "ementaProcesso": bill.title,
                "formaTratamentoParlamentar": "Senadora" if person.female else "Senador",
                "id": 7_000_000 + bill.index * 40 + informe.number,
                "idProcesso": bill.id,
                "idTipoRelator": 1,
                "identificacaoProcesso": bill.identification,
                "nomeColegiado": body.name,
                "nomeCompleto": person.name,
                "nomeParlamentar": person.name,
                "numeroAutuacao": "1",
                "sexoParlamentar": "F" if person.female else "M",
                "siglaCasa": "SF",
                "siglaColegiado": body.acronym,
                "siglaPartidoParlamentar": person.party,
                "tramitando": "S" if bill.in_progress else "N",
                "ufParlamentar": person.state,
                "urlFotoParlamentar": f"http://www.senado.leg.br/senadores/img/fotos-oficiais/senador{person.id}.jpg",
                "urlPaginaParlamentar": f"http://www25.senado.leg.br/web/senadores/senador/-/perfil/{person.id}",
            }
        )
    return rows


def amendments(bill: SenadoBill) -> list[Json]:
    if not bill.kind.law or bill.taken("relator") is None:
        return []
    rng = SeededRandom(bill.nation.seed, "senado", bill.index, "amendments")
    rows = []
    for number in range(1, 1 + rng.below(4)):
        person, base = rng.pick(senators()), 8_000_000 + bill.index * 50 + number * 5
        rows.append(
            {
                "autoria": f"Senador{'a' if person.female else ''} {person.name} ({person.party}/{person.state})",
                "casa": "SF",
                "codigoColegiado": bill.committee.code,
                "dataApresentacao": bill.history[-1].at.strftime("%Y-%m-%d"),
                "decisoes": None,
                "descricaoDocumentoEmenda": f"Emenda à {bill.identification}",
                "id": base,
                "idCiEmenda": base + 1,
                "idCiEmendado": base + 2,
                "idDocumentoEmenda": base + 3,
                "idProcesso": bill.id,
                "identificacao": f"EMENDA {number} - {bill.identification}",
                "nomeColegiado": bill.committee.name,
                "numero": str(number),
                "siglaColegiado": bill.committee.acronym,
                "subemendas": None,
                "tipo": "EMENDA_PARCIAL",
                "turnoApresentacao": "NORMAL",
                "urlDocumentoEmenda": f"{_URL}{base + 3}",
            }
        )
    return rows


def papers(bill: SenadoBill) -> list[Json]:
    """The initial document and its print."""
    day = bill.presented.strftime("%Y-%m-%d")
    return [
        _paper(bill, document_id(bill) + 1, "Avulso inicial da matéria", "AVULSO_INICIAL", "-", day, None),
        _paper(
            bill,
            document_id(bill),
            bill.kind.document,
            bill.kind.document_code,
            bill.title,
            None if bill.is_review else day,
            PLENARY.code,
        ),
    ]


def _paper(bill: SenadoBill, number: int, name: str, code: str, text: str, day: str | None, body: int | None) -> Json:
    initial = body is not None
    return {
        "apresentadoNosProcessos": [
            {
                "id": bill.id,
                "identificacao": bill.identification,
                "papelNoProcesso": None,
                "tramitando": "Sim" if bill.in_progress else "Não",
            }
        ],
        "autores": [
            {
                "autor": "Senado Federal",
                "cargo": None,
                "casaEnte": "SF",
                "codigoParlamentar": None,
                "descricaoTipo": "Senado Federal",
                "idEnte": 1,
                "nomeEnte": "Senado Federal",
                "ordem": 1,
                "outrosAutoresNaoInformados": "Não",
                "partido": None,
                "sexo": None,
                "siglaCargo": None,
                "siglaEnte": "SF",
                "siglaPartido": None,
                "siglaTipo": "SENADO",
                "uf": None,
            }
        ],
        "autoria": bill.author_text if initial else "Senado Federal",
        "casaEnteRecebedor": "SF",
        "casaRecebedora": "SF" if initial else None,
        "codigoColegiadoRecebedor": body,
        "dataDocumento": day,
        "dataRecebimento": bill.presented.strftime("%Y-%m-%d"),
        "descricao": text,
        "descricaoTipo": name,
        "id": number,
        "idEnteRecebedor": PLENARY.office_id,
        "identificacao": bill.identification if initial else f"{name} - SF{number}",
        "nomeColegiadoRecebedor": PLENARY.name if initial else None,
        "nomeEnteRecebedor": PLENARY.office_name,
        "siglaColegiadoRecebedor": PLENARY.acronym if initial else None,
        "siglaEnteRecebedor": PLENARY.office,
        "siglaTipo": code,
        "urlDocumento": f"{_URL}{number}",
    }


TABLES: Final[dict[str, list[Json]]] = {
    "siglas": [
        {
            "sigla": kind.sigla,
            "descricao": kind.description,
            "dataInicio": "1946-01-01T00:00:00",
            "dataFim": "2018-12-31T00:00:00" if kind.sigla in ("PLS", "PLC", "PDS") else None,
        }
        for kind in SENADO_KINDS.values()
    ],
    "tipos-situacao": [
        {
            "id": each.id,
            "sigla": each.acronym,
            "descricao": each.text,
            "dataInicio": "1900-01-01T00:00:00",
            "dataFim": None,
        }
        for each in SITUATIONS
        if each is not UNKNOWN
    ],
}
