"""Reads lists of deputies: those of a legislature with those in office, and the file with all of them."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date
from functools import partial

from legis.domain.fingerprint import raw_hash
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordRejected, UpstreamUnavailable
from legis.ingest.source import Item, ReadContext

from ingest_camara.client.people_api import Listed, PeopleApi
from ingest_camara.client.yearly_files import CamaraFiles
from ingest_camara.normalizer.addresses import deputy_id
from ingest_camara.normalizer.legislators import Known, from_file, from_rows
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.source.people.deputy_reader import deputy_record_id
from ingest_camara.source.people.people_directory import People
from ingest_camara.source.people.unstored_readings import row_reading
from ingest_camara.source.people.whole_files import file_rows
from ingest_camara.wire import people_files
from ingest_camara.wire.people_records import DeputyRow

REREAD_DAYS = 14
"""Days in which every deputy of the current legislature is read whole once, though no list row changed."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Both lists of the current legislature: rows by deputy, those in office, and the broken rows."""

    rows: dict[str, list[DeputyRow]]
    seated: dict[str, DeputyRow]
    listed: Listed[DeputyRow]
    broken: tuple[RecordRejected, ...]
    seq: int

    @property
    def ids(self) -> list[str]:
        """Every deputy in one of the lists."""
        return list(dict.fromkeys([*self.seated, *self.rows]))

    def mark(self, upstream_id: str) -> str:
        """Fingerprint of a deputy's rows."""
        rows = sorted((row.model_dump(mode="json") for row in self.rows.get(upstream_id, ())), key=repr)
        seat = self.seated.get(upstream_id)
        return raw_hash([rows, seat.model_dump(mode="json") if seat else None])


class DeputyLists:
    """Reads the lists of deputies. Raises the errors of `PeopleApi.rows`."""

    def __init__(self, api: PeopleApi, files: CamaraFiles) -> None:
        self._api = api
        self._files = files

    async def listing(self, number: int, context: ReadContext, *, seated: bool) -> Listing:
        """The rows of a legislature, with those in office now where it is the current one.

        Raises UpstreamUnavailable when a list of the current one is empty: it is not without deputies.
        """
        seq = context.next_seq()
        listed = await self._api.rows("/deputados", DeputyRow, {"idLegislatura": number, **_ORDER})
        office = await self._api.rows("/deputados", DeputyRow, _ORDER) if seated else None
        if office is not None and not (listed.rows and office.rows):
            raise UpstreamUnavailable(f"the list of deputies of legislature {number} is empty")
        rows: defaultdict[str, list[DeputyRow]] = defaultdict(list)
        for row in listed.rows:
            rows[row.id].append(row)
        seats = {row.id: row for row in office.rows} if office else {}
        return Listing(dict(rows), seats, listed, (*listed.broken, *(office.broken if office else ())), seq)

    async def rows(
        self, listing: Listing, term: Legislature, people: People, context: ReadContext, *, marked: bool
    ) -> AsyncGenerator[Item, None]:
        """The deputies of a listing; with `marked`, only those whose rows changed. Marks are stored with the details.

        The marks of LIST and MEMBERSHIPS must be loaded.
        """
        for broken in listing.broken:
            yield broken
        for upstream_id in listing.ids:
            record = deputy_record_id(upstream_id)
            if marked and self.news(upstream_id, listing, context) is None:
                continue
            known = Known(
                newest=people.last_terms.get(upstream_id) == term.number,
                named=upstream_id in people.names,
                history_read=context.seen(record, ReadingPart.MEMBERSHIPS) is not None,
            )
            rows, seat, origin = (
                listing.rows.get(upstream_id, ()),
                listing.seated.get(upstream_id),
                listing.listed.origin,
            )
            make = partial(from_rows, rows, seat, term, origin.fetched_at, people.parties, known)
            if found := row_reading(make, record, origin, ReadingPart.LIST, listing.seq, context, marked=False):
                yield found

    def news(self, upstream_id: str, listing: Listing, context: ReadContext) -> str | None:
        """The mark of a deputy's rows where they differ from the stored ones; else None."""
        mark = listing.mark(upstream_id)
        return mark if context.seen(deputy_record_id(upstream_id), ReadingPart.LIST) != mark else None

    def due(self, listing: Listing, today: date, context: ReadContext) -> list[str]:
        """The deputies to read whole: those whose rows changed or who were not read yet, then those of this day."""
        ids = listing.ids
        first = {one: None for one in ids if _news(one, listing, context)}
        turn = today.toordinal() % REREAD_DAYS
        return [*first, *(one for one in ids if int(one) % REREAD_DAYS == turn and one not in first)]

    async def file(self, people: People, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The deputies of `deputados.csv` whose row changed."""
        seq = context.next_seq()
        async with aclosing(file_rows(self._files, "deputados", people_files.deputies)) as batches:
            async for batch in batches:
                for broken in batch.broken:
                    yield broken
                codes = [deputy_id(bound.row.uri) for bound, _ in batch.rows]
                await context.prefetch([deputy_record_id(code) for code in codes if code], ReadingPart.BULK)
                for code, (bound, origin) in zip(codes, batch.rows, strict=True):
                    if code is None:
                        continue
                    former, key = people.former(code), deputy_record_id(code)
                    make = partial(from_file, bound.row, bound.unknown, origin.fetched_at, former=former)
                    if found := row_reading(make, key, origin, ReadingPart.BULK, seq, context):
                        yield found


_ORDER = {"ordem": "ASC", "ordenarPor": "id"}


def _news(upstream_id: str, listing: Listing, context: ReadContext) -> bool:
    record = deputy_record_id(upstream_id)
    read = (context.seen(record, part) is not None for part in (ReadingPart.DETAIL, ReadingPart.MEMBERSHIPS))
    return context.seen(record, ReadingPart.LIST) != listing.mark(upstream_id) or not all(read)


async def prefetch_deputies(ids: Sequence[str], parts: Sequence[ReadingPart], context: ReadContext) -> None:
    """Loads the marks of these parts of the deputies."""
    records = [deputy_record_id(one) for one in ids]
    for part in parts:
        await context.prefetch(records, part)
