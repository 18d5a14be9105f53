"""Read access to PostgreSQL with limits: bounded waiting, one retry of a broken connection, typed errors."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

import asyncpg
from legis.errors import StoreUnavailable
from legis.telemetry.metrics import POOL_IN_USE, POOL_WAIT, SHED

from api_gateway.store.database.connections import Connection, Pool, PooledConnection

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
"""Errors of a query whose server or connection is gone or not ready. Reads are safe to repeat."""

_WAITERS_PER_CONNECTION = 4


class StoreBusy(StoreUnavailable):
    """All connections are in use and the queue of waiting requests is full."""


class StatementTooSlow(StoreUnavailable):
    """A statement ran longer than readers allow and was stopped."""


@dataclass(frozen=True, slots=True)
class PoolUse:
    """Numbers of connections open, of those idle, and at most; and of requests that wait for a connection."""

    open: int
    idle: int
    limit: int
    waiting: int


class Database:
    """The two pools that readers use: one plans each statement for its values, the other plans it once per connection.

    Every failure to reach PostgreSQL is raised as StoreUnavailable.
    """

    def __init__(self, pool: Pool, fixed_pool: Pool, *, limit: int, acquire_timeout: float) -> None:
        self._planned = _LimitedPool(pool, limit, acquire_timeout)
        self._fixed = _LimitedPool(fixed_pool, limit, acquire_timeout)

    def use(self) -> PoolUse:
        """The connections of both pools together, at this moment."""
        one, other = self._planned.use(), self._fixed.use()
        return PoolUse(*(a + b for a, b in zip(astuple(one), astuple(other), strict=True)))

    async def rows(
        self, sql: str, args: Sequence[Any] = (), *, timeout: float | None = None, fixed: bool = False
    ) -> list[Any]:
        """All rows of one statement. The statement is sent once more if its connection was broken.

        `timeout`, in seconds, ends the statement on the server too. `fixed` is for a statement whose best plan does not
        depend on its values: it is planned once per connection.
        """
        pool = self._fixed if fixed else self._planned
        try:
            return await pool.rows(sql, args, timeout)
        except (StoreBusy, StatementTooSlow):
            raise
        except StoreUnavailable:
            return await pool.rows(sql, args, timeout)

    async def row(self, sql: str, args: Sequence[Any] = (), *, fixed: bool = False) -> Any | None:
        """The first row of one statement, or None. Repeated like `rows`."""
        found = await self.rows(sql, args, fixed=fixed)
        return found[0] if found else None

    async def close(self, within: float) -> None:
        """Closes every connection; after `within` seconds by force."""
        await asyncio.gather(self._planned.close(within), self._fixed.close(within))


class _LimitedPool:
    """One pool, which lends a connection for one statement at a time. Waiting is bounded.

    After a statement that succeeded, the connection is kept for the next one, unless a request waits for it: acquiring
    and releasing it through the pool would cost two tasks per statement.
    """

    def __init__(self, pool: Pool, limit: int, acquire_timeout: float) -> None:
        self._pool = pool
        self._limit = limit
        self._acquire_timeout = acquire_timeout
        self._waiting = 0
        self._ready: list[Any] = []

    def use(self) -> PoolUse:
        idle = self._pool.get_idle_size() + len(self._ready)
        return PoolUse(self._pool.get_size(), idle, self._limit, self._waiting)

    async def rows(self, sql: str, args: Sequence[Any], timeout: float | None) -> list[Any]:
        connection = await self._take()
        POOL_IN_USE.inc()
        went_well = False
        try:
            found: list[Any] = await connection.fetch(sql, *args, timeout=timeout)
            went_well = True
            return found
        except (asyncpg.QueryCanceledError, TimeoutError) as error:
            raise StatementTooSlow("the statement took too long") from error
        except _BROKEN as error:
            raise StoreUnavailable(f"database: {type(error).__name__}") from error
        finally:
            POOL_IN_USE.dec()
            if went_well and not self._waiting:
                self._ready.append(connection)
            else:
                await self._release(connection)

    async def close(self, within: float) -> None:
        while self._ready:
            await self._release(self._ready.pop())
        try:
            async with asyncio.timeout(within):
                await self._pool.close()
        except (TimeoutError, *_BROKEN):
            self._pool.terminate()

    async def _take(self) -> Any:
        while self._ready:
            connection = self._ready.pop()
            if not _is_gone(connection):
                POOL_WAIT.observe(0)
                return connection
            await self._release(connection)
        return await self._acquire()

    async def _acquire(self) -> PooledConnection:
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

    async def _release(self, connection: PooledConnection) -> None:
        try:
            await self._pool.release(connection, timeout=self._acquire_timeout)
        except (TimeoutError, asyncpg.PostgresError, *_BROKEN):
            with contextlib.suppress(asyncpg.InterfaceError):  # the pool may have closed it already
                connection.terminate()


def _is_gone(connection: Connection) -> bool:
    """Whether the connection was closed while it was kept. The pool itself handles the release of a closed
    connection.
    """
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True
