"""Synthetic answers of the Senado: a list row, its detail, a voting, and readers for them."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from ingest_senado.normalizer.bill import from_detail, from_list_row
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.wire.bill_records import Detail, ListRow
from legis.domain.bill import Bill

FETCHED = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PLENARY = {"codigo": 1998, "casa": "SF", "sigla": "PLEN", "nome": "Plenário do Senado Federal"}
COMMITTEE = {"codigo": 34, "casa": "SF", "sigla": "CCJ", "nome": "Comissão de Constituição, Justiça e Cidadania"}
OFFICE = {"id": 13594, "casa": "SF", "sigla": "SEADI", "nome": "Secretaria de Atas e Diários"}

ROW: dict[str, Any] = {
    "id": 9000001,
    "codigoMateria": 170001,
    "identificacao": "PL 12/2025",
    "apelido": "Lei das Marés",
    "objetivo": "Revisora",
    "casaIdentificadora": "SF",
    "enteIdentificador": "SF",
    "tipoConteudo": "Norma Geral",
    "ementa": "Dispõe sobre  o registro\r\n das marés.",
    "tipoDocumento": "Projeto de Lei Ordinária",
    "dataApresentacao": "2025-02-03",
    "autoria": "Câmara dos Deputados",
    "tramitando": "Sim",
    "situacaoAtual": "MATÉRIA COM A RELATORIA",
    "dataSituacaoAtual": "2025-03-10",
    "ultimaInformacaoAtualizada": "EVENTO_LEGISLATIVO",
    "dataUltimaAtualizacao": "2026-07-01T10:27:23.914",
    "urlDocumento": "http://legis.senado.gov.br/sdleg-getter/documento?dm=9500001",
}

DETAIL: dict[str, Any] = {
    "id": 9000001,
    "codigoMateria": 170001,
    "identificacao": "PL 12/2025",
    "sigla": "PL",
    "descricaoSigla": "Projeto de Lei",
    "numero": "12",
    "ano": 2025,
    "objetivo": "Revisora",
    "casaIdentificadora": "SF",
    "siglaEnteIdentificador": "SF",
    "identificacaoExterna": {},
    "conteudo": {
        "id": 1,
        "siglaTipo": "NORMA_GERAL",
        "ementa": "Dispõe sobre o registro das marés.",
        "explicacaoEmenta": "Cria o registro.",
    },
    "documento": {
        "id": 9500001,
        "siglaTipo": "PROJETO_LEI_ORDINARIA",
        "tipo": "Projeto de Lei Ordinária",
        "dataApresentacao": "2025-02-03",
        "indexacao": " REGISTRO ,  MARE ,  REGISTRO .",
        "url": "https://legis.senado.leg.br/sdleg-getter/documento?dm=9500001",
        "autoria": [
            {"autor": "Câmara dos Deputados", "siglaTipo": "CAMARA", "descricaoTipo": "Câmara dos Deputados",
             "ordem": 1, "idEnte": 2, "siglaEnte": "CD", "casaEnte": "CD", "ente": "Câmara dos Deputados"},
        ],
        "resumoAutoria": "Câmara dos Deputados",
    },
    "tramitando": "Sim",
    "situacaoAtual": "MATÉRIA COM A RELATORIA",
    "siglaSituacaoAtual": "RELATOR",
    "dataSituacaoAtual": "2025-03-10",
    "classificacoes": [{"codigo": 7, "descricao": "Mares", "descricaoHierarquia": "Ambiente / Mares"}],
    "autoriaIniciativa": [
        {"autor": "Ana Souza", "siglaTipo": "DEPUTADO", "descricaoTipo": "DEPUTADO", "ordem": 1,
         "codigoParlamentar": 4321, "uf": "BA", "siglaPartido": "PSB", "idEnte": 2},
    ],
    "outrosNumeros": [
        {"idOutroProcesso": 8999999, "sigla": "PL", "numero": "07769", "ano": 2017, "casaIdentificadora": "CD",
         "externaAoCongresso": "Não", "tramitando": "Sim"},
    ],
    "idProcessoCasaInicial": 8999999,
    "identificacaoProcessoInicial": "PL 7769/2017",
    "siglaCasaIniciadora": "CD",
    "comissaoMpv": "{}",
    "despachos": [
        {"id": 9549039, "data": "2025-02-20", "tipoMotivacao": "Decisão da Presidência", "cancelado": "Não",
         "providencias": [{"id": 1, "descricao": "Análise", "ordem": 1, "unidadesDestinatarias": [
             {"ordem": 1, "tipoAnaliseDeliberacao": "TERMINATIVA", "colegiado": COMMITTEE}]}]},
    ],
    "autuacoes": [
        {
            "numero": 1,
            "descricao": "Autuação Principal",
            "codigoColegiadoControleAtual": 34,
            "casaColegiadoControleAtual": "SF",
            "siglaColegiadoControleAtual": "CCJ",
            "nomeColegiadoControleAtual": COMMITTEE["nome"],
            "situacoes": [
                {"idTipo": 175, "sigla": "AGDESP", "descricao": "AGUARDANDO DESPACHO", "inicio": "2025-02-03",
                 "fim": "2025-02-20", "colegiado": PLENARY},
                {"idTipo": 91, "sigla": "RELATOR", "descricao": "MATÉRIA COM A RELATORIA", "inicio": "2025-03-10",
                 "colegiado": COMMITTEE},
            ],
            "informesLegislativos": [
                {"id": 2200002, "data": "2025-03-10 11:00:00", "colegiado": COMMITTEE,
                 "descricao": "Distribuído ao Senador João Lima, para emitir relatório.",
                 "idSituacaoIniciada": 91, "siglaSituacaoIniciada": "RELATOR"},
                {"id": 2200001, "data": "2025-02-03 10:38:56", "colegiado": PLENARY, "enteAdministrativo": OFFICE,
                 "descricao": "Autuado o Projeto de Lei nº 12/2025. O projeto vai à publicação",
                 "idSituacaoIniciada": 175, "siglaSituacaoIniciada": "AGDESP",
                 "documentosAssociados": [
                     {"id": 9500009, "tipo": "Avulso inicial da matéria", "siglaTipo": "AVULSO_INICIAL",
                      "identificacao": "Avulso", "descricao": "-", "data": "2025-02-03T00:00:00",
                      "url": "http://legis.senado.leg.br/sdleg-getter/documento?dm=9500009"}]},
            ],
            "movimentacoes": [],
        },
    ],
    "deliberacao": {},
    "normaGerada": {},
    "ultimaInformacaoAtualizada": "EVENTO_LEGISLATIVO",
    "dthUltimaAtualizacao": "2026-07-01T10:27:23.914000",
}  # fmt: skip


@pytest.fixture
def row() -> dict[str, Any]:
    """A list row that a test may change."""
    return copy.deepcopy(ROW)


@pytest.fixture
def detail() -> dict[str, Any]:
    """The detail of the same process, which a test may change."""
    return copy.deepcopy(DETAIL)


@pytest.fixture
def sighting() -> Sighting:
    """Seen at noon UTC on 23 November 2026, nothing removed."""
    return Sighting(FETCHED)


@pytest.fixture
def read_row(sighting: Sighting) -> Callable[[dict[str, Any]], Bill]:
    """A row as a bill."""
    return lambda value: from_list_row(ListRow.model_validate(value), sighting)


@pytest.fixture
def read_detail(sighting: Sighting) -> Callable[[dict[str, Any]], Bill]:
    """A detail as a bill."""
    return lambda value: from_detail(Detail.model_validate(value), sighting)
