"""Sessions of the plenaries and meetings of committees."""

from collections.abc import Iterable, Mapping, Set
from datetime import date
from typing import Any

from legis.domain.brasilia_time import LocalTime
from legis.domain.organization import Organization
from legis.domain.records.event_record import EventClassification, EventRecord, EventStatus, bills_of_item
from legis.domain.records.record import Link, RecordFlag, record_id
from legis.domain.vocabulary import Chamber, QualityFlagCode, Source

from ingest_senado.normalizer.agenda_items import items_of_meeting, items_of_session, unanswered_items
from ingest_senado.normalizer.legislators import record_flags
from ingest_senado.normalizer.memberships import body_id
from ingest_senado.normalizer.notes import Notes, Sighting, folded
from ingest_senado.normalizer.vote_events import PLENARY
from ingest_senado.vocabulary.chambers import chamber, yes_no
from ingest_senado.vocabulary.event_statuses import is_moved, meeting_kind, new_day, status_of
from ingest_senado.wire.event_records import MeetingBody, MeetingRow, SessionResult, SessionRow
from ingest_senado.wire.wire_model import leftovers

SESSION = record_id(Source.SENADO, "session", "")
MEETING = record_id(Source.SENADO, "meeting", "")

_JOINT_PLENARY = Organization(acronym="PLEN", name="Plenário do Congresso Nacional", chamber=Chamber.CONGRESSO)
_PAGE = "https://legis.senado.leg.br/comissoes/reuniao?reuniao={code}&codcol={body}"


def from_meeting(row: MeetingRow, sighting: Sighting) -> EventRecord:
    """A meeting. Whether another one replaces it is not said here: see `moved_pairs`."""
    notes = Notes(sighting)
    start = notes.time(row.dataInicio, "start")
    bodies = row.colegiados or ((row.colegiadoCriador,) if row.colegiadoCriador else ())
    claims: dict[str, Any] = {
        "house": chamber(bodies[0].siglaCasa) if bodies else None,
        "start": start.at if start else None,
        "end": _end(row, start, notes),
        "location": folded(row.local),
    }
    return EventRecord(
        id=f"{MEETING}{row.codigo}",
        source=Source.SENADO,
        upstream_id=str(row.codigo),
        url=_PAGE.format(body=bodies[0].codigo, code=row.codigo) if bodies else None,
        classification=meeting_kind([part.descricaoTipo for part in row.partes if part.descricaoTipo]),
        classification_text=row.tipo.descricao if row.tipo else None,
        name=folded(row.titulo),
        description=_description(row),
        organizations=tuple(_organization(body) for body in bodies),
        organization_ids=tuple(found for body in bodies if (found := body_id(body.codigo))),
        status=_meeting_status(row),
        status_text=_status_text(row),
        media=_media(row),
        agenda=items_of_meeting(row.partes),
        flags=_flags(notes),
        extras=leftovers(row),
        **{name: value for name, value in claims.items() if value is not None},
    )


def _flags(notes: Notes) -> tuple[RecordFlag, ...]:
    """The flags of an event: a start in the future is no doubt here."""
    return tuple(flag for flag in record_flags(notes) if flag.code is not QualityFlagCode.DATE_IN_FUTURE)


def reason_of(row: MeetingRow) -> str | None:
    """Why a meeting is not held, from the newest of its states that tells a reason."""
    return next((step.motivo for step in row.dataReuniao if step.motivo), None)


def _status_text(row: MeetingRow) -> str | None:
    """The state in the source's words, with the reason where a meeting is not held."""
    text, reason = row.status or row.situacao, reason_of(row)
    return f"{text}: {reason}" if text and reason and text != reason else text or reason


def _meeting_status(row: MeetingRow) -> EventStatus:
    found = status_of(row.situacao, row.codigoSituacao)
    if found is EventStatus.CANCELLED and is_moved(reason_of(row)):
        return EventStatus.MOVED
    return found


def _end(row: MeetingRow, start: LocalTime | None, notes: Notes) -> Any:
    """The moment at which the meeting was closed: that of its state "Realizada", where it is after the start."""
    held = next((step for step in row.dataReuniao if status_of(step.descricaoSituacao) is EventStatus.HELD), None)
    closed = notes.time(held.dataEvento, "end") if held else None
    if closed is None or closed.at is None or start is None or start.at is None or closed.at <= start.at:
        return None
    return closed.at


def _description(row: MeetingRow) -> str | None:
    pairs = ((part.nome, part.evento.finalidade if part.evento else None) for part in row.partes)
    texts = [folded(text) for pair in pairs for text in pair]
    return "; ".join(dict.fromkeys(filter(None, texts))) or None


