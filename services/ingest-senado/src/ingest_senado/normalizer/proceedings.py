"""The history of a bill in the Senado, from reports, dispatches, and facts that only situations or movements have."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from legis.domain.bill import Action, Document, Organization
from legis.domain.brasilia_time import LocalTime, day_start
from legis.domain.vocabulary import ActionKind

from ingest_senado.normalizer.addresses import attached
from ingest_senado.normalizer.notes import Notes
from ingest_senado.vocabulary.actions import action_kind
from ingest_senado.vocabulary.chambers import chamber, yes_no
from ingest_senado.vocabulary.documents import document_kind
from ingest_senado.wire.bill_records import (
    AttachedDocument,
    Body,
    Detail,
    Dispatch,
    Filing,
    Movement,
    Report,
    Situation,
)

REPORT, DISPATCH, SITUATION, MOVEMENT = "INFORME", "DESPACHO", "SITUACAO", "MOVIMENTACAO"


@dataclass(frozen=True, slots=True)
class Proceedings:
    """All actions oldest first, the newest report, the body that has the bill, and values that go into the extras."""

    actions: tuple[Action, ...]
    latest: Action | None
    organization: Organization | None
    extras: dict[str, Any]


def proceedings(detail: Detail, notes: Notes) -> Proceedings:
    """The history. A situation or movement becomes an action only where no report of that day has the same content."""
    entries: list[tuple[tuple[datetime, int, int], Action]] = []
    reports: list[tuple[tuple[datetime, int, int], Action]] = []
    for filing in detail.autuacoes:
        names = {s.sigla: s.descricao for s in filing.situacoes if s.sigla}
        found = [_keyed(_report(item, names, notes), 1, item.id) for item in filing.informesLegislativos]
        reports += found
        entries += found
        entries += [_keyed(action, 2, 0) for action in _silent_situations(filing, notes)]
        entries += [_keyed(action, 3, int(action.upstream_id or 0)) for action in _silent_movements(filing, notes)]
    entries += [_keyed(_dispatch(item, notes), 0, item.id) for item in detail.despachos]
    entries.sort(key=lambda entry: entry[0])
    latest = max(reports, key=lambda entry: entry[0])[1] if reports else None
    return Proceedings(
        actions=tuple(action for _, action in entries),
        latest=latest,
        organization=_holder(detail.autuacoes),
        extras=_extras(detail),
    )


def organization(*bodies: Body | None) -> Organization | None:
    """The first of `bodies` that is not empty, as an organization; None without one."""
    for body in bodies:
        if body is not None and (body.codigo is not None or body.id is not None or body.sigla or body.nome):
            code = body.codigo if body.codigo is not None else body.id
            return Organization(
                code=None if code is None else str(code),
                acronym=body.sigla,
                name=body.nome,
                chamber=chamber(body.casa),
            )
    return None


def _keyed(action: Action, rank: int, number: int) -> tuple[tuple[datetime, int, int], Action]:
    when = action.at or (day_start(action.date) if action.date else datetime.min.replace(tzinfo=UTC))
    return (when, rank, number), action


def _when(found: LocalTime | None) -> dict[str, Any]:
    return {"date": found.date if found else None, "at": found.at if found else None}


def _report(item: Report, names: dict[str, str | None], notes: Notes) -> Action:
    sign = item.siglaSituacaoIniciada
    return Action(
        **_when(notes.time(item.data, "actions")),
        kind=action_kind(item.descricao, sign),
        kind_code=REPORT,
        description=item.descricao,
        organization=organization(item.colegiado, item.enteAdministrativo),
        status_code=sign,
        status_text=names.get(sign) if sign else None,
        documents=tuple(_documents(item.documentosAssociados, notes)),
        upstream_id=str(item.id),
    )


def _documents(items: tuple[AttachedDocument, ...], notes: Notes) -> Iterator[Document]:
    for item in items:
        if item.url:
            yield attached(
                item.url,
                document_kind(item.siglaTipo, item.tipo),
                kind_text=item.tipo,
                title=item.identificacao,
                on=notes.day(item.data, "actions"),
                number=None if item.id is None else str(item.id),
            )


def _dispatch(item: Dispatch, notes: Notes) -> Action:
    targets = [target for order in item.providencias for target in order.unidadesDestinatarias]
    cancelled = yes_no(item.cancelado)
    return Action(
        **_when(notes.time(item.data, "actions")),
        kind=ActionKind.DISPATCHED,
        kind_code=f"{DISPATCH} CANCELADO" if cancelled else DISPATCH,
        kind_text=item.tipoMotivacao,
        description="; ".join(
            f"{order.descricao or 'Providência'}: {', '.join(_name(t.colegiado) for t in order.unidadesDestinatarias)}"
            for order in item.providencias
            if order.unidadesDestinatarias
        )
        or None,
        organization=organization(*(target.colegiado for target in targets[:1])),
        upstream_id=str(item.id),
    )


def _name(body: Body | None) -> str:
    return (body.sigla or body.nome or "?") if body else "?"


def _silent_situations(filing: Filing, notes: Notes) -> Iterator[Action]:
    told = {(r.siglaSituacaoIniciada, _day(r.data)) for r in filing.informesLegislativos}
    for item in filing.situacoes:
        if (item.sigla, _day(item.inicio)) not in told:
            yield _situation(item, notes)


def _situation(item: Situation, notes: Notes) -> Action:
    return Action(
        **_when(notes.time(item.inicio, "actions")),
        kind=action_kind(None, item.sigla),
        kind_code=SITUATION,
        organization=organization(item.colegiado, item.enteAdministrativo),
        status_code=item.sigla,
        status_text=item.descricao,
    )


def _silent_movements(filing: Filing, notes: Notes) -> Iterator[Action]:
    told = {
        (body.sigla, _day(report.data))
        for report in filing.informesLegislativos
        for body in (report.colegiado, report.enteAdministrativo)
        if body
    }
    for item in filing.movimentacoes:
        places = [body.sigla for body in (item.colegiadoDestino, item.enteDestino) if body]
        days = (_day(item.dataEnvio), _day(item.dataRecebimento))
        if not any((place, day) in told for place in places for day in days):
            yield _movement(item, notes)


def _movement(item: Movement, notes: Notes) -> Action:
    return Action(
        **_when(notes.time(item.dataEnvio or item.dataRecebimento, "actions")),
        kind=ActionKind.TRANSFERRED,
        kind_code=MOVEMENT,
        organization=organization(item.colegiadoDestino, item.enteDestino),
        upstream_id=str(item.id),
    )


def _day(text: str | None) -> str | None:
    return text[:10] if text else None


def _holder(filings: tuple[Filing, ...]) -> Organization | None:
    if not filings:
        return None
    main = min(filings, key=lambda filing: filing.numero if filing.numero is not None else 1)
    committee = Body(
        codigo=main.codigoColegiadoControleAtual,
        casa=main.casaColegiadoControleAtual,
        sigla=main.siglaColegiadoControleAtual,
        nome=main.nomeColegiadoControleAtual,
    )
    office = Body(id=main.idEnteControleAtual, sigla=main.siglaEnteControleAtual, nome=main.nomeEnteControleAtual)
    return organization(committee, office)


def _extras(detail: Detail) -> dict[str, Any]:
    """Values without a field in an action: the office of a report, ends of situations, origins of movements."""
    offices = {
        str(report.id): report.enteAdministrativo.model_dump(exclude_none=True)
        for filing in detail.autuacoes
        for report in filing.informesLegislativos
        if report.colegiado and report.enteAdministrativo
    }
    found = {
        "informesEntesAdministrativos": offices,
        "situacoes": [s.model_dump(exclude_none=True) for f in detail.autuacoes for s in f.situacoes],
        "movimentacoes": [m.model_dump(exclude_none=True) for f in detail.autuacoes for m in f.movimentacoes],
    }
    return {name: value for name, value in found.items() if value}
