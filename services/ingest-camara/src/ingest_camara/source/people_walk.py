"""Reads legislators and organizations: the walks PEOPLE and PEOPLE_BACKFILL.

A window is a row of lists. Each list that fails costs only itself: the others are read, then the window fails and is
read again; a list that fails in three windows is set aside.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing

from legis.clock import Clock
from legis.domain.brasilia_time import local_day
from legis.domain.records.record import RecordKind
from legis.domain.vocabulary import ReadingPart
from legis.errors import PermanentError, RecordGone, RecordRejected, RecordSetAside
from legis.events import Walk
from legis.ingest.record_readings import read_alone, read_items
from legis.ingest.set_aside import SetAside, WindowFailures
from legis.ingest.source import Absence, Item, ReadContext, RecordAbsence, Window
from legis.telemetry.logs import get_logger
from legis.upstream import UpstreamClient

from ingest_camara.client.people_api import PeopleApi
from ingest_camara.client.yearly_files import CamaraFiles
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.settings import CamaraSettings
from ingest_camara.source.people.body_lists import BodyLists
from ingest_camara.source.people.deputy_lists import DeputyLists, Listing, prefetch_deputies
from ingest_camara.source.people.deputy_reader import PARTS, DeputyReader, deputy_record_id
from ingest_camara.source.people.leader_lists import LeaderLists
from ingest_camara.source.people.people_backfill import HISTORIES
from ingest_camara.source.people.people_directory import People, PeopleDirectory
from ingest_camara.source.people.seat_reader import SeatReader
from ingest_camara.source.read_all_context import ReadAllContext

log = get_logger(__name__)

PEOPLE_IDS = ("camara-deputy-", "camara-org-")
"""Beginnings of our ids of the records that this walk reads."""

MOST_READ_WHOLE = 800
"""Largest number of deputies that one window reads whole; a legislature has some 650 with all substitutes."""

Items = AsyncGenerator[Item, None]
Lists = Sequence[tuple[str, Callable[[], Items]]]


class PeopleWalk:
    """Both walks, and single records asked for by our id. Made and used in one event loop."""

    def __init__(self, upstream: UpstreamClient, settings: CamaraSettings, clock: Clock) -> None:
        api = PeopleApi(upstream, settings.camara_base_url)
        files = CamaraFiles(upstream, settings.camara_files_url)
        self._directory = PeopleDirectory(api, files, clock)
        self._deputies = DeputyLists(api, files)
        self._reader = DeputyReader(api)
        self._bodies = BodyLists(api, files, clock)
        self._leaders = LeaderLists(api)
        self._seats = SeatReader(api, self._deputies, settings.camara_max_in_flight)
        self._api = api
        self._size = settings.camara_max_in_flight
        self._clock = clock
        self._aside = SetAside()

    async def read(self, window: Window, context: ReadContext) -> Items:
        """Every record of the window that may be new."""
        people = await self._directory.get()
        async with aclosing(self._each(self._lists(window, people, context))) as items:
            async for item in items:
                yield item

    async def read_one(self, record: str, context: ReadContext) -> Sequence[Item]:
        """The deputy or body with our id, read whole, as if nothing of it were stored."""
        upstream_id, unread = record.rpartition("-")[2], ReadAllContext(context)
        if not (upstream_id.isascii() and upstream_id.isdigit()):
            raise PermanentError(f"no id of a deputy or body of the Câmara: {record!r}")
        deputy = record == deputy_record_id(upstream_id)

        async def read() -> Sequence[Item]:
            if deputy:
                return await self._reader.read(upstream_id, await self._directory.get(), unread, {})
            return await self._bodies.detail(upstream_id, unread)

        url = self._reader.address(record) if deputy else self._api.address(f"/orgaos/{upstream_id}")
        items = await read_alone(record, read, context, self._aside, url=url, clock=self._clock)
        kind = RecordKind.LEGISLATOR if deputy else RecordKind.ORGANIZATION
        return [_record_absence(item, kind) for item in items]

    def _lists(self, window: Window, people: People, context: ReadContext) -> Lists:
        if window.walk is Walk.PEOPLE:
            return self._today(people, context)
        year = int(window.detail["year"])
        terms = [one for one in people.legislatures if one.first.year == year and one.number != people.current.number]
        if window.detail["step"] == HISTORIES:
            return [named for one in terms for named in self._histories_of(one, people, context)]
        return [named for one in terms for named in self._of_term(one, people, context)]

    def _today(self, people: People, context: ReadContext) -> Lists:
        """The current legislature, and the files of all bodies and deputies."""
        term, known = people.current, list(people.names)
        return (
            (f"deputies-{term.number}", lambda: self._current(people, context)),
            ("deputies-file", lambda: self._deputies.file(people, context)),
            ("bodies-file", lambda: self._bodies.file(context)),
            ("bodies-active", lambda: self._bodies.active(context)),
            (f"seats-{term.number}", lambda: self._seats_of(term, people, context, marked=True)),
            (f"board-{term.number}", lambda: self._bodies.board(term, context, marked=True)),
            (f"leaders-{term.number}", lambda: self._leaders.read(term, people, context, known, marked=True)),
            (f"blocs-{term.number}", lambda: self._bodies.blocs(term, context, current=True)),
        )

    def _of_term(self, term: Legislature, people: People, context: ReadContext) -> Lists:
        """A legislature that is over."""
        return (
            (f"deputies-{term.number}", lambda: self._former(term, people, context)),
            (f"seats-{term.number}", lambda: self._seats_of(term, people, context, marked=False)),
            (f"board-{term.number}", lambda: self._bodies.board(term, context, marked=False)),
            (f"leaders-{term.number}", lambda: self._leaders.read(term, people, context, marked=False)),
            (f"blocs-{term.number}", lambda: self._bodies.blocs(term, context, current=False)),
        )

    def _histories_of(self, term: Legislature, people: People, context: ReadContext) -> Lists:
        return ((f"histories-{term.number}", lambda: self._histories(term, people, context)),)

    async def _current(self, people: People, context: ReadContext) -> Items:
        """The rows of the current legislature, then whole the deputies that these rows or the day demand."""
        listing = await self._deputies.listing(people.current.number, context, seated=True)
        await prefetch_deputies(listing.ids, (ReadingPart.LIST, *PARTS), context)
        async for item in self._deputies.rows(listing, people.current, people, context, marked=True):
            yield item
        due = self._deputies.due(listing, local_day(self._clock()), context)[:MOST_READ_WHOLE]
        async for item in self._whole(due, listing, people, context):
            yield item

    async def _whole(self, ids: Sequence[str], listing: Listing, people: People, context: ReadContext) -> Items:
        marks = {one: mark for one in ids if (mark := self._deputies.news(one, listing, context)) is not None}

        async def read(record: str) -> list[Item]:
            return await self._reader.read(record.rpartition("-")[2], people, context, marks)

        async for item in self._records(ids, read, context):
            yield item

    async def _histories(self, term: Legislature, people: People, context: ReadContext) -> Items:
        """The histories of deputies whose last legislature this is."""

        async def read(record: str) -> Sequence[Item]:
            return await self._reader.history(record.rpartition("-")[2], people, context, former=True)

        ids = [one for one, number in people.last_terms.items() if number == term.number]
        async for item in self._records(ids, read, context):
            yield item

    async def _records(
        self, ids: Sequence[str], read: Callable[[str], Awaitable[Sequence[Item]]], context: ReadContext
    ) -> Items:
        records = [deputy_record_id(one) for one in ids]
        found = read_items(
            records, read, context, self._aside, size=self._size, address=self._reader.address, parts=PARTS
        )
        async with aclosing(found) as items:
            async for item in items:
                yield item

    async def _former(self, term: Legislature, people: People, context: ReadContext) -> Items:
        """The rows of a legislature that is over."""
        listing = await self._deputies.listing(term.number, context, seated=False)
        await prefetch_deputies(listing.ids, (ReadingPart.LIST, ReadingPart.MEMBERSHIPS), context)
        async for item in self._deputies.rows(listing, term, people, context, marked=False):
            yield item

    async def _seats_of(self, term: Legislature, people: People, context: ReadContext, *, marked: bool) -> Items:
        """The members of bodies by the file; where there is none, by the seats of each deputy."""
        try:
            async for item in self._bodies.seats(term, people, context, marked=marked):
                yield item
        except RecordGone:
            log.warning("file of seats is missing", legislature=term.number)
            async for item in self._seats.read(term, context):
                yield item

    async def _each(self, lists: Lists) -> Items:
        """The items of every list. Errors that are the source's own end the window at once."""
        troubles = WindowFailures(self._aside)
        for name, read in lists:
            if (letter := troubles.resting(name)) is not None:
                yield _unnamed(letter)
                continue
            try:
                async with aclosing(read()) as items:
                    async for item in items:
                        yield item
            except RecordGone as error:  # claims nothing: upstream has answered 404 for lists that it had the day after
                log.warning("list of people is missing", list=name, error=str(error)[:200])
                troubles.read(name)
            except Exception as error:  # sorted into the list's own fault and the source's, which is raised again
                if (letter := troubles.met(name, error)) is not None:
                    yield _unnamed(letter)
            else:
                troubles.read(name)
        for letter in troubles.ended():
            yield _unnamed(letter)


def _unnamed(letter: RecordRejected) -> RecordRejected:
    """A list's dead letter without an id, because no record can be asked for again by it."""
    return RecordSetAside(str(letter), raw=letter.raw, source_url=letter.source_url)


def _record_absence(item: Item, kind: RecordKind) -> Item:
    if not isinstance(item, Absence):
        return item
    return RecordAbsence(kind, item.upstream_id, item.url, item.fetched_at, item.read_seq)
