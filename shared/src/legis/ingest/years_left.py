"""Years whose list cannot be had: when they are given up for the day, so that the years behind them are read."""

from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from legis.errors import (
    LegisError,
    RecordGone,
    UpstreamRequestRefused,
    UpstreamSchemaChanged,
    UpstreamUnavailable,
)
from legis.ingest.set_aside import PATIENCE
from legis.ingest.source import Item, ReadContext, YearOutcome
from legis.telemetry.logs import get_logger

log = get_logger(__name__)

_FINAL = (RecordGone, UpstreamRequestRefused)
_RETRIED = (UpstreamUnavailable, UpstreamSchemaChanged)


class YearsLeft:
    """Counts, in one process, the windows in which a year's list could not be had."""

    def __init__(self) -> None:
        self._failures: Counter[int] = Counter()

    def read(self, year: int) -> None:
        """The year's list was had."""
        self._failures.pop(year, None)

    def given_up(self, year: int, error: LegisError, read_seq: int) -> YearOutcome:
        """That the year is not read, for now. Raises the error where it is the source's own, or while there is hope.

        A list that is missing or refused is given up at once, one that fails or has another shape after three windows.
        """
        if not isinstance(error, _FINAL):
            if not isinstance(error, _RETRIED):
                raise error
            self._failures[year] += 1
            if self._failures[year] < PATIENCE:
                raise error
        log.warning("year not read", year=year, error=str(error)[:500])
        return YearOutcome(year, str(error)[:500], read_seq)


async def read_years_left(
    context: ReadContext, read: Callable[[int], AsyncGenerator[Item, None]]
) -> AsyncGenerator[Item, None]:
    """Reads every year that is noted as not read once more; one that is not given up again is told as read."""
    for year in await context.years_not_read():
        seq, left = context.next_seq(), False
        async with aclosing(read(year)) as items:
            async for item in items:
                left = left or isinstance(item, YearOutcome)
                yield item
        if not left:
            yield YearOutcome(year, None, seq)
