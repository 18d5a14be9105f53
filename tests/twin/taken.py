"""What a reader of the change log has; it outlives the reader."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from twin.store_double.store_tables import Tables

LAST_LOOKS = 400
"""Times that a reader looks for the end of the log after the faults."""


@dataclass(slots=True)
class Taken:
    """What a reader has: it outlives the reader, like its position."""

    position: int = 0
    entries: dict[int, dict[str, Any]] = field(default_factory=dict)

    def take(self, seq: int, document: bytes) -> str | None:
        """Takes one entry; returns what is wrong with it, if anything is."""
        entry = orjson.loads(document)
        if seq in self.entries:
            return None if self.entries[seq] == entry else f"entry {seq} was told in two ways"
        if seq != len(self.entries) + 1:
            return f"entry {seq} was told after {len(self.entries)}"
        self.entries[seq] = entry
        return None

    def wrong(self, tables: Tables) -> list[str]:
        """How the bills, rebuilt from the entries, differ from the table."""
        rebuilt: dict[str, tuple[int, bool]] = {}
        for seq in sorted(self.entries):
            entry = self.entries[seq]
            rebuilt[entry["bill_id"]] = (entry["version"], entry["kind"] == "REMOVED")
        rows = tables.table("bill").values()
        stored = {row["id"]: (row["version"], row["removed_at"] is not None) for row in rows}
        return [] if rebuilt == stored else [f"rebuilt {rebuilt}, stored {stored}"]


def head_of(tables: Tables) -> int:
    """The number of the last entry of the log; 0 while there is none."""
    return max((key[0] for key in tables.table("bill_change")), default=0)
