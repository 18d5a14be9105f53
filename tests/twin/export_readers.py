"""A builder of exports that is killed over them, and a reader that keeps up by their deltas.

Building, comparing with the export before and tidying up are the product's; the snapshot is of the double's tables, the
store of files is in memory, and of all tables there are bills alone.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from random import Random
from typing import Any

import obstore
import orjson
from api_gateway.exporter import build_export
from api_gateway.exporter.export_writer import ExportWriter
from api_gateway.exports.export_library import MANIFEST, export_ids
from api_gateway.store.exports.export_snapshot import SnapshotHead
from followers.export_copy import ExportCopy
from obstore.store import MemoryStore

from twin.store_double.store_index import EPOCH
from twin.store_double.store_tables import Now, Row, Tables
from twin.taken import LAST_LOOKS, head_of

LONGEST_PAUSE, LAST_PAUSE = 2.5, 1.1
"""Virtual seconds between two exports; their ids are of whole seconds."""


_RULES = build_export.BuildRules("sample", None, 2)


class _Killed(Exception):
    """The builder is gone in the middle of its work."""


class _KilledWriter(ExportWriter):
    """A writer whose builder may be killed before it stores a file."""

    def __init__(self, store: MemoryStore, draw: Random, deadly: float) -> None:
        super().__init__(store)
        self._draw = draw
        self._deadly = deadly

    def put(self, path: str, file: Any) -> None:
        """Stores a file, or is killed before."""
        if self._draw.random() < self._deadly:
            raise _Killed
        super().put(path, file)


class _Snapshot:
    """The committed bills at one moment; without their links to the other house."""

    def __init__(self, tables: Tables, now: Now) -> None:
        self._rows = sorted(tables.table("bill").values(), key=lambda row: int(row["ordinal"]))
        self.head = SnapshotHead(EPOCH, head_of(tables), now(), len(self._rows), 0, {})

    def bills(self) -> Iterator[tuple[int, str, bytes, None]]:
        """Ordinal, id and document of each, and no links."""
        return ((row["ordinal"], row["id"], row["document"], None) for row in self._rows)


def _as_session(exports: "Exports") -> Any:
    """What the builder takes for its session: no more of it is used than its snapshot."""
    return exports


class Exports:
    """Builder and reader of one run."""

    def __init__(self, tables: Tables, now: Now, draw: Random) -> None:
        self.kept = ExportCopy()
        self.violations: list[str] = []
        self.quiet = False
        self._store = MemoryStore()
        self._tables = tables
        self._now = now
        self._draw = draw
        self._done = False

    async def run(self) -> None:
        """Builds and reads until the reader has what the table has, once all is quiet."""
        building = asyncio.ensure_future(self._build())
        looks = 0
        while looks < LAST_LOOKS and not self._done:
            looks += self.quiet
            await self._read()
            self._done = self.quiet and self.kept.as_of_seq == head_of(self._tables)
            await asyncio.sleep(self._draw.uniform(0.05, 0.8))
        self._done = True
        await building
        self.violations += self._wrong()

    async def _build(self) -> None:
        built_to = 0
        while not self._done:
            pause = LAST_PAUSE if self.quiet else self._draw.uniform(0.2, LONGEST_PAUSE)
            await asyncio.sleep(pause)
            if built_to == head_of(self._tables) and self._draw.random() < 0.9:
                continue  # seldom the same again: an export costs more than all else of a seed
            built_to = head_of(self._tables)
            exports = _KilledWriter(self._store, self._draw, 0.0 if self.quiet else 0.1)
            with suppress(_Killed, build_export.NothingStored, FileExistsError):
                build_export.build_export(_as_session(self), exports, _RULES, lambda *_: lambda *_: None)

    @contextmanager
    def snapshot(self) -> Iterator[_Snapshot]:
        """The data at this moment."""
        yield _Snapshot(self._tables, self._now)

    async def _read(self) -> None:
        """Fetches the newest export file by file; nothing of it counts before all are there."""
        names = export_ids(obstore.list_with_delimiter(self._store)["common_prefixes"])
        try:
            manifest: Mapping[str, Any] = next(
                orjson.loads(self._get(f"{one}/{MANIFEST}")) for one in names if self._exists(f"{one}/{MANIFEST}")
            )
        except StopIteration:
            return
        files: dict[str, bytes] = {}
        if manifest["id"] == self.kept.id:
            return
        for file in self.kept.wanted(manifest):
            if not self.quiet:
                if self._draw.random() < 0.2:
                    return
                await asyncio.sleep(self._draw.uniform(0.0, 0.3))
            try:
                files[file["name"]] = self._get(f"{manifest['id']}/{file['name']}")
            except FileNotFoundError:  # deleted meanwhile: the next one, then
                return
        self.violations += [f"export: {text}" for text in self.kept.take(manifest, files)]

    def _get(self, path: str) -> bytes:
        return bytes(obstore.get(self._store, path).bytes())

    def _exists(self, path: str) -> bool:
        with suppress(FileNotFoundError):
            return bool(obstore.head(self._store, path))
        return False

    def _wrong(self) -> list[str]:
        stored: dict[str, Row] = {row["id"]: row for row in self._tables.table("bill").values()}
        rows = self.kept.tables.get("bills", {})
        differing = [
            key
            for key in sorted(stored.keys() | rows.keys())
            if key not in rows or key not in stored or not rows[key][0].startswith(stored[key]["document"][:-1])
        ]
        return [f"export: {key} is not as it is stored" for key in differing[:3]]
