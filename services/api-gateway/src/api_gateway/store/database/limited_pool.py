"""A pool that lends a connection for one statement at a time, with bounded waiting."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from legis.errors import StoreUnavailable
from legis.streams.log_heads import LogHead
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

LAG_SECONDS = 0.1
"""Longest wait for a standby to have what is asked for; most lag by a few milliseconds."""

_LOOK_SECONDS = 0.01
_BEGINNING = LogHead()
_HEAD = "SELECT last_seq, last_render_seq FROM change_counter"


class StoreBusy(StoreUnavailable):
    """All connections are in use and the queue of waiting requests is full."""


class StatementTooSlow(StoreUnavailable):
    """A statement ran longer than readers allow and was stopped."""


class StandbyBehind(StoreUnavailable):
    """The server does not have the entries of the log that the reader knows of."""


@dataclass(frozen=True, slots=True)
class PoolUse:
    """Numbers of connections open, of those idle, and at most; and of requests that wait for a connection."""

    open: int
    idle: int
    limit: int
    waiting: int


class LimitedPool:
    """One pool, which lends a connection for one statement at a time. Waiting is bounded.

    After a statement that succeeded, the connection is kept for the next one, unless a request waits for it: acquiring
    and releasing it through the pool would cost two tasks per statement. What is known of the head of its server is
    kept with it.
    """

    def __init__(self, pool: Pool, limit: int, acquire_timeout: float) -> None:
        self._pool = pool
        self._limit = limit
        self._acquire_timeout = acquire_timeout
        self._waiting = 0
        self._ready: list[Any] = []
        self._heads: dict[Any, LogHead] = {}

    def use(self) -> PoolUse:
        """The connections of the pool at this moment."""
        idle = self._pool.get_idle_size() + len(self._ready)
        return PoolUse(self._pool.get_size(), idle, self._limit, self._waiting)

    async def rows(self, sql: str, args: Sequence[Any], timeout: float | None, wanted: LogHead | None) -> list[Any]:
        """All rows of one statement, from a server that has what is `wanted`: None for the primary, which has all.
        Raises StoreUnavailable.
        """
        connection = await self._take()
        POOL_IN_USE.inc()
        went_well = False
        try:
            if wanted is not None and not self._heads.get(connection, _BEGINNING).has(wanted):
                self._heads[connection] = await _head_at(connection, wanted, timeout)
            found: list[Any] = await connection.fetch(sql, *args, timeout=timeout)
            went_well = True
            return found
        except (asyncpg.QueryCanceledError, TimeoutError) as error:
            raise StatementTooSlow("the statement took too long") from error
        except StandbyBehind:
            went_well = True
            raise
        except _BROKEN as error:
            raise StoreUnavailable(f"database: {type(error).__name__}") from error
        finally:
            POOL_IN_USE.dec()
            if went_well and not self._waiting:
                self._ready.append(connection)
            else:
                await self._release(connection)

    async def renew(self) -> None:
        """Ends the connections that are not in use, and the others when they are free."""
        await self._pool.expire_connections()
        ready, self._ready = self._ready, []
        for connection in ready:
            with contextlib.suppress(asyncpg.InterfaceError):
                connection.terminate()  # an orderly end would wait for a server that may stand still
            await self._release(connection)

    async def close(self, within: float) -> None:
        """Closes every connection; after `within` seconds by force."""
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
        """Gives a connection back. A request that is cancelled meanwhile does not end the release, and its errors are
        still seen here: asyncpg, which shields it too, would leave them to the event loop to report.
        """
        await asyncio.shield(self._released(connection))

    async def _released(self, connection: PooledConnection) -> None:
        self._heads.pop(connection, None)
        try:
            await self._pool.release(connection, timeout=self._acquire_timeout)
        except (TimeoutError, asyncpg.PostgresError, *_BROKEN):
            with contextlib.suppress(asyncpg.InterfaceError):  # the pool may have closed it already
                connection.terminate()


async def _head_at(connection: Connection, wanted: LogHead, timeout: float | None) -> LogHead:
    """The head of the connection's server once it has what is wanted. Raises StandbyBehind."""
    deadline = time.monotonic() + LAG_SECONDS
    while True:
        row = await connection.fetchrow(_HEAD, timeout=timeout)
        head = LogHead() if row is None else LogHead(*row)
        if head.has(wanted):
            return head
        if time.monotonic() >= deadline:
            raise StandbyBehind(f"the server is at entry {head.seq}, not at {wanted.seq}")
        await asyncio.sleep(_LOOK_SECONDS)


def _is_gone(connection: Connection) -> bool:
    """Whether the connection was closed while it was kept. The pool itself handles the release of a closed
    connection.
    """
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True
