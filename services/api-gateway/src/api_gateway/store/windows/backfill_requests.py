"""Requests to run a backfill again: for one year, or from the newest year on."""

from datetime import date

from legis.domain.vocabulary import Source
from legis.events import Walk

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors

REQUESTED = "requested by an operator"
"""Reason of a row of `year_not_read` whose list was not tried since the request."""

ACQUIRE_SECONDS = 5.0

_IDS = """
SELECT upstream_id FROM bill WHERE source = $1 AND year = $2
UNION
SELECT b.upstream_id FROM bill_sighting s JOIN bill b ON b.id = s.bill_id WHERE s.source = $1 AND s.year = $2
"""

# Only a reading that began after the request may end it: its read sequence is the greatest of those given out so far.
_OPEN_YEAR = """
INSERT INTO year_not_read AS y (source, year, reason, read_seq, tries, first_at, last_at)
SELECT $1, $2, $3, GREATEST(
    $4::bigint,
    (SELECT max(max_read_seq) FROM source_cursor WHERE source = $1),
    (SELECT max(max_read_seq) FROM ingest_window WHERE source = $1)
), 0, now(), now()
ON CONFLICT (source, year) DO UPDATE SET
    reason = excluded.reason, read_seq = GREATEST(y.read_seq, excluded.read_seq), tries = 0, last_at = excluded.last_at
"""

# Before the first window of YEARS there is no row, and the walk is due. A window that is open when a year is requested
# begins above the new position and cannot move it; one that had not heard of the year moves it, and it is set again.
_YEARS_DUE = """
UPDATE source_cursor c SET position = -1
WHERE c.walk = $1 AND c.position >= 0
  AND EXISTS (SELECT FROM year_not_read y WHERE y.source = c.source AND y.tries = 0)
"""

_REWIND = """
UPDATE source_cursor SET position = -$3::bigint, updated_at = now()
WHERE source = $1 AND walk = $2 AND position > -$3::bigint
RETURNING position
"""


async def bills_of_year(pool: Pool, source: Source, year: int) -> list[str]:
    """Ids of the stored bills that the source's list of a year may hold. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return [row["upstream_id"] for row in await connection.fetch(_IDS, source.value, year)]


async def request_year(pool: Pool, source: Source, year: int, read_seq: int) -> None:
    """Opens a year in `year_not_read`, with no tries. Raises StoreUnavailable.

    `read_seq` is a read sequence of now, in microseconds: a reading with a smaller one began before the request.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_OPEN_YEAR, source.value, year, REQUESTED, read_seq)


async def make_requested_years_due(pool: Pool) -> None:
    """Sets the checkpoint of the walk YEARS so that it is due, where a year was requested that no window has tried.

    To be called again and again. Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_YEARS_DUE, Walk.YEARS.value)


async def rewind_backfill(pool: Pool, source: Source, today: date) -> bool:
    """Sets the checkpoint of the walk BACKFILL back to the current year; False where it stands there already or has
    not begun. A window that is open meanwhile begins above the checkpoint and cannot move it. Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            rewound = await connection.fetchval(_REWIND, source.value, Walk.BACKFILL.value, today.year)
    return rewound is not None
