"""The proceedings of a process in the Senado: dispatches, situations, informes and movements."""

from datetime import datetime
from typing import Any, Final

from upstream_sim.congress.people import PLENARY, Colegiado
from upstream_sim.senado.bill import Informe, SenadoBill

Json = dict[str, Any]
_OTHER_GETTER: Final = "http://legis.senado.leg.br/sdleg-getter/documento?dm="


def seconds(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def document_id(bill: SenadoBill) -> int:
    return 3_000_000 + bill.index * 10


def colegiado(body: Colegiado) -> Json:
    return {"codigo": body.code, "casa": "SF", "sigla": body.acronym, "nome": body.name}


def office(body: Colegiado) -> Json:
    return {"id": body.office_id, "casa": "SF", "sigla": body.office, "nome": body.office_name}


def dispatches(bill: SenadoBill) -> list[Json]:
    step = bill.taken("despacho")
    if step is None:
        return []
    base, body = 4_000_000 + bill.index * 10, bill.committee
    return [
        {
            "id": base,
            "data": step.at.strftime("%Y-%m-%d"),
            "siglaTipoMotivacao": "DECISAO_PRESID",
            "tipoMotivacao": "Decisão da Presidência",
            "cancelado": "Não",
            "encontroLegislativo": {
                "id": base + 1,
                "numero": 1 + bill.index % 200,
                "data": step.at.strftime("%Y-%m-%d"),
                "casa": "SF",
                "tipo": "SES",
                "descricao": "Eventos Independentes de Sessão",
                "colegiado": colegiado(PLENARY),
            },
            "providencias": [
                {
                    "id": base + 2,
                    "tipo": "ANALISE",
                    "descricao": "Análise",
                    "ordem": 1,
                    "analiseTempo": "SUCESSIVA",
                    "analiseConteudo": "MATERIA",
                    "reexame": "Não",
                    "unidadesDestinatarias": [
                        {
                            "ordem": 1,
                            "tipoAnaliseDeliberacao": "TERMINATIVA" if bill.index % 2 else "NAO_TERMINATIVA",
                            "colegiado": colegiado(body),
                        }
                    ],
                }
            ],
        }
    ]


def _informe(bill: SenadoBill, informe: Informe) -> Json:
    row: Json = {
        "id": 5_000_000 + bill.index * 40 + informe.number,
        "data": seconds(informe.at),
        "colegiado": colegiado(informe.colegiado),
        "enteAdministrativo": office(informe.colegiado),
        "descricao": informe.text,
    }
    if informe.situation is not None:
        row["idSituacaoIniciada"] = informe.situation.id
        row["siglaSituacaoIniciada"] = informe.situation.acronym
    if informe.number == 0:
        row["documentosAssociados"] = [
            {
                "id": document_id(bill),
                "tipo": bill.kind.document,
                "siglaTipo": bill.kind.document_code,
                "identificacao": bill.identification,
                "descricao": bill.text.title,
                "data": bill.presented.strftime("%Y-%m-%dT00:00:00"),
                "autoria": bill.author_text,
                "url": f"{_OTHER_GETTER}{document_id(bill)}",
            }
        ]
    return row


def _situations(bill: SenadoBill) -> list[Json]:
    begun = [informe for informe in bill.history if informe.situation is not None]
    rows: list[Json] = []
    for informe, following in zip(begun, [*begun[1:], None], strict=True):
        situation = informe.situation
        if situation is None:
            continue
        row: Json = {
            "idTipo": situation.id,
            "sigla": situation.acronym,
            "descricao": situation.text,
            "inicio": informe.at.strftime("%Y-%m-%d"),
        }
        if following is not None:
            row["fim"] = following.at.strftime("%Y-%m-%d")
        rows.append({**row, "colegiado": colegiado(informe.colegiado), "enteAdministrativo": office(informe.colegiado)})
    return rows


def autuation(bill: SenadoBill) -> Json:
    body = bill.history[-1].colegiado
    moves = [
        {
            "id": 6_000_000 + bill.index * 40 + here.number,
            "dataEnvio": seconds(here.at),
            "enteOrigem": office(here.colegiado),
            "dataRecebimento": seconds(there.at),
            "enteDestino": office(there.colegiado),
            "colegiadoDestino": {} if there.colegiado is PLENARY else colegiado(there.colegiado),
        }
        for here, there in zip(bill.history, bill.history[1:], strict=False)
        if here.colegiado is not there.colegiado
    ]
    return {
        "numero": 1,
        "descricao": "Autuação Principal",
        "codigoColegiadoControleAtual": body.code,
        "casaColegiadoControleAtual": "SF",
        "siglaColegiadoControleAtual": body.acronym,
        "nomeColegiadoControleAtual": body.name,
        "idEnteControleAtual": body.office_id,
        "siglaEnteControleAtual": body.office,
        "nomeEnteControleAtual": body.office_name,
        "situacoes": _situations(bill),
        "informesLegislativos": [_informe(bill, informe) for informe in bill.history],
        "movimentacoes": moves,
    }
