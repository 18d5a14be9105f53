"""Reads bodies (órgãos), their members, the board, the leaders and the blocs of a legislature."""

from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from legis.clock import Clock
from legis.domain.brasilia_time import local_day
from legis.domain.records.record import record_id
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import RecordGone, RecordRejected, UpstreamUnavailable
from legis.ingest.source import Item, ReadContext
from legis.telemetry.logs import get_logger

from ingest_camara.client.people_api import Origin, PeopleApi
from ingest_camara.client.yearly_files import CamaraFiles
from ingest_camara.normalizer.addresses import body_id
from ingest_camara.normalizer.organizations import from_bloc, from_body, from_list, members_of
from ingest_camara.normalizer.people.leaderships import BOARD, board_of
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.source.people.people_directory import People
from ingest_camara.source.people.unstored_readings import changed, row_reading
from ingest_camara.source.people.whole_files import file_rows
from ingest_camara.wire import people_files
from ingest_camara.wire.organization_records import Bloc, BodyDetail, BodyRow
from ingest_camara.wire.people_files import BodyFileLayout, FileSeat
from ingest_camara.wire.people_records import BoardSeat, PartyRow

log = get_logger(__name__)


def body_record_id(upstream_id: str) -> str:
    """Our id of a body or, as `bloc-…`, of a bloc."""
    return record_id(Source.CAMARA, "org", upstream_id)


@dataclass(frozen=True, slots=True)
class _Seats:
    by_body: dict[str, list[FileSeat]]
    broken: list[RecordRejected]
    origin: Origin


