"""Reads senators: who is in office, who was, and the lists of each of them."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from legis.clock import Clock
from legis.domain.brasilia_time import local_day
from legis.domain.records.record import record_id
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import RecordGone, RecordRejected
from legis.ingest.record_readings import read_items
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Item, ReadContext, RecordReading
from legis.telemetry import traces

from ingest_senado.client import record_api as services
from ingest_senado.client.answers import Page, Received
from ingest_senado.client.record_api import RecordApi, Service
from ingest_senado.normalizer import legislators
from ingest_senado.normalizer.marks import record_mark
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.normalizer.organizations import from_committee_name
from ingest_senado.source.organization_walk import OrganizationWalk
from ingest_senado.source.record_items import changed_rows, is_news, reading, whole_rows
from ingest_senado.vocabulary.legislatures import legislature_of
from ingest_senado.wire.json_records import Record
from ingest_senado.wire.people_records import (
    Affiliation,
    CommitteeName,
    CommitteeOffice,
    CommitteeSeat,
    LeadershipRow,
    Leave,
    Mandate,
    SenatorDetail,
    SenatorRow,
)
from ingest_senado.wire.wire_model import WireModel

W = TypeVar("W", bound=WireModel)

_SENATOR = record_id(Source.SENADO, "senator", "")
_PARTS = (ReadingPart.DETAIL, ReadingPart.BULK)
_WHO_SERVED: dict[str, str | int] = {"exercicio": "S"}
"""Leaves out elected substitutes who never held the seat: the Senado numbers them, but they are no senators."""


class PeopleWalk:
    """The walks PEOPLE and PEOPLE_BACKFILL."""

    def __init__(
        self, api: RecordApi, organizations: OrganizationWalk, aside: SetAside, size: int, clock: Clock
    ) -> None:
        self._api = api
        self._organizations = organizations
        self._aside = aside
        self._size = size
        self._clock = clock
        self._listed: frozenset[str] = frozenset()

    async def read(self, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Bodies with members, then everybody in office, and former senators whose row of this legislature changed."""
        async with aclosing(self._organizations.read(context)) as items:
            async for item in items:
                yield item
        seq = context.next_seq()
        here = await self._api.rows(SenatorRow, services.IN_OFFICE)
        away = await self._api.rows(SenatorRow, services.ON_LEAVE)
        for page, in_office in ((here, True), (_without(away, here), False)):
            normalise = partial(legislators.from_row, in_office=in_office)
            async with aclosing(changed_rows(page, ReadingPart.LIST, normalise, context, seq)) as items:
                async for item in items:
                    yield item
        self._listed = frozenset(senator_key(row) for page in (here, away) for row in page.values)
        rows = await self._of_legislature(legislature_of(local_day(self._clock())))
        for misfit in rows.rejected:
            yield misfit
        await context.prefetch(list(rows.marks), ReadingPart.BULK)
        ids = {senator_key(row) for row in here.values}
        ids |= {one for one, mark in rows.marks.items() if context.seen(one, ReadingPart.BULK) != mark}
        async with aclosing(self._senators(sorted(ids), rows.marks, context)) as items:
            async for item in items:
                yield item

    async def read_legislature(self, number: int, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Everybody who held a seat in a legislature and was not read whole before."""
        rows = await self._of_legislature(number)
        for misfit in rows.rejected:
            yield misfit
        await context.prefetch(list(rows.marks), ReadingPart.DETAIL)
        ids = [one for one in rows.marks if context.seen(one, ReadingPart.DETAIL) is None]
        async with aclosing(self._senators(sorted(ids), rows.marks, context)) as items:
            async for item in items:
                yield item

    async def _of_legislature(self, number: int) -> "_Rows":
        """The hashes of a legislature's rows, by senator. A legislature of which upstream has no list has no rows."""
        try:
            page = await self._api.rows(SenatorRow, services.OF_LEGISLATURE, _WHO_SERVED, number=number)
        except RecordGone:
            return _Rows({}, ())
        return _Rows({senator_key(one.value): one.record.sha256 for one in page.rows}, page.rejected)

    async def _senators(self, ids: list[str], rows: dict[str, str], context: ReadContext) -> AsyncGenerator[Item, None]:
        async def read(senator_id: str) -> list[Item]:
            return await self.read_senator(senator_id, context, rows.get(senator_id))

        found = read_items(ids, read, context, self._aside, size=self._size, address=self.address, parts=_PARTS)
        async with aclosing(found) as items:
            async for item in items:
                if not isinstance(item, RecordReading) or is_news(item, context):
                    yield item

    async def read_senator(self, senator_id: str, context: ReadContext, row: str | None = None) -> list[Item]:
        """One senator whole, whatever is stored, and the closed bodies that only this answer names.

        Raises RecordGone where upstream has no such senator. `row` is the hash of the row that led here.
        """
        code = int(senator_id.removeprefix(_SENATOR))
        with traces.tracer("ingest_senado").start_as_current_span(
            "read senator", attributes={"legis.record.id": senator_id}
        ):
            seq = context.next_seq()
            answer = await self._api.one(SenatorDetail, services.SENATOR, senator_id, code=code)
            if answer.received.value.IdentificacaoParlamentar.CodigoParlamentar != code:
                raise RecordRejected(
                    f"asked for senator {code}, got another",
                    raw=answer.received.record.raw,
                    upstream_id=senator_id,
                    source_url=answer.url,
                )
            lists = _Lists(self._api, code)
            found = legislators.SenatorLists(
                mandates=await lists.read(Mandate, services.MANDATES),
                affiliations=await lists.read(Affiliation, services.AFFILIATIONS),
                seats=await lists.read(CommitteeSeat, services.SEATS),
                offices=await lists.read(CommitteeOffice, services.OFFICES),
                leaves=await lists.read(Leave, services.LEAVES),
                leaderships=await lists.read(LeadershipRow, services.LEADERSHIPS),
            )
            sighting = Sighting(answer.fetched_at, answer.received.record.removed)
            camara_id = self._organizations.camara_ids.get(code)
            record = legislators.from_detail(
                answer.received.value, found, sighting, camara_id=camara_id, listed=senator_id in self._listed
            )
            raw = Record(b",".join((answer.received.record.raw, *lists.raw)), None)
            marks = {ReadingPart.BULK: row} if row else {}
            senator = reading(record, ReadingPart.DETAIL, answer, raw, seq, marks)
        bodies = await self._closed_bodies(found, senator, sighting, context)
        return [senator, *lists.rejected, *bodies]

    async def _closed_bodies(
        self, found: legislators.SenatorLists, senator: RecordReading, sighting: Sighting, context: ReadContext
    ) -> list[Item]:
        """Bodies of a senator's seats and offices that the list of bodies at work does not have."""
        rows: Iterable[CommitteeSeat | CommitteeOffice] = (*(found.seats or ()), *(found.offices or ()))
        names: dict[int, CommitteeName] = {
            row.IdentificacaoComissao.CodigoComissao: row.IdentificacaoComissao
            for row in rows
            if row.IdentificacaoComissao.CodigoComissao is not None
        }
        records = [record for body in names.values() if (record := from_committee_name(body, sighting)) is not None]
        for part in (ReadingPart.LIST, ReadingPart.MEMBERSHIPS):
            await context.prefetch([record.id for record in records], part)
        return [
            replace(senator, record=record, part=ReadingPart.MEMBERSHIPS, marks={ReadingPart.MEMBERSHIPS: mark})
            for record in records
            if record.id not in self._organizations.listed
            and context.seen(record.id, ReadingPart.LIST) is None
            and (mark := record_mark(record)) != context.seen(record.id, ReadingPart.MEMBERSHIPS)
        ]

    def address(self, senator_id: str) -> str:
        """The URL of one senator's detail."""
        return self._api.address(services.SENATOR, code=senator_id.removeprefix(_SENATOR))


def senator_key(row: SenatorRow) -> str:
    """Our id of the senator of a row."""
    return f"{_SENATOR}{row.IdentificacaoParlamentar.CodigoParlamentar}"


def _without(page: Page[SenatorRow], others: Page[SenatorRow]) -> Page[SenatorRow]:
    """The page without those who are in another list too."""
    known = {senator_key(row) for row in others.values}
    return replace(page, rows=tuple(one for one in page.rows if senator_key(one.value) not in known))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Hashes of rows by senator, and the rows that do not fit."""

    marks: dict[str, str]
    rejected: tuple[RecordRejected, ...]


class _Lists:
    """Reads the lists of one senator, and keeps their rows and misfits."""

    def __init__(self, api: RecordApi, code: int) -> None:
        self._api = api
        self._code = code
        self.raw: list[bytes] = []
        self.rejected: list[RecordRejected] = []

    async def read(self, model: type[W], service: Service) -> tuple[W, ...] | None:
        """The rows; None where the service has no answer on this senator, or where a row does not fit."""
        params: dict[str, str | int] = {"codigoParlamentar": self._code} if service is services.LEADERSHIPS else {}
        try:
            page = await self._api.rows(model, service, params, f"{_SENATOR}{self._code}", code=self._code)
        except RecordGone:
            return None
        found: list[Received[W]] = list(page.rows)
        self.raw += [one.record.raw for one in found]
        self.rejected += page.rejected
        rows = whole_rows(page)
        return None if rows is None else tuple(rows)
