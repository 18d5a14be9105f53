"""Reads the Senado through its deprecated `/materia` services: the fallback should `/processo` fail, off by default."""

from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import TypeVar

from legis.clock import Clock, utc_now
from legis.domain.bill import Provenance
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import LegisError, PermanentError, RecordGone, RecordRejected, UpstreamRequestRefused
from legis.events import Walk
from legis.ingest.source import Item, ReadContext, Reading, WalkPlan, Window
from legis.ingest.years.years_left import YearsLeft, read_years_left
from legis.telemetry import traces
from legis.upstream import UpstreamClient
from pydantic import ValidationError

from ingest_senado import budget
from ingest_senado.client.answers import Page, Received
from ingest_senado.client.upstream_policy import policy
from ingest_senado.legacy.legacy_api import LegacyApi
from ingest_senado.legacy.legacy_bill import bill_key, from_flat_row, from_materia, from_updated_row
from ingest_senado.legacy.legacy_bill_records import FlatRow, Identification, MateriaDetail
from ingest_senado.legacy.legacy_history_records import UpdatedRow
from ingest_senado.normalizer.marks import mark_of
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.settings import SenadoSettings
from ingest_senado.source import backfill_walk
from ingest_senado.source.details import Details
from ingest_senado.source.listing import Listed, rejected
from ingest_senado.source.record_windows import RECORD_WALKS
from ingest_senado.source.row_comparison import compare
from ingest_senado.source.schedule import Schedule
from ingest_senado.wire.json_records import Record

T = TypeVar("T")

PARSER_VERSION = "senado-materia-2"
PREFETCH = 500

_NOT_READ = RECORD_WALKS | {Walk.VOTES}
"""Walks that this fallback leaves out: votings come with the details, people and agendas from other services."""


