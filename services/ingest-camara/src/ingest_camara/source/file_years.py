"""Decides what a missing file of a year means: nothing happened in that year, the file is late, or it is lost."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import date, timedelta

from legis.errors import RecordGone, UpstreamSchemaChanged, UpstreamUnavailable
from legis.ingest.source import Item
from legis.telemetry.logs import get_logger

from ingest_camara.client.records_api import RecordsApi

log = get_logger(__name__)

_QUARTERS = ((1, 3), (4, 6), (7, 9), (10, 12))


async def read_year(
    rows: AsyncGenerator[Item], api: RecordsApi, path: str, year: int, *, again: bool
) -> AsyncGenerator[Item, None]:
    """The rows of a year's files. `again`: the year was read before, and a file that cannot be read now is left for the
    next night. Else it must be read, unless the API lists nothing of that year either.
    """
    try:
        async with aclosing(rows) as items:
            async for item in items:
                yield item
    except RecordGone as error:
        if again:
            log.warning("files of a year not read again", year=year, path=path, error=str(error)[:300])
        else:
            await _accept_missing_file(api, path, year)
    except (UpstreamUnavailable, UpstreamSchemaChanged) as error:
        if not again:
            raise
        log.warning("files of a year not read again", year=year, path=path, error=str(error)[:300])


async def _accept_missing_file(api: RecordsApi, path: str, year: int) -> None:
    """Raises UpstreamUnavailable where the API lists some of the year: the file is to be asked for again."""
    for first, last in _QUARTERS:
        end = date(year + last // 12, last % 12 + 1, 1) - timedelta(days=1)
        if await api.lists_any(path, date(year, first, 1), end):
            raise UpstreamUnavailable(f"there is no file of {path} of {year}, but the API lists some of that year")
    log.info("year without file is empty", year=year, path=path)
