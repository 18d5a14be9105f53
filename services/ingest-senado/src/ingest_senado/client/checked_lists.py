"""Reads lists of processes, and decides when a list without rows may be believed."""

from collections import Counter
from datetime import timedelta

from legis.clock import Clock
from legis.domain.brasilia_time import local_day
from legis.telemetry.logs import get_logger

from ingest_senado.client.answers import Emptiness, EmptyAnswer, Page, day_of
from ingest_senado.client.api import SenadoApi
from ingest_senado.wire.bill_records import ListRow

log = get_logger(__name__)

THIN_BEFORE = 1946
"""First year that must have rows. Congress was closed from 1937 to 1946, and older records are few."""

RECESS_ENDS_ON_DAY = 40
QUIET_DAYS = 3
"""Days that may pass without one update, in a recess."""


class CheckedLists:
    """Lists whose emptiness is checked: one hour of empty responses must not cost a year, or a month's changes."""

    def __init__(self, client: SenadoApi, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._met_empty: Counter[int] = Counter()

    async def year(self, year: int) -> Page[ListRow]:
        """All rows of a year. Raises EmptyAnswer while it is in doubt that the year has none.

        A year that should have rows is believed to have none only on the second window that finds it empty, and only
        when the list of another year has rows in between.
        """
        try:
            return await self._client.year(year, self._year_may_be_empty(year))
        except EmptyAnswer:
            self._met_empty[year] += 1
            living = self._living_year()
            if self._met_empty[year] < 2 or year == living:
                raise
        await self._client.year(living)
        page = await self._client.year(year, Emptiness.POSSIBLE)
        if not page.rows:
            log.warning("year without rows believed", year=year, proved_by=living)
        return page

    async def changed(self, days: int) -> Page[ListRow]:
        """The processes updated in the last `days` days.

        More than `QUIET_DAYS` days without updates are believed only when the current year's list has no update in them
        either; else raises EmptyAnswer.
        """
        if days <= QUIET_DAYS:
            return await self._client.changed(days, Emptiness.POSSIBLE)
        try:
            return await self._client.changed(days, Emptiness.IMPOSSIBLE)
        except EmptyAnswer:
            living = await self._client.year(self._living_year())
            first = local_day(living.server_date or living.fetched_at) - timedelta(days=days - 1)
            nothing = first - timedelta(days=1)
            if any(day_of(row.dataUltimaAtualizacao, nothing) >= first for row in living.values):
                raise
        log.warning("days without updates believed", days=days)
        return Page(living.url, living.fetched_at, living.server_date)

    def _year_may_be_empty(self, year: int) -> Emptiness:
        today = local_day(self._clock())
        new_year = year >= today.year and today.timetuple().tm_yday <= RECESS_ENDS_ON_DAY
        return Emptiness.POSSIBLE if year < THIN_BEFORE or new_year else Emptiness.IMPOSSIBLE

    def _living_year(self) -> int:
        today = local_day(self._clock())
        return today.year if today.timetuple().tm_yday > RECESS_ENDS_ON_DAY else today.year - 1
