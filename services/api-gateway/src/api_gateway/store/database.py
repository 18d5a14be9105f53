"""Read access to PostgreSQL with limits: bounded waiting, one retry of a broken connection, errors of our own."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg
from legis.errors import StoreUnavailable
from legis.telemetry.metrics import POOL_IN_USE, POOL_WAIT, SHED

from api_gateway.settings import StoreSettings

S = TypeVar("S", bound=StoreSettings)

_BROKEN = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.UndefinedTableError,  # not migrated yet
    OSError,
)
"""What a query raises when its server or its connection went away, or is not ready; reads are safe to repeat."""

_WAITERS_PER_CONNECTION = 4


class StoreBusy(StoreUnavailable):
    """Every connection is taken and enough requests wait already."""


class StatementTooSlow(StoreUnavailable):
    """PostgreSQL stopped a statement that ran longer than readers may."""


@dataclass(frozen=True, slots=True)
class PoolUse:
    """How the pool is used now: connections open, of those idle, the most allowed, and requests that wait for one."""

    open: int
    idle: int
    limit: int
    waiting: int


def custom_plans(settings: S) -> S:
    """Settings whose connections plan every statement for its own values: what finds a rare word is wrong for a common
    one, and a plan made for any word is wrong for both."""
    url = settings.database_url
    asked = f"{url}{'&' if '?' in url else '?'}plan_cache_mode=force_custom_plan"
    return settings.model_copy(update={"database_url": asked})


class Reader:
    """One connection, lent for the statements of one request."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def rows(self, sql: str, args: Sequence[Any] = (), *, timeout: float | None = None) -> list[Any]:
        """All rows. `timeout` in seconds ends the statement on the server too."""
        try:
            return list(await self._connection.fetch(sql, *args, timeout=timeout))
        except (asyncpg.QueryCanceledError, TimeoutError) as error:
            raise StatementTooSlow("the statement took too long") from error

    async def row(self, sql: str, args: Sequence[Any] = ()) -> Any | None:
        """The first row, or None."""
        found = await self.rows(sql, args)
        return found[0] if found else None


class Database:
    """The pool as readers see it. Every failure to reach PostgreSQL is StoreUnavailable."""

    def __init__(self, pool: Any, *, limit: int, acquire_timeout: float) -> None:
        self._pool = pool
        self._limit = limit
        self._acquire_timeout = acquire_timeout
        self._waiting = 0

    def use(self) -> PoolUse:
        """How the pool is used at this moment."""
        return PoolUse(self._pool.get_size(), self._pool.get_idle_size(), self._limit, self._waiting)

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[Reader]:
        """A connection for several statements; not retried, since part of the work may be done."""
        connection = await self._acquire()
        POOL_IN_USE.inc()
        try:
            yield Reader(connection)
        except _BROKEN as error:
            raise StoreUnavailable(f"database: {type(error).__name__}") from error
        finally:
            POOL_IN_USE.dec()
            await self._release(connection)

    async def rows(self, sql: str, args: Sequence[Any] = ()) -> list[Any]:
        """All rows of one statement, asked once more when the connection turns out to be broken."""
        try:
            return await self._rows_once(sql, args)
        except (StoreBusy, StatementTooSlow):
            raise
        except StoreUnavailable:
            return await self._rows_once(sql, args)

    async def row(self, sql: str, args: Sequence[Any] = ()) -> Any | None:
        """The first row of one statement, or None; repeated like `rows`."""
        found = await self.rows(sql, args)
        return found[0] if found else None

    async def close(self, within: float) -> None:
        """Closes every connection, by force after `within` seconds."""
        try:
            await asyncio.wait_for(self._pool.close(), within)
        except (TimeoutError, *_BROKEN):
            self._pool.terminate()

    async def _rows_once(self, sql: str, args: Sequence[Any]) -> list[Any]:
        async with self.reader() as reader:
            return await reader.rows(sql, args)

    async def _acquire(self) -> Any:
        if self._waiting >= self._limit * _WAITERS_PER_CONNECTION:
            SHED.labels("queue").inc()
            raise StoreBusy("too many requests wait for the database", retry_after=1)
        self._waiting += 1
        started = time.perf_counter()
        try:
            return await self._pool.acquire(timeout=self._acquire_timeout)
        except TimeoutError as error:
            if self._pool.get_size() >= self._limit:
                SHED.labels("pool").inc()
                raise StoreBusy("no database connection came free in time", retry_after=1) from error
            raise StoreUnavailable("the database did not accept a connection in time") from error
        except (asyncpg.PostgresError, *_BROKEN) as error:
            raise StoreUnavailable(f"database: {type(error).__name__}") from error
        finally:
            self._waiting -= 1
            POOL_WAIT.observe(time.perf_counter() - started)

    async def _release(self, connection: Any) -> None:
        try:
            await self._pool.release(connection, timeout=self._acquire_timeout)
        except (TimeoutError, asyncpg.PostgresError, *_BROKEN):
            with contextlib.suppress(asyncpg.InterfaceError):  # the pool may have ended it already
                connection.terminate()
