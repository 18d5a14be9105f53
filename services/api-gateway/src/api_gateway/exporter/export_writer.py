"""Writer's side of the store of exports: puts files, deletes what is unfinished or too old, stores the progress."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import obstore

from api_gateway.exports.export_library import MANIFEST, PROGRESS, export_ids
from api_gateway.exports.export_shapes import ExportManifest, ExportProgress
from api_gateway.exports.object_store import Store, reachable
from api_gateway.exports.resources import ResourceName

_PART_BYTES = 5 * 2**20
_PARTS_AT_ONCE = 2
"""Parts of a file that are sent at the same time: each is in memory."""


class ExportWriter:
    """The store as its only writer sees it. Methods raise StoreUnavailable or OSError where it does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, path: str, file: Path) -> None:
        """Stores a file: whole, or not at all."""
        with reachable():
            obstore.put(self._store, path, file, chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE)

    def fetch(self, path: str, to: Path) -> None:
        """Copies a stored file. Raises FileNotFoundError."""
        with reachable(), to.open("wb") as file:
            for chunk in obstore.get(self._store, path).stream(_PART_BYTES):
                file.write(chunk)

    def clear_unfinished(self) -> None:
        """Deletes the files of exports without a manifest."""
        for one in self._ids():
            if self._manifest(one) is None:
                self._delete(one)

    def keep_newest(self, count: int) -> None:
        """Deletes all exports but the newest ones. The manifest goes first, so that no half export is ever seen."""
        for one in self._ids()[count:]:
            with reachable():
                obstore.delete(self._store, f"{one}/{MANIFEST}")
            self._delete(one)

    def newest_of(self, epoch: str) -> ExportManifest | None:
        """The newest export, if it is of this change log."""
        newest = next(iter(self._ids()), None)
        found = None if newest is None else self._manifest(newest)
        return found if found is not None and found.epoch == epoch else None

    def require_new(self, export: str) -> None:
        """Raises FileExistsError where there is an export of this id: two of one second."""
        if export in self._ids():
            raise FileExistsError(f"there is an export {export}; try again in a second")

    def fetch_hashes(self, export: ExportManifest | None, resource: ResourceName, folder: Path) -> Path | None:
        """A copy of the hashes of an earlier export; None if it has none."""
        if export is None:
            return None
        path = folder / f"earlier-{resource.value}"
        try:
            self.fetch(f"{export.id}/{resource.value}.hashes", path)
        except FileNotFoundError:  # the resource is new in this release: all its rows are
            path.write_bytes(b"")
        return path

    def tell(self, progress: ExportProgress) -> None:
        """Stores the progress of the build."""
        with reachable():
            obstore.put(self._store, PROGRESS, progress.model_dump_json().encode())

    def end_progress(self) -> None:
        """Deletes the progress of the build."""
        with reachable(), suppress(FileNotFoundError):
            obstore.delete(self._store, PROGRESS)

    def _ids(self) -> list[str]:
        with reachable():
            return export_ids(obstore.list_with_delimiter(self._store)["common_prefixes"])

    def _manifest(self, export: str) -> ExportManifest | None:
        with reachable():
            try:
                stored = bytes(obstore.get(self._store, f"{export}/{MANIFEST}").bytes())
            except FileNotFoundError:
                return None
        return ExportManifest.model_validate_json(stored)

    def _delete(self, export: str) -> None:
        with reachable():
            paths = [one["path"] for one in obstore.list(self._store, prefix=export).collect()]
            if paths:
                obstore.delete(self._store, paths)


def progress_of(export: str, started_at: datetime, resource: ResourceName, rows: int, percent: float) -> ExportProgress:
    """The progress at this moment."""
    now = datetime.now(UTC)
    return ExportProgress(
        id=export, started_at=started_at, updated_at=now, resource=resource, rows=rows, percent=round(percent, 1)
    )
