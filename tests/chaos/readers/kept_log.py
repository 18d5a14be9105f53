"""What a reader of entries has: it outlives the reader, like the place that it goes on from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chaos.watch.change_follower import EVERYTHING, Entry

BILLS = "bill"
REMOVED = "REMOVED"
__all__ = ["BILLS", "EVERYTHING", "KeptLog", "Stored"]


@dataclass(frozen=True, slots=True)
class Stored:
    """The end of the log, its entries with what they are about, what the tables hold (by id, version and whether it
    counts as removed), and documents by id. `quiet` is where the log ended when readers were no longer killed."""

    epoch: str
    head: int
    log: list[tuple[Entry, str]]
    states: Mapping[str, tuple[int, bool]]
    documents: Mapping[str, bytes]
    quiet: int


@dataclass(slots=True)
class KeptLog:
    """Entries by number, each taken once however often it is told. `place` is where the reader goes on from: kept after
    what it has taken, so that it may be told again of what it has."""

    entries: dict[int, Entry] = field(default_factory=dict)
    removals: dict[int, bool] = field(default_factory=dict)
    place: int = 0
    epoch: str = ""
    told_again: int = 0
    again: int = 0

    def forget(self) -> None:
        """The log was begun again: numbers mean other changes."""
        self.entries, self.removals, self.place, self.epoch = {}, {}, 0, ""
        self.again += 1

    def take(self, change: Mapping[str, Any]) -> str | None:
        """Takes one entry; returns what is wrong with it, if anything is."""
        seq = int(change["seq"])
        entry = seq, str(change["subject"]["id"]), int(change["version"])
        known = self.entries.get(seq)
        self.told_again += known is not None
        self.entries[seq] = entry
        self.removals[seq] = change["kind"] == REMOVED
        return None if known in (None, entry) else f"entry {known} was told as {entry} too"

    def wrong(self, stored: Stored, about: str) -> Iterable[str]:
        """How entries and what is rebuilt from them differ from log and tables. `about`: what the reader asked for.
        Entries that came after `stored` do not count."""
        kinds = set(about.upper().split(","))
        expected = [entry for entry, kind in stored.log if kind in kinds]
        told = [self.entries[seq] for seq in sorted(self.entries) if seq <= stored.head]
        if told != expected:
            lacking, beyond = sorted(set(expected) - set(told)), sorted(set(told) - set(expected))
            yield f"was told {len(told)} entries of {len(expected)}: lacks {lacking[:3]}, has beyond {beyond[:3]}"
        last = {entry[1]: (entry[2], self.removals[entry[0]]) for entry in told}
        ids = {entry[1] for entry in expected}
        for key in sorted(ids):
            if last.get(key) != stored.states.get(key):
                yield f"{key} was rebuilt as {last.get(key)}, stored is {stored.states.get(key)}"
                return
