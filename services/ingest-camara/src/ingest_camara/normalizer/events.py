"""Sessions and meetings (eventos) as records, from the list, the detail and the yearly files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from legis.domain.brasilia_time import LocalTime, day_start
from legis.domain.organization import Organization
from legis.domain.records.event_record import EventRecord
from legis.domain.records.record import Link, record_id
from legis.domain.vocabulary import Source

from ingest_camara.normalizer.extras import keep_unknown, keep_unknown_rows
from ingest_camara.normalizer.votes.agenda_items import agenda_items
from ingest_camara.normalizer.votes.record_claims import RecordClaims
from ingest_camara.vocabulary.event_words import event_classification, event_status
from ingest_camara.wire.event_columns import EventBodyRow, EventRow
from ingest_camara.wire.event_records import AgendaRow, EventBody, EventItem, Room

_PAGE = "https://www.camara.leg.br/evento-legislativo/{}"
_RECORDING = "registro"


def event_record_id(upstream_id: str) -> str:
    """Our id of an event."""
    return record_id(Source.CAMARA, "event", upstream_id)


def from_item(item: EventItem, agenda: Sequence[AgendaRow] | None = None) -> EventRecord:
    """A row of `/eventos` or its detail, with its agenda; None: the agenda was not read, or upstream did not answer."""
    claims = RecordClaims("event", item.id, None)  # events of the next weeks are in the future
    cells = [getattr(item, name) or "" for name in EventRow._fields[:7]]
    row = EventRow._make((*cells, *_room(item.localCamara), item.urlRegistro or ""))
    _claim(claims, row)
    _claim_bodies(claims, [_body(body) for body in item.orgaos])
    if item.has("urlRegistro"):
        claims.claim(media=_media(claims, item.urlRegistro))
    if agenda is not None:
        claims.claim(agenda=agenda_items(claims, agenda))
        keep_unknown_rows(claims, "pauta", agenda)
    keep_unknown(claims, item)
    for name in ("fases", "requerimentos", "uriConvidados"):
        if value := getattr(item, name):
            claims.keep(None, {name: value})
    return _record(claims)


def from_file(row: EventRow, bodies: Sequence[EventBodyRow] | None, unknown: Mapping[str, Any]) -> EventRecord:
    """A row of `eventos-{ano}.csv` with its rows of `eventosOrgaos`; None where there is no such file for the year."""
    claims = RecordClaims("event", row.id, None)
    _claim(claims, row)
    if row.urlRegistro:
        claims.claim(media=_media(claims, row.urlRegistro))
    if bodies is not None:
        _claim_bodies(claims, bodies)
    claims.keep("eventos", unknown)
    return _record(claims)


def _claim(claims: RecordClaims, row: EventRow) -> None:
    kind = claims.text("classification", row.descricaoTipo)
    place = claims.text("location", row.localExterno) or claims.text("location", _place(row))
    claims.claim(
        url=_PAGE.format(row.id),
        classification=event_classification(kind),
        classification_text=kind,
        name=kind,
        description=claims.text("description", row.descricao),
        start=_instant(claims.moment("start", row.dataHoraInicio)),
        end=_instant(claims.moment("end", row.dataHoraFim)),
        location=place,
        status=event_status(row.situacao),
        status_text=claims.text("status", row.situacao),
    )


def _media(claims: RecordClaims, address: str | None) -> tuple[Link, ...]:
    url = claims.text("media", address)
    return (Link(url=url, note=_RECORDING),) if url else ()


def _claim_bodies(claims: RecordClaims, bodies: Sequence[EventBodyRow]) -> None:
    named = [body._replace(id=claims.text("organizations", body.id) or "") for body in bodies]
    found = {body.id: body for body in named if body.id.strip("0")}
    ordered = [found[key] for key in sorted(found, key=lambda key: (len(key), key))]
    claims.claim(
        organizations=tuple(
            Organization(
                code=body.id,
                acronym=claims.text("organizations", body.sigla),
                name=claims.text("organizations", body.nome),
            )
            for body in ordered
        ),
        organization_ids=tuple(record_id(Source.CAMARA, "org", body.id) for body in ordered),
    )


def _body(body: EventBody) -> EventBodyRow:
    return EventBodyRow("", body.id or "", body.sigla or "", body.nome or "")


def _room(room: Room | None) -> tuple[str, str, str, str]:
    if room is None:
        return ("", "", "", "")
    return (room.nome or "", room.predio or "", room.sala or "", room.andar or "")


def _place(row: EventRow) -> str:
    """`Anexo II, Plenário 9`: the parts of a place inside the Câmara that are given, each once."""
    return ", ".join(
        dict.fromkeys(part.strip() for part in (row.predio, row.andar, row.sala, row.nome) if part.strip())
    )


def _instant(local: LocalTime | None) -> datetime | None:
    """The instant; of a time that is exactly midnight, or not given, the beginning of the day."""
    if local is None:
        return None
    return local.at or day_start(local.date)


def _record(claims: RecordClaims) -> EventRecord:
    return EventRecord(**claims.values, flags=claims.record_flags())
