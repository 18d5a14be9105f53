"""Reads the leaders of a legislature: one list with all benches, handed on by deputy."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from functools import partial

from legis.domain.vocabulary import ReadingPart
from legis.ingest.source import Item, ReadContext

from ingest_camara.client.people_api import PeopleApi
from ingest_camara.normalizer.people.leaderships import leader_of
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.source.people.deputy_lists import prefetch_deputies
from ingest_camara.source.people.deputy_reader import deputy_record_id
from ingest_camara.source.people.people_directory import People
from ingest_camara.source.people.unstored_readings import row_reading
from ingest_camara.wire.people_records import Leadership


class LeaderLists:
    """Reads `/legislaturas/{n}/lideres`."""

    def __init__(self, api: PeopleApi) -> None:
        self._api = api

    async def read(
        self, term: Legislature, people: People, context: ReadContext, known: Sequence[str] = (), *, marked: bool
    ) -> AsyncGenerator[Item, None]:
        """Every deputy who leads or led a bench.

        With `marked`, only those whose leaderships changed, and those of `known` who had some before and have none now.
        An empty list or one with a broken row does not show that somebody has none.
        """
        seq = context.next_seq()
        listed = await self._api.rows(f"/legislaturas/{term.number}/lideres", Leadership)
        for broken in listed.broken:
            yield broken
        led: defaultdict[str, list[Leadership]] = defaultdict(list)
        for row in listed.rows:
            led[row.parlamentar.id].append(row)
        ids = [*led, *(one for one in known if one not in led)] if marked and led and not listed.broken else [*led]
        await prefetch_deputies(ids, (ReadingPart.MEMBERS,), context)
        for upstream_id in ids:
            rows = led.get(upstream_id, [])
            seen = context.seen(deputy_record_id(upstream_id), ReadingPart.MEMBERS)
            if listed.broken or (not rows and seen is None):
                continue
            make = partial(leader_of, upstream_id, rows, term, listed.origin.fetched_at, people.parties)
            key, part = deputy_record_id(upstream_id), ReadingPart.MEMBERS
            if found := row_reading(make, key, listed.origin, part, seq, context, marked=marked):
                yield found
