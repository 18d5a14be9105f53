"""Answers of the Câmara in their recorded shapes, made up for these tests and changed at will."""

from collections.abc import Callable
from typing import Any

import pytest
from ingest_camara.wire.bill_records import Detail, ListItem
from ingest_camara.wire.bulk import BulkRow, Header, ProposalLayout

HOST = "https://dadosabertos.camara.leg.br/api/v2"
_HEADER = """
id uri siglaTipo numero ano codTipo descricaoTipo ementa ementaDetalhada keywords dataApresentacao uriOrgaoNumerador
uriPropAnterior uriPropPrincipal uriPropPosterior urlInteiroTeor urnFinal ultimoStatus_dataHora ultimoStatus_sequencia
ultimoStatus_uriRelator ultimoStatus_idOrgao ultimoStatus_siglaOrgao ultimoStatus_uriOrgao ultimoStatus_regime
ultimoStatus_descricaoTramitacao ultimoStatus_idTipoTramitacao ultimoStatus_descricaoSituacao ultimoStatus_idSituacao
ultimoStatus_despacho ultimoStatus_url
"""
COLUMNS = _HEADER.split()
STATUS: dict[str, Any] = {
    "dataHora": "2025-05-20T14:05",
    "sequencia": 12,
    "siglaOrgao": "CCJC",
    "uriOrgao": f"{HOST}/orgaos/2003",
    "uriUltimoRelator": f"{HOST}/deputados/200001",
    "regime": "Urgência (Art. 155, RICD)",
    "descricaoTramitacao": "Designação de Relator",
    "codTipoTramitacao": "320",
    "descricaoSituacao": "Aguardando Parecer",
    "codSituacao": 915,
    "despacho": "Designada Relatora,  Dep. Fulana de Tal.",
    "url": None,
    "ambito": "Regimental",
    "apreciacao": "Proposição Sujeita à Apreciação Conclusiva pelas Comissões - Art. 24 II",
}
DETAIL: dict[str, Any] = {
    "id": 2500001,
    "uri": f"{HOST}/proposicoes/2500001",
    "siglaTipo": "PL",
    "codTipo": 139,
    "numero": 77,
    "ano": 2025,
    "ementa": "Institui o dia nacional do copo d’água.\r\n\r\nNOVA EMENTA: Institui a semana  da água.",
    "dataApresentacao": "2025-02-03T11:46",
    "uriOrgaoNumerador": None,
    "statusProposicao": STATUS,
    "uriAutores": f"{HOST}/proposicoes/2500001/autores",
    "descricaoTipo": "Projeto de Lei",
    "ementaDetalhada": "",
    "keywords": "Instituição, semana, água (recurso natural,\r\nhídrico). _Saneamento, campanha.",
    "uriPropPrincipal": None,
    "uriPropAnterior": None,
    "uriPropPosterior": None,
    "urlInteiroTeor": "https://www.camara.leg.br/proposicoesWeb/prop_mostrarintegra?codteor=9000001",
    "urnFinal": None,
    "texto": None,
    "justificativa": None,
}
LISTED = ("id", "uri", "siglaTipo", "codTipo", "numero", "ano", "ementa", "dataApresentacao")

Make = Callable[..., Any]


@pytest.fixture
def raw_detail() -> Make:
    """The `dados` of a detail; `status` changes its last entry, None removes it, other names change the rest."""

    def make(status: dict[str, Any] | None = STATUS, **changes: Any) -> dict[str, Any]:
        return {**DETAIL, "statusProposicao": None if status is None else {**STATUS, **status}, **changes}

    return make


@pytest.fixture
def detail(raw_detail: Make) -> Callable[..., Detail]:
    return lambda **changes: Detail.model_validate(raw_detail(**changes))


@pytest.fixture
def list_item(raw_detail: Make) -> Callable[..., ListItem]:
    """A list row of the same bill, in which line breaks come as blanks."""

    def make(**changes: Any) -> ListItem:
        row = {name: value for name, value in raw_detail().items() if name in LISTED}
        row["ementa"] = row["ementa"].replace("\r\n", " ")
        return ListItem.model_validate({**row, **changes})

    return make


@pytest.fixture
def bulk_row(raw_detail: Make) -> Callable[..., BulkRow]:
    """The row that the yearly file has for the same bill; `extra` adds columns, other names change cells."""

    def make(extra: dict[str, str] | None = None, **changes: str) -> BulkRow:
        cells = {name: _cell(raw_detail().get(name)) for name in COLUMNS}
        cells.update({f"ultimoStatus_{name}": _cell(value) for name, value in STATUS.items()})
        cells["ultimoStatus_uriRelator"] = STATUS["uriUltimoRelator"]
        cells["ultimoStatus_idTipoTramitacao"] = STATUS["codTipoTramitacao"]
        cells["ultimoStatus_idSituacao"] = str(STATUS["codSituacao"])
        cells["dataApresentacao"] += ":00"
        cells["ultimoStatus_dataHora"] += ":00"
        cells.update({**changes, **(extra or {})})
        columns = [*COLUMNS, *(extra or {})]
        return ProposalLayout(Header(columns)).bind([cells.get(name, "") for name in columns])

    return make


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
