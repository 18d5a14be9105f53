"""A reader of exports: the whole once, then deltas; a file that it was killed over is gone on with by its range."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import orjson
from followers.export_copy import ExportCopy

from chaos.readers.kept_log import Stored
from chaos.readers.web_door import Door

MOST_BYTES = 20_000
STAMPS = ("id", "version", "change_seq", "created_at", "changed_at", "removed_at")
LATEST = "/api/v1/exports/latest"


class ExportReader:
    """Fetches the newest export file by file. What has arrived of a file outlives the reader."""

    name = "export"

    def __init__(self, door: Door, dice: Random, broken: Callable[[str], None]) -> None:
        self.kept = ExportCopy()
        self.resumed = 0
        self._manifest: Mapping[str, Any] | None = None
        self._parts: dict[str, bytearray] = {}
        self._door = door
        self._dice = dice
        self._broken = broken

    async def live(self) -> None:
        """Looks for a newer export until it is killed."""
        while True:
            if self._manifest is None:
                await self._look()
            if self._manifest is not None and await self._fetched(self._manifest):
                files = {name: bytes(part) for name, part in self._parts.items()}
                for wrong in self.kept.take(self._manifest, files):
                    self._broken(wrong)
                self._manifest = None
            await asyncio.sleep(self._dice.uniform(0.1, 0.5))

    async def _look(self) -> None:
        status, body = await self._door.get(LATEST)
        if status == 200 and (told := orjson.loads(body)["data"])["id"] != self.kept.id:
            self._manifest, self._parts = told, {}

    async def _fetched(self, manifest: Mapping[str, Any]) -> bool:
        """Whether all files are there."""
        for file in self.kept.wanted(manifest):
            part = self._parts.setdefault(file["name"], bytearray())
            if len(part) < file["bytes"] and not await self._fetch(file, part):
                return False
            if hashlib.sha256(part).hexdigest() != file["sha256"]:
                self._broken(f"{file['url']}, fetched in parts, is not what its sum says")
                self._manifest = None
                return False
        return True

    async def _fetch(self, file: Mapping[str, Any], part: bytearray) -> bool:
        """Goes on with a file; returns whether it is whole."""
        headers = {"Range": f"bytes={len(part)}-", "If-Range": f'"{file["sha256"]}"'} if part else {}
        self.resumed += bool(part)
        async with self._door.open(file["url"], headers) as reply:
            if reply.status == 404:  # deleted meanwhile: the next one, then
                self._manifest = None
            if reply.status not in (200, 206):
                return False
            if reply.status == 200:
                part.clear()
            async for piece in reply.content.iter_chunked(MOST_BYTES):
                part += piece
                await self._door.breathe()
        return bool(len(part) == file["bytes"])

    def wrong(self, stored: Stored) -> list[str]:
        """How an export from after all trouble differs from log and tables as they were at its last entry."""
        kept = self.kept
        if kept.epoch != stored.epoch or not stored.quiet <= kept.as_of_seq <= stored.head:
            return [f"has an export of {kept.as_of_seq} of {kept.epoch}, not of {stored.quiet} of {stored.epoch}"]
        rows = {
            key: lines[0]
            for name, table in kept.tables.items()
            if name not in ("actions", "votes")
            for key, lines in table.items()
        }
        told = {key: orjson.loads(row) for key, row in rows.items()}
        versions = {key: row["version"] for key, row in told.items()}
        expected = {entry[1]: entry[2] for entry, _ in stored.log if entry[0] <= kept.as_of_seq}
        if versions != expected:
            some = sorted(versions.items() ^ expected.items())[:3]
            return [f"has {len(versions)} records of {len(expected)} at {kept.as_of_seq}; differing: {some}"]
        # a record may be rendered again without a new version; what a version is made of stays
        now = {key: orjson.loads(stored.documents[key]) for key in told if versions[key] == stored.states[key][0]}
        differing = [key for key, row in now.items() if any(told[key][name] != row[name] for name in STAMPS)]
        return [f"{key} is {rows[key][:80]!r} in the export, and not as it is stored" for key in sorted(differing)[:3]]