class LegacySenadoSource:
    """Implements `legis.ingest.source.SourceAdapter` for `/materia`.

    Votings come with the details, so this source has no walk for them.
    """

    name = Source.SENADO

    def __init__(
        self,
        settings: SenadoSettings,
        upstream: UpstreamClient | None = None,
        schedule: Schedule | None = None,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self.upstream = upstream or UpstreamClient(policy(settings))
        self._client = LegacyApi(self.upstream, settings.senado_base_url)
        self._settings = settings
        self._schedule = schedule or Schedule.of(settings)
        self._clock = clock
        self._details = Details(settings.senado_max_in_flight * 4)
        self._left = YearsLeft()
        self._process_ids: dict[int, int] = {}

    def plans(self) -> tuple[WalkPlan, ...]:
        """Every walk with its period and its requests per turn, most urgent first."""
        plans = budget.plans(self._settings, local_day(self._clock()).year)
        return tuple(plan for plan in plans if plan.walk not in _NOT_READ)

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        """The window that is due for a walk, or None; the timetable is that of the new services."""
        return None if walk in _NOT_READ else self._schedule.next_window(walk, position, now)

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The list of a year and its details, or the details of bills updated lately."""
        if window.walk is Walk.BACKFILL:
            step = backfill_walk.step_of(window)
            found = self._whole_year(backfill_walk.year_of(window), context, () if step is None else (step,))
        elif window.walk is Walk.YEARS:
            steps = backfill_walk.STEPS if self._settings.senado_detail_on_backfill else ()
            found = read_years_left(context, lambda year: self._whole_year(year, context, steps))
        else:
            found = self._changes(int(window.detail["days"]), context)
        async with aclosing(found) as items:
            async for item in items:
                yield item

    async def _whole_year(
        self, year: int, context: ReadContext, steps: Sequence[backfill_walk.Step]
    ) -> AsyncGenerator[Item, None]:
        """The list of a year, and the details that these steps of a backfill read."""
        rows: list[Listed] = []
        async with aclosing(self._year(year, context, rows)) as items:
            async for item in items:
                yield item
        chosen = [row for step in steps for row in backfill_walk.of_step(step, rows)]
        if chosen:
            async with aclosing(self._read_details(chosen, context, listed_already=True)) as items:
                async for item in items:
                    yield item

    async def _changes(self, days: int, context: ReadContext) -> AsyncGenerator[Item, None]:
        rows: list[Listed] = []
        async with aclosing(self._changed(days, context, rows)) as items:
            async for item in items:
                yield item
        async with aclosing(self._read_details(rows, context, listed_already=False)) as items:
            async for item in items:
                yield item

    def _read_details(
        self, rows: list[Listed], context: ReadContext, *, listed_already: bool
    ) -> AsyncGenerator[Item, None]:
        async def read(row: Listed) -> list[Item]:
            await self._schedule.sleep_over_round_hour(self._clock)
            return await self._whole(row, context)

        return self._details.read(rows, read, context, listed_already=listed_already)

    async def read_one(self, upstream_id: str, context: ReadContext) -> Sequence[Item]:
        """Always raises PermanentError: these services identify a bill by another number than the stored process id."""
        raise PermanentError(f"the materia services cannot be asked for process {upstream_id}")

    async def close(self) -> None:
        """Closes connections."""
        await self._client.close()

    async def _year(self, year: int, context: ReadContext, wanting: list[Listed]) -> AsyncGenerator[Item, None]:
        seq = context.next_seq()
        try:
            page = await self._client.year(year)
        except LegisError as error:
            yield self._left.given_up(year, error, seq)
            return
        self._left.read(year)
        for misfit in page.rejected:
            yield misfit
        found = [self._listed_row(page, item, seq) for item in page.rows]
        for misfit in (row for row in found if isinstance(row, RecordRejected)):
            yield misfit
        rows = [row for row in found if isinstance(row, Listed)]
        for start in range(0, len(rows), PREFETCH):
            chunk = rows[start : start + PREFETCH]
            for part in (ReadingPart.LIST, ReadingPart.DETAIL):
                await context.prefetch([row.id for row in chunk], part)
            for row in chunk:
                how = compare(row, context)
                if how.moved:
                    yield row.reading(None)
                if how.wants_detail:
                    wanting.append(row)

    async def _changed(self, days: int, context: ReadContext, wanting: list[Listed]) -> AsyncGenerator[Item, None]:
        seq = context.next_seq()
        page = await self._client.changed(days)
        for misfit in page.rejected:
            yield misfit
        for item in page.rows:
            try:
                result = await self._updated_row(page, item, seq)
            except (RecordGone, UpstreamRequestRefused) as error:  # refused by the list from which its id would be read
                known = item.value.IdentificacaoMateria
                key = bill_key(known.IdentificacaoProcesso, known.CodigoMateria)
                result = rejected(error, item.record, key, page.url)
            if isinstance(result, RecordRejected):
                yield result
                continue
            await context.prefetch([result.id], ReadingPart.DETAIL)
            if compare(result, context).wants_detail:
                wanting.append(result)

    def _listed_row(
        self, page: Page[FlatRow] | Page[MateriaDetail], item: Received[FlatRow] | Received[MateriaDetail], seq: int
    ) -> Listed | RecordRejected:
        sighting = Sighting(page.fetched_at, item.record.removed)
        try:
            if isinstance(item.value, FlatRow):
                if item.value.IdentificacaoProcesso is not None:
                    self._process_ids[item.value.Codigo] = item.value.IdentificacaoProcesso
                bill = from_flat_row(item.value, sighting)
            else:
                identification = item.value.IdentificacaoMateria
                key = bill_key(identification.IdentificacaoProcesso, identification.CodigoMateria)
                bill = from_materia(item.value, key, sighting)
        except (ValidationError, ValueError) as error:
            return rejected(error, item.record, None, page.url)
        provenance = _provenance(page, item.record)
        return Listed(bill, mark_of(bill), provenance, seq)

    async def _updated_row(
        self, page: Page[UpdatedRow], item: Received[UpdatedRow], seq: int
    ) -> Listed | RecordRejected:
        key = await self._key(item.value.IdentificacaoMateria)
        try:
            bill = from_updated_row(item.value, key, Sighting(page.fetched_at, item.record.removed))
        except (ValidationError, ValueError) as error:
            return rejected(error, item.record, key, page.url)
        return Listed(bill, mark_of(bill), _provenance(page, item.record), seq)

    async def _key(self, item: Identification) -> str:
        """The process id, requested by label where neither this response nor an earlier one has it."""
        code = item.CodigoMateria
        known = item.IdentificacaoProcesso or self._process_ids.get(code)
        if known is None and item.NumeroMateria and item.AnoMateria:
            found = await self._client.find(item.SiglaSubtipoMateria, item.NumeroMateria, item.AnoMateria)
            for row in found.values:
                if isinstance(row, FlatRow) and row.IdentificacaoProcesso is not None:
                    self._process_ids[row.Codigo] = row.IdentificacaoProcesso
            known = self._process_ids.get(code)
        return bill_key(known, code)

    async def _whole(self, row: Listed, context: ReadContext) -> list[Item]:
        code = row.bill.legacy_id or ""
        client = self._client
        with traces.tracer("ingest_senado").start_as_current_span(
            "read bill", attributes={"legis.bill.id": row.bill.id}
        ):
            seq = context.next_seq()
            answer = await client.detail(code)
            record = answer.received.record
            try:
                bill = from_materia(
                    answer.received.value,
                    row.id,
                    Sighting(answer.fetched_at, record.removed),
                    movements=await _if_there(client.movements(code)),
                    relators=await _if_there(client.rapporteurs(code)),
                    texts=await _if_there(client.texts(code)),
                    votings=await _if_there(client.votings(code)),
                )
            except (ValidationError, ValueError) as error:
                raise rejected(error, record, row.id, answer.url) from error
            provenance = Provenance(
                url=answer.url,
                fetched_at=answer.fetched_at,
                payload_sha256=record.sha256,
                parser_version=PARSER_VERSION,
            )
            marks = {ReadingPart.DETAIL: mark_of(bill, row.bill.upstream_updated_at), ReadingPart.LIST: row.mark}
            return [Reading(bill, provenance, ReadingPart.DETAIL, seq, marks, traces.current_traceparent())]


async def _if_there(asked: Awaitable[T]) -> T | None:
    """The response of a sibling service, or None where it has nothing on this bill.

    Upstream switches these services off one by one.
    """
    try:
        return await asked
    except RecordGone:
        return None


def _provenance(page: Page[FlatRow] | Page[MateriaDetail] | Page[UpdatedRow], record: Record) -> Provenance:
    return Provenance(
        url=page.url, fetched_at=page.fetched_at, payload_sha256=record.sha256, parser_version=PARSER_VERSION
    )
