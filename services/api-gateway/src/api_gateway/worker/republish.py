"""Republishes the checkpoints of PostgreSQL to Redis, so that lost Redis data is back within a second."""

from legis.streams.checkpoints import publish_cursors
from redis.asyncio import Redis

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.windows.checkpoint_reader import load_cursors

ACQUIRE_SECONDS = 5.0


class CursorRepublisher:
    """Copies checkpoints from PostgreSQL to Redis, never in the other direction."""

    def __init__(self, pool: Pool, redis: Redis) -> None:
        self._pool = pool
        self._redis = redis
        self.epoch: str | None = None
        """The database's epoch at the last publication; None before the first."""

    async def publish(self) -> None:
        """Publishes the checkpoints of every source, including those that were never read.

        Raises StoreUnavailable or redis errors; the next call repeats the work.
        """
        with store_errors():
            async with self._pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
                cursors = await load_cursors(connection)
        self.epoch = next(iter(cursors.values())).epoch
        await publish_cursors(self._redis, cursors)
