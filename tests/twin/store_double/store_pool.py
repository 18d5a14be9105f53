"""A pool of the double: connections that wait, break, and lose the answer to a commit."""

import asyncio
from random import Random
from typing import Any

import asyncpg

from twin.store_double.store_statements import STATEMENTS
from twin.store_double.store_tables import Now, Tables, Transaction


class StoreWire:
    """The way to one PostgreSQL, shared by every pool. Faults switch its fields."""

    def __init__(self, tables: Tables, random: Random, now: Now) -> None:
        self.tables = tables
        self.random = random
        self.now = now
        self.down = False
        self.slow = 0.002
        self.lossy = 0.0
        """Share of statements whose connection breaks; of commits half do so after the commit."""
        self.running: dict[Transaction, None] = {}  # in order, which a set has none of
        self.statements = 0

    def crash(self) -> None:
        """Ends every transaction that is under way, as a server that restarts does."""
        for transaction in list(self.running):
            transaction.end()
        self.running.clear()

    async def travel(self) -> None:
        """The way there: now and then it takes time, sometimes it breaks."""
        self.statements += 1
        random = self.random
        if random.random() < 0.25:
            await asyncio.sleep(random.random() * self.slow)
        if self.down or random.random() < self.lossy:
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


class BesideWire(StoreWire):
    """The same way to the same server for one more process, whose luck is drawn apart: that of the others stays."""

    def __init__(self, wire: StoreWire, random: Random) -> None:
        self._wire = wire
        self.random = random
        self.statements = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wire, name)


class TwinPool:
    """One process's pool. After `kill` nothing it is asked reaches the server."""

    def __init__(self, wire: StoreWire) -> None:
        self.wire = wire
        self.dead = False

    def kill(self) -> None:
        """The process is gone; the server ends its transactions as their tasks are cancelled."""
        self.dead = True

    def acquire(self, *, timeout: float) -> "TwinConnection":
        """A connection for `async with`."""
        return TwinConnection(self)


class TwinConnection:
    """One connection; outside of `transaction()` every statement commits by itself."""

    def __init__(self, pool: TwinPool) -> None:
        self._pool = pool
        self._wire = pool.wire
        self._transaction: Transaction | None = None

    async def __aenter__(self) -> "TwinConnection":
        self._alive()
        if self._wire.down:
            await asyncio.sleep(0.001)
            raise ConnectionRefusedError("connect call failed")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._forget()

    def transaction(self) -> "TwinBlock":
        """A transaction for `async with`."""
        return TwinBlock(self)

    def begin(self) -> Transaction:
        """Starts the transaction that statements belong to from now on."""
        self._transaction = Transaction(self._wire.tables)
        self._wire.running[self._transaction] = None
        return self._transaction

    def _forget(self) -> None:
        if self._transaction is not None:
            self._transaction.end()
            self._wire.running.pop(self._transaction, None)
            self._transaction = None

    async def finish(self, commit: bool) -> None:
        """Ends the transaction. A commit may break before it happens, or happen and break after."""
        transaction = self._transaction
        try:
            if commit and transaction is not None:
                self._alive()
                await self._wire.travel()
                transaction.commit()
                await self._wire.travel()
        finally:
            self._forget()

    async def fetch(self, sql: str, *args: Any, timeout: float | None = None) -> list[Any]:
        """Runs a statement that the store is known to send."""
        self._alive()
        await self._wire.travel()
        if self._transaction is not None:
            return await self._run(self._transaction, sql, args)
        transaction = self.begin()
        rows = await self._run(transaction, sql, args)
        await self.finish(commit=True)
        return rows

    async def _run(self, transaction: Transaction, sql: str, args: tuple[Any, ...]) -> list[Any]:
        if not transaction.open:
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
        statement = STATEMENTS.get(sql)
        if statement is None:
            raise NotImplementedError(f"the twin does not know this statement: {sql}")
        return await statement(transaction, self._wire.now, args)

    async def fetchrow(self, sql: str, *args: Any) -> Any:
        """The first row."""
        rows = await self.fetch(sql, *args)
        return rows[0] if rows else None

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """The first value of the first row."""
        row = await self.fetchrow(sql, *args)
        return None if row is None else next(iter(row.values()))

    async def execute(self, sql: str, *args: Any) -> None:
        """Runs a statement for its effect."""
        await self.fetch(sql, *args)

    def _alive(self) -> None:
        if self._pool.dead:
            raise asyncio.CancelledError


class TwinBlock:
    """`async with connection.transaction()`."""

    def __init__(self, connection: TwinConnection) -> None:
        self._connection = connection

    async def __aenter__(self) -> None:
        self._connection.begin()

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self._connection.finish(commit=kind is None)
