"""Reads one deputy whole: the detail and the history, and where a legislature's file lacks, the seats in bodies."""

from collections.abc import Mapping, Sequence

from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.record import record_id
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import RecordGone, RecordRejected
from legis.ingest.source import Item, ReadContext
from legis.telemetry.logs import get_logger

from ingest_camara.client.answers import raw_of, rejected
from ingest_camara.client.people_api import Listed, PeopleApi
from ingest_camara.normalizer.legislators import from_detail
from ingest_camara.normalizer.people.legislator_history import from_history
from ingest_camara.normalizer.people.register_claims import record_mark
from ingest_camara.source.people.people_directory import People
from ingest_camara.source.people.unstored_readings import changed, make_reading
from ingest_camara.wire.people_records import DeputyDetail, DeputyStatus

log = get_logger(__name__)

PARTS = (ReadingPart.DETAIL, ReadingPart.MEMBERSHIPS)


def deputy_record_id(upstream_id: str) -> str:
    """Our id of a deputy."""
    return record_id(Source.CAMARA, "deputy", upstream_id)


class DeputyReader:
    """Reads deputies by id. Raises RecordGone where upstream has no such deputy."""

    def __init__(self, api: PeopleApi) -> None:
        self._api = api

    def address(self, record: str) -> str:
        """The URL of the detail of the deputy with our id `record`."""
        return self._api.address(f"/deputados/{record.rpartition('-')[2]}")

    async def read(
        self, upstream_id: str, people: People, context: ReadContext, list_marks: Mapping[str, str]
    ) -> list[Item]:
        """The history, then the detail, as far as they differ from what is stored.

        The mark of a changed list row is stored with the detail, so that the row counts as handled only then.
        """
        record = deputy_record_id(upstream_id)
        items: list[Item] = [*await self.history(upstream_id, people, context, former=False)]
        seq = context.next_seq()
        found = await self._api.one(f"/deputados/{upstream_id}", DeputyDetail, record)
        if found.record.id != upstream_id:
            wrong = ValueError(f"asked for {upstream_id}, got {found.record.id}")
            raise rejected(wrong, raw_of({"deputy": upstream_id}), record, found.origin.url)
        legislator = from_detail(found.record, found.origin.fetched_at, people.parties)
        mark, row_mark = record_mark(legislator), list_marks.get(upstream_id)
        if context.seen(record, ReadingPart.DETAIL) != mark or row_mark is not None:
            marks = {ReadingPart.DETAIL: mark} | ({ReadingPart.LIST: row_mark} if row_mark else {})
            items.append(make_reading(legislator, found.origin, ReadingPart.DETAIL, seq, marks))
        return items

    async def history(self, upstream_id: str, people: People, context: ReadContext, *, former: bool) -> Sequence[Item]:
        """The history, where it differs from what is stored; nothing where upstream answers 404 or an empty list."""
        seq = context.next_seq()
        try:
            listed = await self._api.rows(f"/deputados/{upstream_id}/historico", DeputyStatus, paged=False)
        except RecordGone:
            log.warning("deputy without history", upstream_id=upstream_id)
            return []
        if listed.broken:
            raise _of(upstream_id, listed)
        if not listed.rows:
            return []
        fetched_at = listed.origin.fetched_at
        try:
            legislator: LegislatorRecord = from_history(
                upstream_id, listed.rows, people.by_number, fetched_at, people.parties, former=former
            )
        except ValueError as error:
            raw = raw_of({"history": upstream_id})
            raise rejected(error, raw, deputy_record_id(upstream_id), listed.origin.url) from None
        found = changed(legislator, listed.origin, ReadingPart.MEMBERSHIPS, seq, context)
        return [found] if found else []


def _of(upstream_id: str, listed: Listed[DeputyStatus]) -> RecordRejected:
    """The first rejection of a row of the deputy's history, as that of the deputy."""
    first = listed.broken[0]
    return RecordRejected(
        str(first), raw=first.raw, upstream_id=deputy_record_id(upstream_id), source_url=first.source_url
    )
