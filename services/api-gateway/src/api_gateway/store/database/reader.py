"""Read access to PostgreSQL with limits: bounded waiting, retries of broken connections, typed errors; from standbys
that are not behind what the reader knows.
"""

import asyncio
import contextlib
import copy
from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import Any, Self

from legis.errors import StoreUnavailable
from legis.streams.log_heads import LogHead
from legis.waiting import wait_or_stop

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.limited_pool import (
    LimitedPool,
    PoolUse,
    StandbyBehind,
    StatementTooSlow,
    StoreBusy,
)

RENEW_SECONDS = 30.0
"""Time after which connections to standbys are made again, so that one that comes back is used again."""

FIRST_TRY_SECONDS = 1.0
"""Time after which a statement is sent to another standby: the host may stand still."""

NOTHING = LogHead()

__all__ = ["Database", "PoolUse", "StatementTooSlow", "StoreBusy"]


class Database:
    """The two pools that readers use: one plans each statement for its values, the other plans it once per connection.

    With a `primary` the pools are those of standbys: a standby that is behind `announced` (the part of the log that web
    was told of) or behind what the request asks for is not read from. Every failure to reach PostgreSQL is raised as
    StoreUnavailable.
    """

    def __init__(
        self,
        pool: Pool,
        fixed_pool: Pool,
        *,
        limit: int,
        acquire_timeout: float,
        hosts: int = 1,
        primary: "Database | None" = None,
        announced: Callable[[], LogHead] = lambda: NOTHING,
    ) -> None:
        self._planned = LimitedPool(pool, limit, acquire_timeout)
        self._fixed = LimitedPool(fixed_pool, limit, acquire_timeout)
        self._tries = max(2, hosts + 1)
        self._several = hosts > 1
        self._primary = primary
        self._announced = announced
        self._wanted = NOTHING
        self._newest_first = False

    @property
    def has_standbys(self) -> bool:
        """Whether what is read may be behind the primary."""
        return self._primary is not None

    def use(self) -> PoolUse:
        """The connections of all pools together, at this moment."""
        pools = [self._planned.use(), self._fixed.use()]
        if self._primary is not None:
            pools.append(self._primary.use())
        return PoolUse(*map(sum, zip(*map(astuple, pools), strict=True)))

    def at_least(self, seq: int) -> Self:
        """The same database for a reader who has seen entry `seq` of the log. While the primary is away, statements
        raise StandbyBehind if no standby has it.
        """
        return self._like(wanted=LogHead(seq)) if self._primary is not None else self

    @property
    def primary(self) -> "Database":
        """The database of the primary alone: what no standby may answer, since it may be behind."""
        return self if self._primary is None else self._primary

    def newest(self) -> Self:
        """The same database, read from the primary; from a standby only while the primary is away."""
        return self._like(newest_first=self._primary is not None)

    def _like(self, *, wanted: LogHead = NOTHING, newest_first: bool = False) -> Self:
        other = copy.copy(self)
        other._wanted, other._newest_first = wanted, newest_first
        return other

    async def rows(
        self, sql: str, args: Sequence[Any] = (), *, timeout: float | None = None, fixed: bool = False
    ) -> list[Any]:
        """All rows of one statement. The statement is sent again if its connection was broken.

        `timeout`, in seconds, ends the statement on the server too. `fixed` is for a statement whose best plan does not
        depend on its values: it is planned once per connection.
        """
        if self._primary is None:
            return await self._tried(sql, args, timeout, fixed, None)
        if self._newest_first:
            with contextlib.suppress(StoreUnavailable):
                return await self._primary.rows(sql, args, timeout=timeout, fixed=fixed)
        try:
            return await self._tried(sql, args, timeout, fixed, self._wanted.or_later(self._announced()))
        except (StoreBusy, StatementTooSlow):
            raise
        except StoreUnavailable:  # every standby is behind, or away
            return await self._of_primary(sql, args, timeout, fixed)

    async def row(self, sql: str, args: Sequence[Any] = (), *, fixed: bool = False) -> Any | None:
        """The first row of one statement, or None. Repeated like `rows`."""
        found = await self.rows(sql, args, fixed=fixed)
        return found[0] if found else None

    async def run(self, stop: asyncio.Event) -> None:
        """Renews the connections to several hosts now and then, until `stop` is set."""
        while self._several and not await wait_or_stop(stop, RENEW_SECONDS):
            await self._renew()
        await stop.wait()

    async def close(self, within: float) -> None:
        """Closes every connection; after `within` seconds by force."""
        closing = [self._planned.close(within), self._fixed.close(within)]
        if self._primary is not None:
            closing.append(self._primary.close(within))
        await asyncio.gather(*closing)

    async def _of_primary(self, sql: str, args: Sequence[Any], timeout: float | None, fixed: bool) -> list[Any]:
        """The rows from the primary; while it is away, from a standby that has at least what the request asks for."""
        assert self._primary is not None
        try:
            return await self._primary.rows(sql, args, timeout=timeout, fixed=fixed)
        except StoreBusy:
            raise
        except StoreUnavailable:
            return await self._tried(sql, args, timeout, fixed, self._wanted)

    async def _tried(
        self, sql: str, args: Sequence[Any], timeout: float | None, fixed: bool, wanted: LogHead | None
    ) -> list[Any]:
        pool = self._fixed if fixed else self._planned
        patience = FIRST_TRY_SECONDS if self._several and timeout is None else timeout
        for left in range(self._tries - 1, -1, -1):
            try:
                return await pool.rows(sql, args, patience if left else timeout, wanted)
            except StatementTooSlow:
                if not (left and self._several and timeout is None):
                    raise
                patience = None
                await self._renew()
            except (StoreBusy, StandbyBehind):
                raise
            except StoreUnavailable:
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _renew(self) -> None:
        await self._planned.renew()
        await self._fixed.renew()
