"""`python -m api_gateway.backfill --source camara --year 2019`: has a year, or every year, of a source read again."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from legis.clock import Clock, epoch_micros, utc_now
from legis.domain.brasilia_time import local_day
from legis.domain.vocabulary import Source
from legis.errors import RetryableError
from legis.settings import load_or_exit
from legis.streams.connection import connect
from legis.streams.stored_marks import forget_marks
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api_gateway.settings import StoreSettings
from api_gateway.store.database.connections import Pool
from api_gateway.store.database.pool import open_pool
from api_gateway.store.sources.source_status import load_status_by
from api_gateway.store.windows.backfill_requests import bills_of_year, request_year, rewind_backfill

_STATEMENT_SECONDS = 60.0
_OLDEST_YEAR = 1822


@dataclass(frozen=True, slots=True)
class BackfillRequest:
    """Which sources are read again; `year` None: every year."""

    sources: Sequence[Source]
    year: int | None


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when all was requested, 1 when something could not be, 2 for a wrong setting or option."""
    request = parse(arguments)
    settings = load_or_exit(StoreSettings)
    try:
        asyncio.run(_run(settings, request))
    except (RetryableError, RedisError, OSError) as error:
        sys.stderr.write(f"backfill: {error}; run it again\n")
        return 1
    return 0


def parse(arguments: list[str] | None, clock: Clock = utc_now) -> BackfillRequest:
    """The request that the options spell; exits with status 2 where they are wrong."""
    parser = argparse.ArgumentParser(prog="backfill", description=__doc__)
    parser.add_argument("--source", required=True, choices=[*(source.value for source in Source), "all"])
    parser.add_argument("--year", type=int, help="one year; without it, every year from the newest on")
    options = parser.parse_args(arguments)
    newest = local_day(clock()).year
    if options.year is not None and not _OLDEST_YEAR <= options.year <= newest:
        parser.error(f"--year must be from {_OLDEST_YEAR} to {newest}")
    return BackfillRequest(tuple(Source) if options.source == "all" else (Source(options.source),), options.year)


async def request_backfill(pool: Pool, redis: Redis, request: BackfillRequest, clock: Clock = utc_now) -> list[str]:
    """Requests it of each source; one line for people each. Raises StoreUnavailable or redis errors: it may then be
    repeated, as often as it takes.

    Marks are forgotten before the checkpoint moves. Ingest loads them when a window begins, and must not find there
    that the rows of this one are stored.
    """
    epoch = (await load_status_by(pool)).epoch or ""
    told = []
    for source in request.sources:
        if request.year is None:
            await forget_marks(redis, source, epoch)
            rewound = await rewind_backfill(pool, source, local_day(clock()))
            told.append(f"{source.value}: every year is read again" if rewound else f"{source.value}: {_AT_START}")
        else:
            ids = await bills_of_year(pool, source, request.year)
            await forget_marks(redis, source, epoch, ids)
            await request_year(pool, source, request.year, epoch_micros(clock()))
            told.append(f"{source.value}: {request.year} is read again, with {len(ids)} stored bills")
    return told


_AT_START = "the backfill stands at its first year already"


async def _run(settings: StoreSettings, request: BackfillRequest) -> None:
    pool = await open_pool(settings, name="backfill", statement_timeout=_STATEMENT_SECONDS)
    redis = connect(settings.redis_url, client_name="backfill")
    try:
        lines = await request_backfill(pool, redis, request)
    finally:
        await redis.aclose()
        await pool.close()
    sys.stdout.write("\n".join([*lines, "how far it has come: /api/v1/sources"]) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
