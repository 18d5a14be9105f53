"""A reader of exports: the whole once, then the delta of each, as docs/exports.md says; checked by the sums."""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

Manifest = Mapping[str, Any]
Rows = dict[str, list[bytes]]
"""Lines of NDJSON by the value of the table's key."""


@dataclass(slots=True)
class ExportCopy:
    """What a reader has of all tables. It outlives the reader."""

    id: str = ""
    epoch: str = ""
    as_of_seq: int = 0
    tables: dict[str, Rows] = field(default_factory=dict)
    wholes: int = 0
    deltas: int = 0

    def follows(self, manifest: Manifest) -> bool:
        """Whether the delta of this export begins at the export that this copy is of."""
        delta = manifest["delta"]
        return delta is not None and manifest["epoch"] == self.epoch and delta["from_export"] == self.id

    def wanted(self, manifest: Manifest) -> list[Mapping[str, Any]]:
        """The files to fetch: those of the delta where it follows, else all tables."""
        files = manifest["delta"]["files"] if self.follows(manifest) else manifest["files"]
        return [file for file in files if file["format"] == "ndjson.gz"]

    def take(self, manifest: Manifest, files: Mapping[str, bytes]) -> list[str]:
        """Takes an export by the files that were wanted, by name. Returns how it differs from the manifest."""
        by_delta = self.follows(manifest)
        keys = {table["name"]: table["key"] for table in manifest["tables"]}
        emptied = {table["name"]: table["emptied"] for table in manifest["delta"]["tables"]} if by_delta else {}
        for file in self.wanted(manifest):
            name = file["resource"]
            rows = _by_key(gzip.decompress(files[file["name"]]).splitlines(), keys[name])
            if by_delta:
                for key in emptied[name]:
                    self.tables[name].pop(key, None)
                self.tables[name] |= rows
            else:
                self.tables[name] = rows
        self.wholes, self.deltas = self.wholes + (not by_delta), self.deltas + by_delta
        self.id, self.epoch, self.as_of_seq = manifest["id"], manifest["epoch"], manifest["as_of_seq"]
        return list(self._wrong(manifest))

    def _wrong(self, manifest: Manifest) -> Iterable[str]:
        for table in manifest["tables"]:
            lines = [line for group in self.tables[table["name"]].values() for line in group]
            found = len(lines), checksum(lines)
            if found != (table["rows"], table["checksum"]):
                told = table["rows"], table["checksum"]
                yield f"{table['name']} of export {self.id} has rows and checksum {found}, told are {told}"


def checksum(lines: Iterable[bytes]) -> str:
    """The checksum of a table, as the manifest has it."""
    sums = (int.from_bytes(hashlib.sha256(line).digest()[:8], "big") for line in lines)
    return f"{sum(sums) % 2**64:016x}"


def _by_key(lines: Iterable[bytes], key: str) -> Rows:
    found: Rows = {}
    for line in lines:
        found.setdefault(orjson.loads(line)[key], []).append(line)
    return found