class BodyLists:
    """Reads lists about bodies. Each method raises the errors of its request."""

    def __init__(self, api: PeopleApi, files: CamaraFiles, clock: Clock) -> None:
        self._api = api
        self._files = files
        self._clock = clock
        self._active: tuple[str, ...] = ()
        self._in_file: set[str] = set()

    async def file(self, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The bodies of `orgaos.csv` whose row changed."""
        seq = context.next_seq()
        async with aclosing(file_rows(self._files, "orgaos", BodyFileLayout)) as batches:
            async for batch in batches:
                for broken in batch.broken:
                    yield broken
                await context.prefetch([body_record_id(row.id) for row, _ in batch.rows], ReadingPart.BULK)
                for row, origin in batch.rows:
                    self._in_file.add(row.id)
                    make, key = partial(from_body, row, origin.fetched_at), body_record_id(row.id)
                    if found := row_reading(make, key, origin, ReadingPart.BULK, seq, context):
                        yield found

    async def active(self, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The bodies that are active today, by the list; the detail of those that no row of the file showed yet."""
        seq, today = context.next_seq(), local_day(self._clock()).isoformat()
        params = {"dataInicio": today, "dataFim": today, "ordem": "ASC", "ordenarPor": "id"}
        listed = await self._api.rows("/orgaos", BodyRow, params)
        for broken in listed.broken:
            yield broken
        self._active = tuple(row.id for row in listed.rows)
        ids = [body_record_id(row.id) for row in listed.rows]
        for part in (ReadingPart.LIST, ReadingPart.BULK, ReadingPart.DETAIL):
            await context.prefetch(ids, part)
        for row in listed.rows:
            make, key = partial(from_list, row, listed.origin.fetched_at), body_record_id(row.id)
            if found := row_reading(make, key, listed.origin, ReadingPart.LIST, seq, context):
                yield found
            read = (context.seen(key, part) for part in (ReadingPart.BULK, ReadingPart.DETAIL))
            if row.id not in self._in_file and not any(read):
                for item in await self._new(row.id, context):
                    yield item

    async def detail(self, upstream_id: str, context: ReadContext) -> list[Item]:
        """The detail of one body, where it differs from what is stored. The marks of DETAIL must be loaded."""
        seq = context.next_seq()
        found = await self._api.one(f"/orgaos/{upstream_id}", BodyDetail, body_record_id(upstream_id))
        body = from_body(found.record, found.origin.fetched_at)
        reading = changed(body, found.origin, ReadingPart.DETAIL, seq, context)
        return [reading] if reading else []

    async def _new(self, upstream_id: str, context: ReadContext) -> list[Item]:
        """The detail of a body that the list names; nothing where upstream answers 404, or a body that does not fit."""
        try:
            return await self.detail(upstream_id, context)
        except RecordGone:
            log.warning("body listed but gone", upstream_id=upstream_id)
            return []
        except RecordRejected as broken:
            return [broken]

    async def seats(
        self, term: Legislature, people: People, context: ReadContext, *, marked: bool
    ) -> AsyncGenerator[Item, None]:
        """The members of each body in a legislature, from `orgaosDeputados-L{n}.csv`; raises RecordGone without it.

        With `marked`, only bodies whose members changed. An active body that had members and is in the file no more
        has none.
        """
        seq = context.next_seq()
        file = await self._seat_rows(term)
        for broken in file.broken:
            yield broken
        if marked:
            await self._add_emptied(file.by_body, context)
        for code, seats in sorted(file.by_body.items()):
            make = partial(members_of, code, seats, people.names, term.number, file.origin.fetched_at)
            key, part = body_record_id(code), ReadingPart.MEMBERS
            if found := row_reading(make, key, file.origin, part, seq, context, marked=marked):
                yield found

    async def _seat_rows(self, term: Legislature) -> _Seats:
        """All seats of a legislature by body: some 13,000 rows, 5 MB."""
        by_body: defaultdict[str, list[FileSeat]] = defaultdict(list)
        broken: list[RecordRejected] = []
        origin: Origin | None = None
        rows = file_rows(self._files, "orgaosDeputados", people_files.seats, f"L{term.number}")
        async with aclosing(rows) as batches:
            async for batch in batches:
                broken += batch.broken
                for bound, found_in in batch.rows:
                    origin = found_in
                    if code := body_id(bound.row.uriOrgao):
                        by_body[code].append(bound.row)
        if origin is None:
            raise UpstreamUnavailable(f"no row in orgaosDeputados-L{term.number}.csv")
        return _Seats(dict(by_body), broken, origin)

    async def _add_emptied(self, by_body: dict[str, list[FileSeat]], context: ReadContext) -> None:
        await context.prefetch([body_record_id(one) for one in (*by_body, *self._active)], ReadingPart.MEMBERS)
        for code in self._active:
            if context.seen(body_record_id(code), ReadingPart.MEMBERS) is not None:
                by_body.setdefault(code, [])

    async def board(self, term: Legislature, context: ReadContext, *, marked: bool) -> AsyncGenerator[Item, None]:
        """The board of a legislature. A broken row leaves the board as it is stored; an empty list claims nothing."""
        seq = context.next_seq()
        listed = await self._api.rows(f"/legislaturas/{term.number}/mesa", BoardSeat, paged=False)
        for broken in listed.broken:
            yield broken
        if listed.broken or not listed.rows:
            return
        make, key = partial(board_of, listed.rows, term, listed.origin.fetched_at), body_record_id(BOARD)
        await context.prefetch([key], ReadingPart.MEMBERSHIPS)
        if found := row_reading(make, key, listed.origin, ReadingPart.MEMBERSHIPS, seq, context, marked=marked):
            yield found

    async def blocs(self, term: Legislature, context: ReadContext, *, current: bool) -> AsyncGenerator[Item, None]:
        """The blocs and federations of a legislature with their parties. None outlives its legislature."""
        seq = context.next_seq()
        listed = await self._api.rows("/blocos", Bloc, {"idLegislatura": term.number})
        now = await self._api.rows("/blocos", Bloc) if current else None
        for broken in (*listed.broken, *(now.broken if now else ())):
            yield broken
        active = {bloc.id for bloc in now.rows} if now else set()
        blocs = {bloc.id: bloc for bloc in (*listed.rows, *(now.rows if now else ()))}
        await context.prefetch([body_record_id(f"bloc-{one}") for one in blocs], ReadingPart.LIST)
        for bloc in blocs.values():
            parties = await self._parties(bloc, None if bloc.id in active else term)
            works = None if current and not active else bloc.id in active
            make = partial(from_bloc, bloc, parties, listed.origin.fetched_at, active=works)
            key = body_record_id(f"bloc-{bloc.id}")
            if found := row_reading(make, key, listed.origin, ReadingPart.LIST, seq, context):
                yield found

    async def _parties(self, bloc: Bloc, term: Legislature | None) -> tuple[PartyRow, ...] | None:
        """The parties of a bloc now, or on the last day of a legislature; None where upstream answers 404."""
        params = {"data": f"{term.last.isoformat()}T00:00"} if term else {}
        try:
            listed = await self._api.rows(f"/blocos/{bloc.id}/partidos", PartyRow, params, paged=False)
        except RecordGone:
            return None
        return None if listed.broken else listed.rows
