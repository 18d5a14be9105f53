"""Reads the seats of every deputy of a legislature whose file of seats is missing."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordRejected
from legis.ingest.record_readings import read_each
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Item, ReadContext

from ingest_camara.client.people_api import PeopleApi
from ingest_camara.normalizer.people.deputy_seats import seats_of
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.source.people.deputy_lists import DeputyLists
from ingest_camara.source.people.deputy_reader import deputy_record_id
from ingest_camara.source.people.unstored_readings import make_reading
from ingest_camara.wire.people_records import BodySeat


class SeatReader:
    """Reads `/deputados/{id}/orgaos`, `size` deputies at once."""

    def __init__(self, api: PeopleApi, deputies: DeputyLists, size: int) -> None:
        self._api = api
        self._deputies = deputies
        self._size = size
        self._aside = SetAside()

    async def read(self, term: Legislature, context: ReadContext) -> AsyncGenerator[Item, None]:
        """The deputies of the legislature with their seats in it."""
        listing = await self._deputies.listing(term.number, context, seated=False)

        async def read(record: str) -> Item | None:
            return await self._of(record.rpartition("-")[2], term, context)

        ids = [deputy_record_id(one) for one in listing.ids]
        readings = read_each(ids, read, context, self._aside, size=self._size, address=self._address)
        async with aclosing(readings) as results:
            async for _, found in results:
                if found is not None:
                    yield found

    async def _of(self, upstream_id: str, term: Legislature, context: ReadContext) -> Item | None:
        """The deputy with the seats; None for an empty list, which is upstream's answer for former deputies too."""
        seq = context.next_seq()
        days = {"dataInicio": term.first.isoformat(), "dataFim": term.last.isoformat()}
        listed = await self._api.rows(f"/deputados/{upstream_id}/orgaos", BodySeat, days)
        if listed.broken:
            first = listed.broken[0]
            our_id = deputy_record_id(upstream_id)
            raise RecordRejected(str(first), raw=first.raw, upstream_id=our_id, source_url=first.source_url)
        if not listed.rows:
            return None
        deputy = seats_of(upstream_id, listed.rows, term, listed.origin.fetched_at)
        return make_reading(deputy, listed.origin, ReadingPart.MEMBERS, seq, {})

    def _address(self, record: str) -> str:
        return self._api.address(f"/deputados/{record.rpartition('-')[2]}/orgaos")
