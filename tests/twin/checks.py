"""The promises: some are checked at every commit, the rest once the faults have stopped."""

from collections.abc import Iterable
from typing import Any

import orjson
from legis.events import Walk
from legis.streams.names import BILLS_STREAM, STORE_GROUP

from .chamber import Chamber
from .redis_server import RedisServer, Stream
from .store_tables import Key, Row, Tables


class Violation(Exception):
    """A promise was broken; the message begins with its number in `design: what a test must assert`."""


def said_by(row: Row) -> tuple[str, str]:
    """What a stored bill says, comparable with what the chamber says."""
    record = orjson.loads(row["record"])
    return record.get("title", ""), (record.get("latest_action") or {}).get("date", "")


class Checks:
    """Watches one run. Every violation is kept, the first of each kind is enough to fail it."""

    def __init__(self, chamber: Chamber, tables: Tables, server: RedisServer) -> None:
        self._chamber = chamber
        self._tables = tables
        self._server = server
        self.violations: list[str] = []
        self.commits = 0
        tables.on_commit.append(self.at_commit)

    def violated(self, text: str) -> None:
        """Notes a broken promise."""
        self.violations.append(text)

    def at_commit(self, writes: dict[tuple[str, Key], Row | None]) -> None:
        """What must hold whenever a transaction becomes visible."""
        self.commits += 1
        changes: list[Row] = []
        for (table, key), row in writes.items():
            if table == "bill":
                self._bill(key, row)
            elif table == "bill_change" and row is not None:
                changes.append(row)
            elif table == "source_cursor" and row is not None:
                self._cursor(key, row, writes)
        if changes:
            self._log(changes)

    def _bill(self, key: Key, row: Row | None) -> None:
        old = self._tables.table("bill").get(key)
        if row is None:
            self.violated(f"I1 {key[0]} vanished")
            return
        if old is not None and (row["version"] < old["version"] or row["read_seq"] < old["read_seq"]):
            self.violated(f"I3 {key[0]} went from {_order(old)} to {_order(row)}")
        states = self._chamber.history.get(key[0].partition("-")[2], [])
        if said_by(row) not in {state.said for state in states}:
            self.violated(f"I4 {key[0]} says {said_by(row)}, which the source never said")

    def _log(self, changes: list[Row]) -> None:
        committed = self._tables.table("bill_change")
        seqs = sorted(row["seq"] for row in changes)
        if seqs != list(range(len(committed) + 1, len(committed) + len(seqs) + 1)):
            self.violated(f"seq: {seqs} committed after {len(committed)}")
        for row in sorted(changes, key=lambda change: change["seq"]):
            known = sum(old["bill_id"] == row["bill_id"] for old in committed.values())
            known += sum(new["bill_id"] == row["bill_id"] and new["seq"] <= row["seq"] for new in changes)
            if row["version"] != known:
                self.violated(f"I4 {row['bill_id']} got version {row['version']} as its change number {known}")

    def _cursor(self, key: Key, row: Row, writes: dict[tuple[str, Key], Row | None]) -> None:
        old = self._tables.table("source_cursor").get(key)
        if old is not None and row["position"] < old["position"]:
            self.violated(f"I6 the cursor of {key[1]} went back")
        if key[1] != Walk.INCREMENTAL or not self._chamber.manners.strict:
            return
        for upstream_id, states in self._chamber.history.items():
            # one that changed since is listed under its new time: the next window's business
            newest = states[-1]
            if newest.listed <= row["position"] and not self._is_there(upstream_id, newest.revision):
                self.violated(f"I6 the cursor is ahead of bill {upstream_id}, revision {newest.revision}")

    def _is_there(self, upstream_id: str, revision: int) -> bool:
        """Whether that revision or a later one is stored or parked."""
        states = self._chamber.history[upstream_id][revision:]
        stored = self._tables.table("bill").get((f"{self._chamber.manners.source.value}-{upstream_id}",))
        if stored is not None and said_by(stored) in {state.said for state in states}:
            return True
        return any(state.poison for state in states) and upstream_id in self._parked()

    def _parked(self) -> set[str]:
        return {row["upstream_id"] for row in self._tables.table("dead_letter").values()}

    def capacity(self, most: int) -> None:
        """I8, asked after every publication."""
        length = self._server.xlen(BILLS_STREAM)
        if length > most:
            self.violated(f"I8 {length} entries on the stream, {most} allowed")

    def unsettled(self) -> list[str]:
        """What is not yet as it must be in the end; empty when all has converged."""
        return [*self._stored(), *self._letters(), *self._backlog()]

    def _stored(self) -> Iterable[str]:
        bills = self._tables.table("bill")
        for state in self._chamber.current():
            key = f"{self._chamber.manners.source.value}-{state.upstream_id}"
            row = bills.get((key,))
            if state.poison:
                if state.upstream_id not in self._parked():
                    yield f"I5 poison of bill {state.upstream_id} is not parked"
            elif row is None:
                yield f"I1 {key} is missing"
            elif said_by(row) != state.said:
                yield f"I2 {key} says {said_by(row)}, the source {state.said}"

    def _letters(self) -> Iterable[str]:
        poisoned = {key for key, states in self._chamber.history.items() if any(state.poison for state in states)}
        for row in self._tables.table("dead_letter").values():
            if row["upstream_id"] not in poisoned:
                yield f"I5 a dead letter nobody injected: {row['stage']} {row['upstream_id']} {row['error'][:80]}"

    def _backlog(self) -> Iterable[str]:
        stream: Any = self._server.keys.get(BILLS_STREAM)
        if isinstance(stream, Stream):
            group = stream.groups.get(STORE_GROUP)
            if stream.entries or (group and group.pending):
                yield f"I7 {len(stream.entries)} entries on the stream, {len(group.pending) if group else 0} pending"


def _order(row: Row) -> str:
    return f"version {row['version']} read {row['read_seq']}"
