"""The yearly file of events, read again at night beside the list, which is newer."""

from contextlib import aclosing
from datetime import timedelta
from typing import Any

from ingest_camara.source.agenda_walk import AgendaWalk
from ingest_camara.wire.event_columns import EventRow
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import ReadingPart
from legis.events import Walk
from legis.ingest.source import RecordReading, RecordsSeen, Window
from unit.ingest_camara.odd_answers.scripted import NOW, Files, Unstored, records_api

TODAY = local_day(NOW)
ROW = dict.fromkeys(
    [*EventRow._fields[:7], *(f"localCamara_{part}" for part in ("nome", "predio", "sala", "andar"))], ""
)


class Listed(Unstored):
    """A context in which these events were stored from the list."""

    def __init__(self, *ids: str) -> None:
        super().__init__()
        self.ids = ids

    def seen(self, upstream_id: str, part: ReadingPart) -> str | None:
        return "stored" if part is ReadingPart.LIST and upstream_id in self.ids else None


def filed(number: int, ahead: int | None) -> dict[str, str]:
    start = "" if ahead is None else f"{TODAY + timedelta(days=ahead)}T10:00:00"
    return ROW | {"id": str(number), "dataHoraInicio": start, "situacao": "Convocada"}


async def read(walk: Walk, context: Unstored, **detail: str) -> tuple[list[str], list[str]]:
    """The ids that are read of the file, and those that the file's list names."""
    rows = [filed(1, -8), filed(2, -7), filed(3, 0), filed(4, 45), filed(5, 46), filed(6, 47), filed(7, None)]
    files: Any = Files(eventos=rows)
    window = Window(walk, 0, 1, "", {"years": str(TODAY.year), **detail})
    walking = AgendaWalk(records_api({"/eventos": []}), files, 2)
    async with aclosing(walking.read(window, context)) as found:
        items = [item async for item in found]
    read_ids = [item.record.upstream_id for item in items if isinstance(item, RecordReading)]
    (seen,) = (item.ids for item in items if isinstance(item, RecordsSeen) and item.first.month == 1)
    return read_ids, [one.removeprefix("camara-event-") for one in seen]


async def test_at_night_the_file_says_nothing_of_events_that_the_list_shows() -> None:
    """The file may be two nights old: an event that was moved since would be moved back, and told as news."""
    days = {"first": TODAY.isoformat(), "last": TODAY.isoformat()}
    read_ids, named = await read(Walk.AGENDA, Listed("camara-event-6"), **days)
    assert read_ids == ["1", "5", "7"], "6 was listed, so it was moved out of the days of the list, or into them"
    assert named == list("1234567"), "they are in the file all the same"


async def test_the_first_reading_takes_the_whole_file() -> None:
    assert await read(Walk.AGENDA_BACKFILL, Unstored()) == (list("1234567"), list("1234567"))
