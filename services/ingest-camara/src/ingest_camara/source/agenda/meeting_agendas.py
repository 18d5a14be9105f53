"""Reads the agendas of listed events, and decides which are asked for."""

from datetime import datetime, timedelta

from legis.domain.records.event_record import EventStatus
from legis.domain.records.record import RecordKind
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordGone
from legis.ingest.source import ReadContext, RecordAbsence, RecordReading

from ingest_camara.client.records_api import RecordsApi
from ingest_camara.normalizer.events import event_record_id, from_item
from ingest_camara.normalizer.votes.record_claims import claims_mark
from ingest_camara.source.agenda.event_files import PREFIX
from ingest_camara.source.record_items import reading
from ingest_camara.wire.event_records import EventItem

PATH = "/eventos"
_OUTCOMES_FOLLOW = timedelta(days=2)
"""Time after the start of an event in which its agenda is read at every poll: outcomes are entered meanwhile."""

_WITHOUT = frozenset({EventStatus.CANCELLED, EventStatus.MOVED})


class AgendaReader:
    """Reads an event's agenda together with its row. Raises the errors of `RecordsApi`."""

    def __init__(self, api: RecordsApi) -> None:
        self._api = api

    async def read(self, item: EventItem, context: ReadContext) -> RecordReading | None:
        """The event with its agenda, where either differs from what is stored; without the agenda where upstream has
        none. `context` must know the marks LIST and AGENDA.
        """
        seq, now = context.next_seq(), self._api.now()
        agenda = await self._api.agenda(item.id)
        row = from_item(item)
        whole = row if agenda is None else from_item(item, agenda)
        marks = {ReadingPart.LIST: claims_mark(row)}
        if agenda is not None:
            marks[ReadingPart.AGENDA] = claims_mark(whole)
        if all(context.seen(row.id, part) == mark for part, mark in marks.items()):
            return None
        url = self._api.address(PATH, item.id)
        part = ReadingPart.LIST if agenda is None else ReadingPart.AGENDA
        return reading(whole, url, now, claims_mark(whole), part, seq, marks)

    async def read_one(self, record_id: str, context: ReadContext) -> RecordReading | RecordAbsence:
        """The event by our id with its agenda, whether or not it has changed; its absence where upstream has none."""
        upstream_id, seq = record_id.removeprefix(PREFIX), context.next_seq()
        try:
            found = await self._api.event(upstream_id)
        except RecordGone:
            return RecordAbsence(
                RecordKind.EVENT, record_id, self._api.address(PATH, upstream_id), self._api.now(), seq
            )
        agenda = await self._api.agenda(upstream_id)
        answer = found.answer
        record = from_item(found.record, agenda)
        return reading(record, answer.url, answer.fetched_at, answer.sha256, ReadingPart.DETAIL, seq, {})

    def row_reading(self, item: EventItem, context: ReadContext) -> RecordReading | None:
        """The event as its row of a list shows it, where that differs from what is stored."""
        now = self._api.now()
        record = from_item(item)
        mark = claims_mark(record)
        if context.seen(record.id, ReadingPart.LIST) == mark:
            return None
        url, marks = self._api.address(PATH, item.id), {ReadingPart.LIST: mark}
        return reading(record, url, now, mark, ReadingPart.LIST, context.next_seq(), marks)


def wants_agenda(item: EventItem, context: ReadContext, now: datetime) -> bool:
    """Whether the agenda is asked for: of events that are not over, or were not long ago, and where the row changed or
    the agenda was never stored. Cancelled events keep the agenda that they had.
    """
    record = from_item(item)
    if record.status in _WITHOUT:
        return False
    if record.start is not None and record.start > now - _OUTCOMES_FOLLOW:
        return True
    changed = context.seen(record.id, ReadingPart.LIST) != claims_mark(record)
    return changed or context.seen(event_record_id(item.id), ReadingPart.AGENDA) is None
