"""Computes when the walks of people, votings and agendas are due: functions of position and time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from legis.clock import epoch_micros
from legis.domain.brasilia_time import local_day
from legis.events import Walk
from legis.ingest.source import Window

from ingest_senado.settings import SenadoSettings
from ingest_senado.vocabulary.legislatures import OLDEST_BEGIN, begin_of, legislature_of

VOTINGS_SINCE: Final = 1991
"""First year of which `/votacao` has votings."""

AGENDA_SINCE: Final = 2001
"""First year whose agendas are asked for. Older sessions are known from the proceedings of bills alone."""

VOTING_DAYS: Final = 30
COMMITTEES_EVERY: Final = timedelta(hours=6)
"""Time between two looks at the votings of committees: one request for each committee."""

_BACKFILLS = frozenset({Walk.PEOPLE_BACKFILL, Walk.VOTINGS_BACKFILL, Walk.AGENDA_BACKFILL})
RECORD_WALKS = _BACKFILLS | {Walk.PEOPLE, Walk.VOTINGS, Walk.AGENDA}


@dataclass(frozen=True, slots=True)
class RecordWindows:
    """The timetable of records that are not bills. `backfill_from_year` is None where no backfill is wanted."""

    periods: Mapping[Walk, timedelta]
    backfill_from_year: int | None

    @classmethod
    def of(cls, settings: SenadoSettings) -> "RecordWindows":
        """The timetable of these settings."""
        return cls(
            {
                Walk.PEOPLE: timedelta(seconds=settings.senado_people_seconds),
                Walk.VOTINGS: timedelta(seconds=settings.senado_votings_poll_seconds),
                Walk.AGENDA: timedelta(seconds=settings.senado_agenda_poll_seconds),
            },
            settings.backfill_from_year if settings.backfill else None,
        )

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        """The window that is due for one of these walks at `position`, or None."""
        if walk in self.periods:
            return self._periodic(walk, position, now)
        if walk not in _BACKFILLS or self.backfill_from_year is None:
            return None
        if walk is Walk.PEOPLE_BACKFILL:
            return self._legislature(position, now)
        since = VOTINGS_SINCE if walk is Walk.VOTINGS_BACKFILL else AGENDA_SINCE
        return _year(walk, position, now, max(since, self.backfill_from_year))

    def _periodic(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        hi = epoch_micros(now)
        if position is not None and timedelta(microseconds=hi - position) < self.periods[walk]:
            return None
        detail: dict[str, str] = {}
        if walk is Walk.VOTINGS and (position is None or _turn(position) != _turn(hi)):
            detail["committees"] = "yes"
        return Window(walk, position or 0, hi, f"{walk.value.lower()} {local_day(now)}", detail)

    def _legislature(self, position: int | None, now: datetime) -> Window | None:
        """A legislature; the position is minus the year in which it began. As in every backfill the first window begins
        with the current year: one that begins with an earlier one cannot create a checkpoint.
        """
        newest = begin_of(legislature_of(local_day(now)))
        begin = newest if position is None else min(-position, newest)
        if begin < max(OLDEST_BEGIN, (self.backfill_from_year or 0) - 3):
            return None
        number = legislature_of(datetime(begin, 6, 1, tzinfo=UTC).date())
        lo = -local_day(now).year if position is None else position
        before = -begin_of(number - 1)
        return Window(Walk.PEOPLE_BACKFILL, lo, before, f"legislature {number}", {"legislature": str(number)})


NO_RECORDS: Final = RecordWindows({}, None)
"""A timetable on which nothing is due."""


def _year(walk: Walk, position: int | None, now: datetime, oldest: int) -> Window | None:
    """A year; the position is minus the year."""
    at = -local_day(now).year if position is None else position
    return None if -at < oldest else Window(walk, at, at + 1, f"{walk.value.lower()} {-at}", {"year": str(-at)})


def _turn(position: int) -> int:
    """The number of the period of COMMITTEES_EVERY that a position lies in."""
    return position // int(COMMITTEES_EVERY / timedelta(microseconds=1))
