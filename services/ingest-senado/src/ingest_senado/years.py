"""Reads the list of a year, and decides when a year without rows may be believed."""

from collections import Counter

from legis.clock import Clock
from legis.domain.brasilia import local_day
from legis.telemetry.logs import get_logger

from ingest_senado.client import Emptiness, EmptyAnswer, Page, SenadoClient
from ingest_senado.wire.process import ListRow

log = get_logger(__name__)

THIN_BEFORE = 1946
"""Congress was closed from 1937 to 1946, and older records are few: before this a year may have none."""

RECESS_ENDS_ON_DAY = 40


class YearLists:
    """The yearly lists. A later year without rows is believed only on the second window that meets it, and only when
    another year answers with rows in between: one hollow hour of upstream must not cost a year.
    """

    def __init__(self, client: SenadoClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._met_empty: Counter[int] = Counter()

    async def read(self, year: int) -> Page[ListRow]:
        """All rows of the year. Raises EmptyAnswer while there is doubt that it has none."""
        try:
            return await self._client.year(year, self._plausibly_empty(year))
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

    def _plausibly_empty(self, year: int) -> Emptiness:
        today = local_day(self._clock())
        new_year = year >= today.year and today.timetuple().tm_yday <= RECESS_ENDS_ON_DAY
        return Emptiness.POSSIBLE if year < THIN_BEFORE or new_year else Emptiness.IMPOSSIBLE

    def _living_year(self) -> int:
        today = local_day(self._clock())
        return today.year if today.timetuple().tm_yday > RECESS_ENDS_ON_DAY else today.year - 1
