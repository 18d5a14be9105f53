"""The partitions of the change log: how many lie ahead of its last entry, and how more are made."""

from legis.telemetry import logs
from legis.telemetry.metrics import CHANGE_PARTITIONS_AHEAD

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors

AHEAD = 2
"""Empty partitions that there should always be, as in the function of the database that makes them."""

ACQUIRE_SECONDS = 5.0

_COUNT = """
SELECT count(*) FROM change_partition, change_counter WHERE first_seq > last_seq
"""

_log = logs.get_logger(__name__)


async def keep_partitions_ahead(pool: Pool, entries: int) -> None:
    """Counts the partitions ahead for the metric, and makes partitions of `entries` entries until there are two. Raises
    StoreUnavailable, with the metric up to date.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            ahead = await connection.fetchval(_COUNT)
            CHANGE_PARTITIONS_AHEAD.set(ahead)
            if ahead >= AHEAD:
                return
            made = await connection.fetchval("SELECT make_change_partitions($1)", entries)
    CHANGE_PARTITIONS_AHEAD.set(made)
    _log.info("partitions_made", ahead=made, entries=entries)
