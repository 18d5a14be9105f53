"""Read access to PostgreSQL with limits: bounded waiting, one retry of a broken connection, errors of our own."""

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


class Database:
    """The pools as readers see them: one whose statements are planned for their values, one whose plans are made once.

    Every failure to reach PostgreSQL is StoreUnavailable.
    """

    def __init__(self, pool: Pool, fixed_pool: Pool, *, limit: int, acquire_timeout: float) -> None:
        self._planned = _Lender(pool, limit, acquire_timeout)
        self._fixed = _Lender(fixed_pool, limit, acquire_timeout)

    def use(self) -> PoolUse:
        """How the connections are used at this moment, those of both pools together."""
        one, other = self._planned.use(), self._fixed.use()
        return PoolUse(*(a + b for a, b in zip(astuple(one), astuple(other), strict=True)))

    async def rows(
        self, sql: str, args: Sequence[Any] = (), *, timeout: float | None = None, fixed: bool = False
    ) -> list[Any]:
        """All rows of one statement, asked once more when the connection turns out to be broken.

        `timeout` in seconds ends the statement on the server too. `fixed` is for a statement whose plan is right
        whatever its values are: it is planned once for each connection.
        """
        lender = self._fixed if fixed else self._planned
        try:
            return await lender.rows(sql, args, timeout)
        except (StoreBusy, StatementTooSlow):
            raise
        except StoreUnavailable:
            return await lender.rows(sql, args, timeout)

    async def row(self, sql: str, args: Sequence[Any] = (), *, fixed: bool = False) -> Any | None:
        """The first row of one statement, or None; repeated like `rows`."""
        found = await self.rows(sql, args, fixed=fixed)
        return found[0] if found else None

    async def close(self, within: float) -> None:
        """Closes every connection, by force after `within` seconds."""
        await asyncio.gather(self._planned.close(within), self._fixed.close(within))


class _Lender:
    """One pool, whose connections are lent for a statement each; waiting is bounded.

    A connection whose statement went well is kept at hand, unless somebody waits for one: taking it from the pool and
    giving it back would cost two tasks for every statement.
    """

    def __init__(self, pool: Pool, limit: int, acquire_timeout: float) -> None:
        self._pool = pool
        self._limit = limit
        self._acquire_timeout = acquire_timeout
        self._waiting = 0
        self._at_hand: list[Any] = []

    def use(self) -> PoolUse:
        idle = self._pool.get_idle_size() + len(self._at_hand)
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
                self._at_hand.append(connection)
            else:
                await self._release(connection)

    async def close(self, within: float) -> None:
        while self._at_hand:
            await self._release(self._at_hand.pop())
        try:
            async with asyncio.timeout(within):
                await self._pool.close()
        except (TimeoutError, *_BROKEN):
            self._pool.terminate()

    async def _take(self) -> Any:
        while self._at_hand:
            connection = self._at_hand.pop()
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
            with contextlib.suppress(asyncpg.InterfaceError):  # the pool may have ended it already
                connection.terminate()


def _is_gone(connection: Connection) -> bool:
    """Whether it was closed while it was at hand; the pool takes a closed one back by itself."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True
