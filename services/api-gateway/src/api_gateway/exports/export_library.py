"""The exports in their store: which there are, their manifests, their files, and the one that is being built."""

import re
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime

import obstore
from pydantic import ValidationError

from api_gateway.exports.export_shapes import ExportManifest, ExportProgress
from api_gateway.exports.object_store import Store, reachable

MANIFEST = "manifest.json"
DATA_PACKAGE = "datapackage.json"
PROGRESS = "building.json"
EXPORT_ID = re.compile(r"\d{8}T\d{6}Z")
CHUNK_BYTES = 256 * 1024
"""Bytes that are read at once while a file is sent."""


def export_id(at: datetime) -> str:
    """The id of an export that begins at this instant; ids sort as their instants do."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def export_ids(prefixes: Iterable[str]) -> list[str]:
    """The ids of exports among the prefixes of a store's objects, newest first."""
    names = (prefix.rstrip("/").rpartition("/")[2] for prefix in prefixes)
    return sorted((name for name in names if EXPORT_ID.fullmatch(name)), reverse=True)


class ExportLibrary:
    """Reads the exports. A manifest never changes, so each is read once. Every method raises StoreUnavailable where the
    store does not answer.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, ExportManifest] = {}

    async def manifests(self) -> list[ExportManifest]:
        """The manifests of all complete exports, newest first."""
        found = [await self.manifest(one) for one in await self.ids()]
        return [one for one in found if one is not None]

    async def newest(self) -> ExportManifest | None:
        """The manifest of the newest complete export."""
        for one in await self.ids():
            if (found := await self.manifest(one)) is not None:
                return found
        return None

    async def ids(self) -> list[str]:
        """The ids of all exports, newest first; also of one that is not complete."""
        with reachable():
            listed = await obstore.list_with_delimiter_async(self._store)
        found = export_ids(listed["common_prefixes"])
        self._known = {name: known for name, known in self._known.items() if name in found}
        return found

    async def manifest(self, wanted: str) -> ExportManifest | None:
        """The manifest of one export; None if there is none, or it is not complete."""
        if (known := self._known.get(wanted)) is not None:
            return known
        stored = await self.read(f"{wanted}/{MANIFEST}")
        if stored is None:
            return None
        self._known[wanted] = found = ExportManifest.model_validate_json(stored)
        return found

    async def progress(self) -> ExportProgress | None:
        """The progress of the build, as the builder last stored it; None between two builds."""
        stored = await self.read(PROGRESS)
        try:
            return None if stored is None else ExportProgress.model_validate_json(stored)
        except ValidationError:  # of another release
            return None

    async def read(self, path: str) -> bytes | None:
        """A whole small object; None if there is none."""
        with reachable():
            try:
                return bytes(await (await obstore.get_async(self._store, path)).bytes_async())
            except FileNotFoundError:
                return None

    async def stream(self, path: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes of an object from `start` to before `stop`. Raises FileNotFoundError."""
        if start == stop:
            return
        with reachable():
            found = await obstore.get_async(self._store, path, options={"range": (start, stop)})
            async for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)
