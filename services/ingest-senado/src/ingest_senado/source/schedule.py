"""Computes when each walk of the Senado is due and for which days: functions of position and time, and one wait."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from legis.clock import Clock, epoch_micros, instant_of
from legis.domain.brasilia_time import ZONE, local_day
from legis.events import Walk
from legis.ingest.source import Window
from legis.ingest.years.reconciled_years import reconciled_years

from ingest_senado.budget import NIGHTLY, OVERLAP_DAYS, RECONCILED_YEARS, VOTES_EVERY
from ingest_senado.settings import SenadoSettings
from ingest_senado.source import backfill_walk
from ingest_senado.source.record_windows import NO_RECORDS, RECORD_WALKS, RecordWindows

MOST_DAYS: Final = 30
"""Largest `numdias` that upstream accepts; above it the status is 400."""

REAL_HOSTS = frozenset({"legis.senado.leg.br", "legis.senado.gov.br"})
ROUND_MARGIN = timedelta(minutes=2)
VOTES_DAYS: Final = 30
NIGHT = range(2, 6)
PERIODS: Mapping[Walk, timedelta] = {
    Walk.OVERLAP: NIGHTLY,
    Walk.RECONCILE: timedelta(days=7),
    Walk.VOTES: VOTES_EVERY,
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """The Senado's timetable. `avoid_round_hours` is for the real Senado, which requests it; a simulator does not.

    Positions are microseconds since 1970, except BACKFILL's: see `ingest_senado.source.backfill_walk`. `details` is
    whether the backfill reads details in addition to the lists.
    """

    poll_interval: timedelta
    backfill: bool
    backfill_from_year: int
    avoid_round_hours: bool
    reconcile_every: timedelta = PERIODS[Walk.RECONCILE]
    details: bool = True
    retry_years_every: timedelta = timedelta(days=1)
    records: RecordWindows = NO_RECORDS

    @classmethod
    def of(cls, settings: SenadoSettings) -> "Schedule":
        """The timetable of these settings. Round hours are avoided only with the real Senado."""
        return cls(
            poll_interval=timedelta(seconds=settings.poll_interval_seconds),
            backfill=settings.backfill,
            backfill_from_year=settings.backfill_from_year,
            reconcile_every=timedelta(seconds=settings.reconcile_interval_seconds),
            retry_years_every=timedelta(seconds=settings.years_retry_seconds),
            avoid_round_hours=urlsplit(settings.senado_base_url).hostname in REAL_HOSTS,
            details=settings.senado_detail_on_backfill,
            records=RecordWindows.of(settings),
        )

    def next_window(self, walk: Walk, position: int | None, now: datetime) -> Window | None:
        """The window that is due for a walk at `position`, or None. No walk begins at a round hour."""
        if self.avoid_round_hours and near_round_hour(now):
            return None
        if walk in RECORD_WALKS:
            return self.records.next_window(walk, position, now)
        if walk is Walk.BACKFILL:
            return self._backfill(position, now)
        if walk is Walk.INCREMENTAL:
            return self._changes(position, now)
        if walk is Walk.RECONCILE:
            return self._comparison(position, now)
        if walk is Walk.YEARS:
            return self._left_years(position, now)
        return _periodic(walk, position, now, PERIODS[walk])

    def _left_years(self, position: int | None, now: datetime) -> Window | None:
        """The years not read. Only the store has the list of them, which is loaded when the window is read."""
        hi = epoch_micros(now)
        if not self.backfill:
            return None
        if position is not None and timedelta(microseconds=hi - position) < self.retry_years_every:
            return None
        return Window(Walk.YEARS, position or 0, hi, "years not read")

    def _comparison(self, position: int | None, now: datetime) -> Window | None:
        window = _periodic(Walk.RECONCILE, position, now, self.reconcile_every)
        if window is None:
            return None
        years = reconciled_years(local_day(now), self.backfill_from_year, newest=RECONCILED_YEARS)
        return replace(window, detail={**window.detail, "years": ",".join(map(str, years))})

    def pause(self, now: datetime) -> timedelta:
        """Time without requests from `now` on: until the round hour is over; zero at other times."""
        over = now
        while self.avoid_round_hours and near_round_hour(over):
            over += timedelta(seconds=1)
        return over - now

    async def sleep_over_round_hour(
        self, clock: Clock, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Waits until the round hour is over.

        The details of a year take many minutes, so that a window which began at a good time reaches a round hour.
        """
        if pause := self.pause(clock()).total_seconds():
            await sleep(pause)

    def _backfill(self, position: int | None, now: datetime) -> Window | None:
        if not self.backfill:
            return None
        this_year = local_day(now).year
        return backfill_walk.next_window(self.backfill_from_year, position, this_year, details=self.details)

    def _changes(self, position: int | None, now: datetime) -> Window | None:
        hi = epoch_micros(now)
        if position is not None and timedelta(microseconds=hi - position) < self.poll_interval:
            return None
        days = 1 if position is None else _days_since(position, now)
        detail = {"days": str(min(days, MOST_DAYS))}
        if days > MOST_DAYS:  # down for longer than upstream's list reaches back: bills in progress may have moved too
            detail["in_progress"] = "yes"
        return Window(Walk.INCREMENTAL, position or 0, hi, f"numdias {detail['days']}", detail)


def _periodic(walk: Walk, position: int | None, now: datetime, every: timedelta) -> Window | None:
    hi = epoch_micros(now)
    if position is not None:
        age = timedelta(microseconds=hi - position)
        at_night = walk is Walk.VOTES or now.astimezone(ZONE).hour in NIGHT
        leeway = 1 if every >= timedelta(days=1) else 0
        # Prefers the night, but does not wait without end: a machine that is off at night must read by day.
        early, late = every - leeway * timedelta(hours=4), every + leeway * timedelta(hours=6)
        if age < early or (not at_night and age < late):
            return None
    days = {Walk.OVERLAP: OVERLAP_DAYS, Walk.RECONCILE: MOST_DAYS, Walk.VOTES: VOTES_DAYS}[walk]
    detail = {"days": str(days)}
    if position is None:
        detail["first"] = "yes"
    return Window(walk, position or 0, hi, f"last {days} days", detail)


def _days_since(position: int, now: datetime) -> int:
    """A `numdias` that surely covers all since `position`: one for each day touched, by Brasília time.

    Upstream does not document whether it counts days or hours, so around midnight the day before is always included.
    """
    since = instant_of(position)
    touched = (local_day(now) - local_day(since)).days + 1
    local = now.astimezone(ZONE)
    return max(touched, 2 if local.hour in (23, 0, 1) else 1)


def near_round_hour(now: datetime) -> bool:
    """Whether `now` is within two minutes of a full hour, or of 00:15 or 01:15, in Brasília."""
    local = now.astimezone(ZONE)
    minutes = local.minute + local.second / 60
    margin = ROUND_MARGIN.total_seconds() / 60
    if minutes < margin or minutes > 60 - margin:
        return True
    return local.hour in (0, 1) and abs(minutes - 15) < margin
