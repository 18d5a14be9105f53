"""Answers of the Senado about people and agendas, which a test breaks, and windows read from them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from contract.senado_source.lying import Liar
from contract.senado_source.reading import NOW, Memory, schedule, settings, upstream
from ingest_senado.source.adapter import SenadoSource
from ingest_senado.source.record_windows import RecordWindows
from legis.events import Walk
from legis.ingest.source import Item, RecordsSeen

SENATOR = {"CodigoParlamentar": "5672", "NomeParlamentar": "Alan Rick", "EmailParlamentar": "sen@senado.leg.br"}
ROW = {"IdentificacaoParlamentar": SENATOR, "Mandato": {"DescricaoParticipacao": "Titular", "UfParlamentar": "AC"}}
BODY = {"Codigo": "34", "Sigla": "CCJ", "Nome": "Comissão", "SiglaCasa": "SF", "DescricaoTipoColegiado": "Conselho"}
MEETING = {"codigo": "7", "codigoSituacao": "1", "dataInicio": "2026-11-25T10:00:00.000",
           "colegiados": {"codigo": "34", "sigla": "CCJ", "siglaCasa": "SF"}}  # fmt: skip
SESSION = {"CodigoSessao": "9", "Casa": "SF", "Data": "2026-11-24", "Hora": "14:00", "SituacaoSessao": "Agendada",
           "PautaConfirmada": "Não"}  # fmt: skip

MISFITS = [{"local": "Anexo"}] * 5


def envelope(root: str, outer: str, inner: str, rows: Any) -> dict[str, Any]:
    return {root: {"Metadados": {"Versao": "1"}, outer: {inner: rows}}}


def people() -> dict[str, Any]:
    """Answers with one senator, one body and no bloc, by path."""
    of_senator = {"Codigo": "5672", "Nome": "Alan Rick"}
    lists = {"mandatos": "MandatoParlamentar", "filiacoes": "FiliacaoParlamentar", "cargos": "CargoParlamentar",
             "comissoes": "MembroComissaoParlamentar", "licencas": "LicencaParlamentar"}  # fmt: skip
    return {
        "/comissao/lista/colegiados": envelope("ListaColegiados", "Colegiados", "Colegiado", BODY),
        "/composicao/lista/blocos": {"ListaBlocoParlamentar": {"Metadados": {}}},
        "/composicao/mesaSF": None,
        "/composicao/mesaCN": None,
        "/senador/lista/atual": envelope("ListaParlamentarEmExercicio", "Parlamentares", "Parlamentar", ROW),
        "/senador/afastados": {"AfastamentoAtual": {"Metadados": {}}},
        "/senador/lista/legislatura/57": {"ListaParlamentarLegislatura": {"Metadados": {}}},
        "/senador/5672": {"DetalheParlamentar": {"Parlamentar": {"IdentificacaoParlamentar": SENATOR}}},
        "/composicao/lideranca": [],
        **{f"/senador/5672/{name}": {root: {"Parlamentar": of_senator}} for name, root in lists.items()},
    }


def agenda() -> dict[str, Any]:
    """Answers with one meeting and one session, by path; the session is in the list from its month's first day on."""
    sessions = envelope("AgendaPlenario", "Sessoes", "Sessao", SESSION)
    nothing = {"AgendaPlenario": {"Metadados": {}}}
    return {
        "/comissao/agenda/20261116/20261215": envelope("AgendaReuniao", "reunioes", "reuniao", MEETING),
        "/comissao/agenda/20261216/20261223": {"AgendaReuniao": {"Metadados": {}}},
        "/plenario/agenda/mes/20261116": sessions,
        "/plenario/agenda/mes/20261201": nothing,
        "/plenario/resultado/mes/20261116": {"ResultadoPlenario": {"Metadados": {}}},
    }


def script(liar: Liar, answers: dict[str, Any]) -> None:
    liar.answers = {path: (lambda _, content=content: content) for path, content in answers.items()}


@asynccontextmanager
async def walking(liar: Liar) -> AsyncIterator[SenadoSource]:
    """A source that reads the liar's answers, records other than bills included."""
    found = settings(liar.base)
    timetable = replace(schedule(), records=RecordWindows.of(found))
    source = SenadoSource(found, upstream(liar.base), timetable, clock=lambda: NOW)
    try:
        yield source
    finally:
        await source.close()


async def read(source: SenadoSource, walk: Walk, memory: Memory | None = None) -> list[Item]:
    window = source.next_window(walk, None, NOW)
    assert window is not None
    return await (memory or Memory()).read(source, window)


def seen(items: list[Item]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for item in items:
        if isinstance(item, RecordsSeen):
            found.setdefault(item.prefix, []).append(item.ids)
    return found
