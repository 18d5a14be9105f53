"""Years whose list cannot be read: when to give one up for now, so that the walk goes on with the next year."""

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
from legis.ingest.set_aside import MAX_FAILED_WINDOWS
from legis.ingest.source import Item, ReadContext, YearOutcome
from legis.telemetry.logs import get_logger

log = get_logger(__name__)

_FINAL = (RecordGone, UpstreamRequestRefused)
_RETRIED = (UpstreamUnavailable, UpstreamSchemaChanged)


class YearsLeft:
    """Counts, in one process, the windows in which a year's list could not be read."""

    def __init__(self) -> None:
        self._failures: Counter[int] = Counter()

    def read(self, year: int) -> None:
        """Records that the year's list was read."""
        self._failures.pop(year, None)

    def given_up(self, year: int, error: LegisError, read_seq: int) -> YearOutcome:
        """The outcome "not read for now". Raises the error where it is the source's own, or while a retry may succeed.

        A list that is missing or refused is given up at once; one that fails or has another shape, after three windows.
        """
        if not isinstance(error, _FINAL):
            if not isinstance(error, _RETRIED):
                raise error
            self._failures[year] += 1
            if self._failures[year] < MAX_FAILED_WINDOWS:
                raise error
        log.warning("year not read", year=year, error=str(error)[:500])
        return YearOutcome(year, str(error)[:500], read_seq)


async def read_years_left(
    context: ReadContext, read: Callable[[int], AsyncGenerator[Item, None]]
) -> AsyncGenerator[Item, None]:
    """Reads every year that is not read yet once more; a year that succeeds is reported as read."""
    for year in await context.years_not_read():
        seq, unread = context.next_seq(), False
        async with aclosing(read(year)) as items:
            async for item in items:
                unread = unread or isinstance(item, YearOutcome)
                yield item
        if not unread:
            yield YearOutcome(year, None, seq)
