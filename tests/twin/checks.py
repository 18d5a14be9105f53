"""The promises: some are checked at every commit, the rest once the faults have stopped."""

from collections.abc import Iterable
from typing import Any

import orjson
from api_gateway.store.reconciliation.removal_rule import MAX_WITHOUT_SHARE, RemovalRule
from legis.events import Walk
from legis.streams.names import BILLS_STREAM, STORE_GROUP

from twin.chamber import Chamber
from twin.redis_double.redis_server import RedisServer
from twin.redis_double.redis_stream import Stream
from twin.store_double.store_tables import Key, Row, Tables


class Violation(Exception):
    """A promise was broken; the message begins with its number in `design: what a test must assert`."""


def said_by(row: Row) -> tuple[str, str]:
    """What a stored bill says, comparable with what the chamber says."""
    record = orjson.loads(row["record"])
    return record.get("title", ""), (record.get("latest_action") or {}).get("date", "")


def authors_of(row: Row) -> tuple[str, ...]:
    """The authors that a stored bill names."""
    return tuple(item["name"] for item in orjson.loads(row["record"]).get("sponsorships", ()))


class Checks:
    """Watches one run. Every violation is kept, the first of each kind is enough to fail it."""

    def __init__(self, chamber: Chamber, tables: Tables, server: RedisServer, rule: RemovalRule) -> None:
        self._rule = rule
        self._chamber = chamber
        self._tables = tables
        self._server = server
        self.violations: list[str] = []
        self.commits = 0
        self._doubted: set[Key] = set()
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
            elif table == "list_doubt":
                self._doubted.add(key)
        for (table, key), row in writes.items():
            if table == "source_cursor" and row is not None:
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

        if old is not None:
            self._authors(key[0], old, row, {name for state in states for name in state.authors}, states)
        if row["removed_at"] is not None and (old is None or old["removed_at"] is None):
            self._removed(key[0].partition("-")[2])

    def _authors(self, key: str, old: Row, row: Row, known: set[str], states: list[Any]) -> None:
        """An author goes only if the source truly had the bill without them once; who never signed may. Where no other
        bill has shown its authors yet, nobody can tell an outage from the truth, and a second reading is believed.

        No single fault may cost an author, however long it lasts. Two may: if each contains one of the readings and
        other bills are whole in between, they look like a true loss (docs/adr/0024).
        """
        source, _, upstream_id = key.partition("-")
        reading = self._tables.table("list_reading").get((source, "sponsorships"), {"witnesses": []})
        if set(reading["witnesses"]) <= {upstream_id} or self._faults_in_doubt(key, upstream_id) > 1:
            return
        for name in set(authors_of(old)) & known - set(authors_of(row)):
            if all(name in state.authors for state in states):
                self.violated(f"I19 {key} lost author {name}, whom the source always had")

    def _faults_in_doubt(self, key: str, upstream_id: str) -> int:
        """How many faults have answered for the authors of a bill since they came into doubt."""
        doubt = self._tables.table("list_doubt").get((key, "sponsorships"))
        wrong = self._chamber.hollowed.get(upstream_id, []) if doubt else []
        return len({number for at, number in wrong if doubt and at >= doubt["first_at"]})

    def _removed(self, upstream_id: str) -> None:
        """The rule, from what the chamber has really answered: more than was stored, never less."""
        lacked, rule = self._chamber.lacked.get(upstream_id, []), self._rule
        if upstream_id not in self._chamber.denied:
            self.violated(f"I15 {upstream_id} is marked removed, though its source was never asked or has it")
        if len(lacked) < rule.misses or (lacked[-1] - lacked[0]).days < rule.least_span:
            self.violated(f"I15 {upstream_id} is marked removed after lists of {lacked} lacked it")

    def _log(self, changes: list[Row]) -> None:
        committed = self._tables.table("bill_change")
        removed = [row for row in (*committed.values(), *changes) if row["kind"] == "REMOVED"]
        if len(removed) > MAX_WITHOUT_SHARE:
            self.violated(f"I15 {len(removed)} bills of so few were marked removed within a day")
        seqs = sorted(row["seq"] for row in changes)
        if seqs != list(range(len(committed) + 1, len(committed) + len(seqs) + 1)):
            self.violated(f"seq: {seqs} committed after {len(committed)}")
        for row in sorted(changes, key=lambda change: change["seq"]):
            known = sum(old["bill_id"] == row["bill_id"] for old in committed.values())
            known += sum(new["bill_id"] == row["bill_id"] and new["seq"] <= row["seq"] for new in changes)
            if row["version"] != known:
                self.violated(f"I4 {row['bill_id']} got version {row['version']} as its change number {known}")
            if row["kind"] != (told := _kind_told(row)):
                self.violated(f"kind: {row['bill_id']} version {row['version']} is {row['kind']}, not {told}")
            # a list that got no answer at first is read for the first time later
            if (
                row["kind"] == "READ"
                and (row["bill_id"], "sponsorships") not in self._doubted
                and any(old["bill_id"] == row["bill_id"] and old["kind"] == "READ" for old in committed.values())
            ):
                self.violated(f"kind: {row['bill_id']} was read for the first time twice")

    def _cursor(self, key: Key, row: Row, writes: dict[tuple[str, Key], Row | None]) -> None:
        old = self._tables.table("source_cursor").get(key)
        if old is not None and row["position"] < old["position"]:
            self.violated(f"I6 the cursor of {key[1]} went back")
        if key[1] != Walk.INCREMENTAL or not self._chamber.manners.strict:
            return
        for upstream_id, states in self._chamber.history.items():
            if upstream_id in self._chamber.gone or upstream_id in self._chamber.returned:
                continue  # not listed as changed: the comparison of whole lists is what finds it
            if self._was_in_doubt(upstream_id):
                continue  # asked for by itself, it may be answered by a replica that lags, which no list row tells
            # one that changed since is listed under its new time: the next window's business
            newest = states[-1]
            if newest.listed <= row["position"] and not self._is_there(upstream_id, newest.revision):
                self.violated(f"I6 the cursor is ahead of bill {upstream_id}, revision {newest.revision}")

    def _was_in_doubt(self, upstream_id: str) -> bool:
        return (f"{self._chamber.manners.source.value}-{upstream_id}", "sponsorships") in self._doubted

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
        return [*self.untrue(), *self.unmarked()]

    def untrue(self) -> list[str]:
        """The same without what is yet to be marked as removed."""
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
            elif row["removed_at"] is not None:
                yield f"I15 {key} is there and still marked removed"
            elif self._claims_authors(key, row) and sorted(authors_of(row)) != sorted(state.authors):
                yield f"I2 {key} has the authors {authors_of(row)}, the source {state.authors}"
            elif (key, "sponsorships") in self._tables.table("list_doubt"):
                yield f"I19 {key} is still in doubt"

    def _claims_authors(self, key: str, row: Row) -> bool:
        """Whether a detail or a file has named its authors; rows of lists do not. Those of a file may be older than the
        bill, until its detail is read.
        """
        return bool(authors_of(row)) or b'"DETAIL"' in self._tables.table("bill")[key,]["provenance"]

    def unmarked(self) -> Iterable[str]:
        """Bills that vanished after a list had them, where the rule can be met within a run.

        A list of before may be compared last, and say only now that it had the bill: then later lists must miss it.
        """
        years = {state.year for state in self._chamber.current()}
        for upstream_id in sorted(self._chamber.gone) if self._rule.days == 0 else ():
            key = f"{self._chamber.manners.source.value}-{upstream_id}"
            sighted = self._tables.table("bill_sighting").get((key,))
            bill = self._tables.table("bill").get((key,))
            if bill and bill["removed_at"] is None and sighted and sighted["year"] in years and self._may_remove():
                yield f"I15 {key} is gone and not marked removed"

    def questions(self) -> list[str]:
        """What sources were asked and did not answer yet; asking now and then is normal, never being heard is not."""
        return [f"I15 nobody answered the question about {key[1]}" for key in self._tables.table("source_question")]

    def _may_remove(self) -> bool:
        """Whether the day's allowance is enough for all that are gone."""
        changes = self._tables.table("bill_change").values()
        recent = sum(row["kind"] == "REMOVED" for row in changes)
        return recent + len(self._chamber.gone) <= MAX_WITHOUT_SHARE

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


_STRONGEST = ("MOVED", "CORRECTED", "EDITED", "READ")


def _kind_told(row: Row) -> str:
    """What kind of change an entry must be, by what the chamber does to the fields that it tells."""
    if row["version"] == 1:
        return "CREATED"
    changes = {change["field"]: change for change in orjson.loads(row["document"])["changes"]}
    if "removed_at" in changes:
        return "CORRECTED"
    # a number that cannot be stored stays in the log where the next reading of the same batch puts it right
    kinds = {"title": "EDITED", "abstract": "EDITED", "number": "EDITED", "regime_text": "READ"}
    if (signed := changes.get("sponsorships")) is not None:  # a first detail may only add to what a list showed
        kinds["sponsorships"] = signed["kind"] if signed["kind"] in ("EDITED", "READ") else "EDITED or READ"
    if (acted := changes.get("latest_action")) is not None:
        kinds["latest_action"] = "MOVED" if acted["old"]["date"] < acted["new"]["date"] else "CORRECTED"
    found = {kinds.get(field, f"a change of {field}") for field in changes}
    return next((kind for kind in _STRONGEST if kind in found), "REMOVED" if not found else str(found))
