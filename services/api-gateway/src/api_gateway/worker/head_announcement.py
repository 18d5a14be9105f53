"""Announces the head of the change log in Redis, for those who read from standbys."""

from legis.errors import StoreUnavailable
from legis.streams.log_heads import announce_head
from legis.telemetry import logs
from redis.asyncio import Redis

from api_gateway.store.changes.change_reader import load_log_head
from api_gateway.store.database.connections import Pool

_log = logs.get_logger(__name__)


async def announce_log_head(pool: Pool, redis: Redis) -> None:
    """Reads the head from the database and announces it. Raises redis errors; while the database is unavailable nothing
    is announced.
    """
    try:
        epoch, head = await load_log_head(pool)
    except StoreUnavailable as error:
        _log.warning("head_not_announced", error=str(error))
        return
    await announce_head(redis, epoch, head)
