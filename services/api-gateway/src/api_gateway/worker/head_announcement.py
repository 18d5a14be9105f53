"""Announces the head of the change log in Redis, for those who read from standbys."""

from legis.errors import StoreUnavailable
from legis.streams.log_heads import LogHead, announce_head
from legis.telemetry import logs
from redis.asyncio import Redis

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors

ACQUIRE_SECONDS = 5.0
_HEAD = "SELECT epoch::text, last_seq, last_render_seq FROM store_epoch CROSS JOIN change_counter"
_log = logs.get_logger(__name__)


async def announce_log_head(pool: Pool, redis: Redis) -> None:
    """Reads the head from the database and announces it. Raises redis errors; while the database is unavailable nothing
    is announced.
    """
    try:
        with store_errors():
            async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
                ((epoch, seq, render_seq),) = await connection.fetch(_HEAD)
    except StoreUnavailable as error:
        _log.warning("head_not_announced", error=str(error))
        return
    await announce_head(redis, epoch, LogHead(seq, render_seq))
