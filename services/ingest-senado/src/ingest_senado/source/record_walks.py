"""All walks of records that are not bills, and the reading of one of these records by its id."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

from legis.clock import Clock
from legis.domain.records.record import RecordKind
from legis.domain.vocabulary import Source
from legis.events import Walk
from legis.ingest.record_readings import read_alone
from legis.ingest.set_aside import SetAside
from legis.ingest.source import Absence, Item, ReadContext, RecordAbsence, Window

from ingest_senado.client.api import SenadoApi
from ingest_senado.client.record_api import RecordApi
from ingest_senado.source.agenda_walk import AgendaWalk
from ingest_senado.source.organization_walk import OrganizationWalk
from ingest_senado.source.people_walk import PeopleWalk
from ingest_senado.source.process_ids import ProcessIds
from ingest_senado.source.votings_walk import VotingsWalk

RECORD_PREFIX = f"{Source.SENADO.value}-"
"""Beginning of the id of every record that is no bill; a bill is asked for by the number of its process."""

Reader = Callable[[str, ReadContext], Awaitable[Sequence[Item]]]


class RecordWalks:
    """Reads people, votings and agendas."""

    def __init__(
        self, senado: SenadoApi, base_url: str, size: int, clock: Clock, keep_off: Callable[[], Awaitable[None]]
    ) -> None:
        api = RecordApi(senado.upstream, base_url, keep_off)
        self._clock = clock
        self._aside = aside = SetAside()
        self._organizations = OrganizationWalk(api, aside, size)
        self._people = PeopleWalk(api, self._organizations, aside, size, clock)
        self._votings = VotingsWalk(senado, api, self._organizations, aside, size, clock)
        self._agenda = AgendaWalk(api, ProcessIds(senado), aside, clock)

    def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Every record of the window that may be new."""
        match window.walk:
            case Walk.PEOPLE:
                return self._people.read(context)
            case Walk.PEOPLE_BACKFILL:
                return self._people.read_legislature(int(window.detail["legislature"]), context)
            case Walk.VOTINGS | Walk.VOTINGS_BACKFILL:
                return self._votings.read(window, context)
        return self._agenda.read(window, context)

    async def read_one(self, record_id: str, context: ReadContext) -> Sequence[Item] | None:
        """The senator, body or meeting read whole; RecordAbsence where the source has none; None for other ids."""
        kinds: tuple[tuple[str, RecordKind, Reader, Callable[[str], str]], ...] = (
            ("senator-", RecordKind.LEGISLATOR, self._people.read_senator, self._people.address),
            ("org-", RecordKind.ORGANIZATION, self._organizations.read_members, self._organizations.address),
            ("meeting-", RecordKind.EVENT, self._agenda.read_meeting, self._agenda.address),
        )
        for word, kind, read, address in kinds:
            code = record_id.removeprefix(RECORD_PREFIX + word)
            number = code.removeprefix("bloc-") if word == "org-" else code
            if code != record_id and number.isascii() and number.isdigit():
                return await self._read(record_id, kind, read, address(record_id), context)
        return None

    async def _read(
        self, record_id: str, kind: RecordKind, read: Reader, url: str, context: ReadContext
    ) -> Sequence[Item]:
        items = await read_alone(
            record_id, lambda: read(record_id, context), context, self._aside, url=url, clock=self._clock
        )
        return [
            RecordAbsence(kind, record_id, item.url, item.fetched_at, item.read_seq)
            if isinstance(item, Absence)
            else item
            for item in items
        ]