def _media(row: MeetingRow) -> tuple[Link, ...]:
    links = [(video.url, "video") for video in row.videos]
    links += [
        (row.urlUltimaPautaSimplesPublicada, "agenda"),
        (row.urlUltimoResultadoPublicado, "result"),
        (row.urlUltimaAtaPublicada, "minutes"),
    ]
    return tuple(Link(url=url, note=note) for url, note in links if url)


def _organization(body: MeetingBody) -> Organization:
    return Organization(
        code=str(body.codigo), acronym=body.sigla, name=folded(body.nome), chamber=chamber(body.siglaCasa)
    )


def moved_pairs(rows: Iterable[MeetingRow], sighting: Sighting) -> dict[str, str]:
    """Our ids of meetings that were moved, each with the meeting that replaces it.

    That is a meeting of the same body on the day that the reason names, if there is one.
    """
    notes = Notes(sighting)
    days: dict[tuple[int, date], list[MeetingRow]] = {}
    moved: list[tuple[MeetingRow, date]] = []
    for row in rows:
        start = notes.time(row.dataInicio, "start")
        if start is None:
            continue
        for body in row.colegiados:
            days.setdefault((body.codigo, start.date), []).append(row)
        if _meeting_status(row) is EventStatus.MOVED and (day := new_day(reason_of(row), start.date)):
            moved.append((row, day))
    found = {}
    for row, day in moved:
        others = [
            one for body in row.colegiados for one in days.get((body.codigo, day), ()) if one.codigo != row.codigo
        ]
        if others:
            best = min(others, key=lambda one: (_meeting_status(one) in _NOT_HELD, one.dataInicio or "", one.codigo))
            found[f"{MEETING}{row.codigo}"] = f"{MEETING}{best.codigo}"
    return found


_NOT_HELD = (EventStatus.CANCELLED, EventStatus.MOVED)


def linked(record: EventRecord, moved: Mapping[str, str], origins: Mapping[str, str]) -> EventRecord:
    """The meeting with the one that replaces it, and the one that it replaces; claimed only where there is one."""
    update: dict[str, Any] = {}
    if record.id in moved:
        update["moved_to"] = moved[record.id]
    if record.id in origins:
        update["moved_from"] = origins[record.id]
    return record.model_copy(update=update) if update else record


def from_session(
    row: SessionRow,
    result: SessionResult | None,
    process_ids: Mapping[int, int],
    sighting: Sighting,
    unanswered: Set[int] = frozenset(),
) -> EventRecord:
    """A session with the result of its items, where there is one. `unanswered` are matters of which it is not known
    whether they have a process: that no bill is on their items is flagged, and not claimed (`merge_records`).
    """
    notes = Notes(sighting)
    for key in unanswered_items(row, result, unanswered):
        notes.flag(QualityFlagCode.LIST_IN_DOUBT, bills_of_item(key), "its process was asked for without an answer")
    start = notes.time(_start(row), "start")
    joint = row.Casa == "CN"
    claims: dict[str, Any] = {
        "house": chamber(row.Casa),
        "start": start.at if start else None,
        "location": folded(row.LocalSessao),
        "description": folded(row.Comunicado),
        "organization_ids": () if joint else (body_id(PLENARY.code),),
    }
    return EventRecord(
        id=f"{SESSION}{row.CodigoSessao}",
        source=Source.SENADO,
        upstream_id=str(row.CodigoSessao),
        classification=EventClassification.SESSION,
        classification_text=folded(row.TipoSessao),
        name=_session_name(row),
        organizations=(_JOINT_PLENARY if joint else PLENARY,),
        status=_session_status(row),
        status_text=row.SituacaoSessao,
        agenda=items_of_session(row, result, process_ids),
        flags=_flags(notes),
        extras=leftovers(row),
        **{name: value for name, value in claims.items() if value is not None},
    )


def _session_name(row: SessionRow) -> str | None:
    """`16ª SESSÃO` and `SESSÃO DELIBERATIVA` as one name."""
    number = (row.NumeroSessao or "").strip()
    return folded(f"{number.removesuffix('SESSÃO') if row.TipoSessao else number} {row.TipoSessao or ''}")


def _start(row: SessionRow) -> str | None:
    """Day and hour as one local time; hours below ten come with one digit."""
    return f"{row.Data} {row.Hora.strip().zfill(5)}:00" if row.Data and row.Hora else row.Data


def _session_status(row: SessionRow) -> EventStatus:
    """The state; a planned session is TENTATIVE until its agenda is confirmed."""
    found = status_of(row.SituacaoSessao)
    if found is EventStatus.CONFIRMED and not yes_no(row.PautaConfirmada):
        return EventStatus.TENTATIVE
    return found
