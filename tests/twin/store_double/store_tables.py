"""PostgreSQL's part that the product leans on: read committed, row locks, all or nothing, deadlocks noticed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import asyncpg

Row = dict[str, Any]
Key = tuple[Any, ...]

Now = Callable[[], datetime]

_LOCK_SECONDS = 10.0


class Tables:
    """What is committed, and who holds which row."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[Key, Row]] = {}
        self.ordinals = 0
        """Given out for good, by a sequence: what is rolled back leaves a gap."""
        self.holders: dict[tuple[str, Key], Transaction] = {}
        self.freed: dict[tuple[str, Key], list[asyncio.Future[None]]] = {}
        self.on_commit: list[Callable[[dict[tuple[str, Key], Row | None]], None]] = []
        """Called with what a transaction writes just before it becomes visible; the continuous checks."""

    def table(self, name: str) -> dict[Key, Row]:
        """The committed rows of a table."""
        return self.rows.setdefault(name, {})


class Transaction:
    """One transaction: its writes are seen by itself, and by all when it commits."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._writes: dict[tuple[str, Key], Row | None] = {}
        self._held: list[tuple[str, Key]] = []
        self._waits_for: tuple[str, Key] | None = None
        self.open = True

    def get(self, table: str, key: Key) -> Row | None:
        """A row as this transaction sees it now."""
        if (table, key) in self._writes:
            return self._writes[table, key]
        return self._tables.table(table).get(key)

    def scan(self, table: str) -> Iterator[tuple[Key, Row]]:
        """Every row of a table as this transaction sees it now."""
        own = {key: row for (name, key), row in self._writes.items() if name == table}
        for key, row in self._tables.table(table).items():
            if key not in own:
                yield key, row
        for key, written in own.items():
            if written is not None:
                yield key, written

    def is_free(self, table: str, key: Key) -> bool:
        """Whether nobody else holds that row: what SKIP LOCKED asks."""
        return self._tables.holders.get((table, key)) in (None, self)

    def put(self, table: str, key: Key, row: Row | None) -> None:
        """Writes a row (None: deletes it) whose lock is held."""
        self._writes[table, key] = row

    def next_ordinal(self) -> int:
        """The next number of the identity column."""
        self._tables.ordinals += 1
        return self._tables.ordinals

    async def lock(self, table: str, key: Key) -> None:
        """Takes a row's lock, waiting for whoever holds it; keys not yet there are locked the same way."""
        where = (table, key)
        holders = self._tables.holders
        while (holder := holders.get(where)) is not None and holder is not self:
            self._waits_for = where
            try:
                if self._in_a_circle():
                    raise asyncpg.DeadlockDetectedError("deadlock detected")
                freed = asyncio.get_running_loop().create_future()
                self._tables.freed.setdefault(where, []).append(freed)
                async with asyncio.timeout(_LOCK_SECONDS):
                    await freed
            except TimeoutError as error:
                raise asyncpg.QueryCanceledError("canceling statement due to statement timeout") from error
            finally:
                self._waits_for = None
            self._must_be_open()
        self._must_be_open()
        if where not in holders:
            holders[where] = self
            self._held.append(where)

    def _must_be_open(self) -> None:
        if not self.open:
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    def _in_a_circle(self) -> bool:
        transaction: Transaction | None = self
        for _ in range(100):
            if transaction is None or transaction._waits_for is None:
                return False
            transaction = self._tables.holders.get(transaction._waits_for)
            if transaction is self:
                return True
        return True

    def commit(self) -> None:
        """Makes every write visible at once."""
        self._must_be_open()
        for check in self._tables.on_commit:
            check(self._writes)
        for (name, key), row in self._writes.items():
            if row is None:
                self._tables.table(name).pop(key, None)
            else:
                self._tables.table(name)[key] = row
        self.end()

    def end(self) -> None:
        """Frees every lock; what was not committed is forgotten."""
        if not self.open:
            return
        self.open = False
        for where in self._held:
            del self._tables.holders[where]
            for freed in self._tables.freed.pop(where, []):
                if not freed.done():
                    freed.set_result(None)


Statement = Callable[[Transaction, Now, Sequence[Any]], Awaitable[list[Any]]]
