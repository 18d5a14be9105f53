"""Reads committees, boards and blocs with their members."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from legis.domain.records.record import record_id
from legis.domain.vocabulary import ReadingPart, Source
from legis.errors import RecordGone
from legis.ingest.record_readings import read_items
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Item, ReadContext, RecordReading

from ingest_senado.client import record_api as services
from ingest_senado.client.record_api import RecordApi
from ingest_senado.normalizer import organizations
from ingest_senado.normalizer.memberships import body_id
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.source.record_items import changed_rows, is_news, joined, reading, whole_rows
from ingest_senado.vocabulary.bodies import VOTING, classification
from ingest_senado.wire.organization_records import BlocDetail, BlocRow, BodyDetail, BodyRow, SeatRow

_BLOC = record_id(Source.SENADO, "org", "bloc-")
_BODY = record_id(Source.SENADO, "org", "")
_BOARDS = {2015: services.BOARD_SF, 1616: services.BOARD_CN}
"""The services of the boards of the Senado and of the Congress, by the code of the body."""

_PARTS = (ReadingPart.DETAIL, ReadingPart.MEMBERS)


class OrganizationWalk:
    """Reads the bodies at work. Closed ones are in no list: the walk of people meets them.

    `listed` are the ids of the bodies at work and `camara_ids` the Câmara's ids of members, as met since the start.
    """

    def __init__(self, api: RecordApi, aside: SetAside, size: int) -> None:
        self._api = api
        self._aside = aside
        self._size = size
        self.listed: frozenset[str] = frozenset()
        self.camara_ids: dict[int, int] = {}

    async def committees(self) -> list[BodyRow]:
        """Committees of the Senado and of the Congress at work whose votings are published."""
        page = await self._api.rows(BodyRow, services.BODIES)
        return [row for row in page.values if _is_committee(row)]

    async def read(self, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The rows of both lists, then members of boards, blocs and committees, where they are not stored as they are.

        The Câmara's bodies are left out: its own register has them.
        """
        seq = context.next_seq()
        bodies = await self._api.rows(BodyRow, services.BODIES)
        blocs = await self._api.rows(BlocRow, services.BLOCS)
        self.listed = frozenset(filter(None, (body_id(row.Codigo) for row in bodies.values)))
        rows = changed_rows(
            bodies,
            ReadingPart.LIST,
            lambda row, sighting: None if row.SiglaCasa == "CD" else organizations.from_body_row(row, sighting),
            context,
            seq,
        )
        async with aclosing(rows) as items:
            async for item in items:
                yield item
        async with aclosing(changed_rows(blocs, ReadingPart.LIST, organizations.from_bloc_row, context, seq)) as items:
            async for item in items:
                yield item
        codes = [str(row.Codigo) for row in bodies.values if _is_committee(row) and row.Codigo not in _BOARDS]
        ids = [_BODY + code for code in (*map(str, _BOARDS), *codes)] + [
            f"{_BLOC}{row.CodigoBloco}" for row in blocs.values
        ]
        async with aclosing(self._members(ids, context)) as items:
            async for item in items:
                yield item

    async def _members(self, ids: list[str], context: ReadContext) -> AsyncGenerator[Item, None]:
        async def read(organization_id: str) -> list[Item]:
            return await self.read_members(organization_id, context)

        found = read_items(ids, read, context, self._aside, size=self._size, address=self.address, parts=_PARTS)
        async with aclosing(found) as items:
            async for item in items:
                if not isinstance(item, RecordReading) or is_news(item, context):
                    yield item

    async def read_members(self, organization_id: str, context: ReadContext) -> list[Item]:
        """All members of one body, whatever is stored of them. Raises RecordGone where upstream has no such body."""
        seq = context.next_seq()
        if organization_id.startswith(_BLOC):
            bloc = await self._api.one(
                BlocDetail, services.BLOC, organization_id, code=organization_id.removeprefix(_BLOC)
            )
            self.camara_ids |= organizations.camara_ids((), (bloc.received.value,))
            found = organizations.from_bloc_detail(bloc.received.value, Sighting(bloc.fetched_at))
            return [reading(found, ReadingPart.MEMBERS, bloc, bloc.received.record, seq)]
        code = int(organization_id.removeprefix(_BODY))
        service = _BOARDS.get(code, services.BODY)
        body = await self._api.one(BodyDetail, service, organization_id, code=code)
        self.camara_ids |= organizations.camara_ids((body.received.value,), ())
        make = organizations.from_board if code in _BOARDS else organizations.from_detail
        record = make(body.received.value, Sighting(body.fetched_at))
        items: list[Item] = [reading(record, ReadingPart.DETAIL, body, body.received.record, seq)]
        return items if code in _BOARDS else [*items, *await self._seats(code, seq)]

    async def _seats(self, code: int, seq: int) -> list[Item]:
        """The seats with their days, which only committees of the Senado have."""
        try:
            page = await self._api.rows(SeatRow, services.BODY_SEATS, None, f"{_BODY}{code}", code=code)
        except RecordGone:
            return []
        seats = whole_rows(page)
        if seats is None:
            return list(page.rejected)
        found = organizations.from_seats(code, seats, Sighting(page.fetched_at))
        return [reading(found, ReadingPart.MEMBERS, page, joined(page), seq)]

    def address(self, organization_id: str) -> str:
        """The URL of one body."""
        if organization_id.startswith(_BLOC):
            return self._api.address(services.BLOC, code=organization_id.removeprefix(_BLOC))
        code = int(organization_id.removeprefix(_BODY))
        return self._api.address(_BOARDS.get(code, services.BODY), code=code)


def _is_committee(row: BodyRow) -> bool:
    return row.SiglaCasa in ("SF", "CN") and classification(row.DescricaoTipoColegiado, row.SiglaCasa) in VOTING
