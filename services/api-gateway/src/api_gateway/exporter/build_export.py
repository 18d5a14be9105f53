"""Builds one export: all files from one snapshot, then into the store, the manifest last."""

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
from legis.telemetry.logs import get_logger

from api_gateway.exporter.export_writer import ExportWriter
from api_gateway.exporter.group_hashes import GroupHashes
from api_gateway.exporter.row_groups import group_count, row_groups
from api_gateway.exporter.table_files import TableFiles
from api_gateway.exports.data_package import data_package
from api_gateway.exports.export_library import DATA_PACKAGE, MANIFEST, export_id
from api_gateway.exports.export_shapes import (
    LICENCE_URL,
    DeltaTable,
    ExportColumn,
    ExportDelta,
    ExportFile,
    ExportManifest,
    ExportState,
    ExportTable,
    Licence,
)
from api_gateway.exports.resources import RESOURCES, Resource, ResourceName
from api_gateway.store.exports.export_snapshot import ExportSession, ExportSnapshot

DELTA_PREFIX = "delta-"
_SCRATCH, _LOCK = "legis-export-", "lock"
_LICENCE = Licence(title="Terms of the open data of Câmara and Senado; name the house and the day", url=LICENCE_URL)
_log = get_logger(__name__)


class NothingStored(Exception):
    """There is no bill yet: an export would be empty."""


Progress = Callable[[ResourceName, int, float], None]
"""Is told, now and then: resource that is being written, rows written so far, percent done."""


@dataclass(frozen=True, slots=True)
class Written:
    """Tables and files that were written of one resource, whole and as a delta."""

    table: ExportTable
    files: list[ExportFile]
    delta: DeltaTable
    delta_files: list[ExportFile]


@dataclass(frozen=True, slots=True)
class BuildRules:
    """Kind of the data, folder for files while they are written (None: the system's), and complete exports to keep."""

    dataset: str
    scratch: Path | None
    keep: int


def build_export(
    session: ExportSession, exports: ExportWriter, rules: BuildRules, progress: Callable[[str, datetime], Progress]
) -> ExportManifest:
    """Builds an export, and deletes what is too old. What an interrupted build left is deleted first. Raises
    NothingStored, StoreUnavailable or OSError.
    """
    exports.clear_unfinished()
    with _scratch(rules.scratch) as folder:
        manifest = _written(session, exports, folder, rules.dataset, progress)
        for path in sorted(folder.iterdir()):
            if path.name != MANIFEST:
                exports.put(f"{manifest.id}/{path.name}", path)
        exports.put(f"{manifest.id}/{MANIFEST}", folder / MANIFEST)
    exports.end_progress()
    exports.keep_newest(rules.keep)
    return manifest


def _written(
    session: ExportSession,
    exports: ExportWriter,
    folder: Path,
    dataset: str,
    progress: Callable[[str, datetime], Progress],
) -> ExportManifest:
    with session.snapshot() as snapshot:
        head = snapshot.head
        if not head.bills:
            raise NothingStored
        name = export_id(head.at)
        exports.require_new(name)
        earlier = exports.newest_of(head.epoch)
        writer = _Writer(snapshot, folder, name, progress(name, head.at))
        written = [
            writer.write(resource, exports.fetch_hashes(earlier, resource.name, folder))
            for resource in RESOURCES.values()
        ]
    delta = ExportDelta(
        from_export=earlier.id,
        from_seq=earlier.as_of_seq,
        to_seq=head.seq,
        tables=[one.delta for one in written],
        files=[file for one in written for file in one.delta_files],
    ) if earlier else None  # fmt: skip
    manifest = ExportManifest(
        id=name,
        state=ExportState.COMPLETE,
        created_at=head.at,
        as_of_seq=head.seq,
        epoch=head.epoch,
        dataset=dataset,
        licence=_LICENCE,
        tables=[one.table for one in written],
        files=[file for one in written for file in one.files],
        delta=delta,
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json())
    (folder / DATA_PACKAGE).write_bytes(orjson.dumps(data_package(manifest), option=orjson.OPT_INDENT_2))
    return manifest


class _Writer:
    """Writes the resources of one export, one after the other, and tells the progress."""

    def __init__(self, snapshot: ExportSnapshot, folder: Path, name: str, progress: Progress) -> None:
        self._snapshot = snapshot
        self._folder = folder
        self._name = name
        self._progress = progress
        self._groups = max(1, sum(group_count(snapshot, resource) for resource in RESOURCES))
        self._done = 0
        self._rows = 0

    def write(self, resource: Resource, earlier: Path | None) -> Written:
        """Writes one resource. `earlier` has the hashes of the export before; None: no delta is written."""
        name = resource.name
        hashes = GroupHashes(self._folder / hash_file(name), earlier)
        files = TableFiles(self._folder, resource)
        delta = TableFiles(self._folder, resource, DELTA_PREFIX) if earlier else None
        emptied: list[str] = []
        for group in row_groups(self._snapshot, name):
            self._done += 1
            self._rows += len(group.lines)
            files.add(group.lines)
            if hashes.differs(group.ordinal, group.lines) and delta is not None:
                delta.add(group.lines)
                emptied += [] if group.lines else [group.key]
            self._progress(name, self._rows, min(100.0, 100 * self._done / self._groups))
        files.close()
        hashes.close()
        if earlier is not None:
            earlier.unlink()
        if delta is not None:
            delta.close()
        _log.info("exported", resource=name.value, rows=files.rows, changed=delta.rows if delta else None)
        columns = [ExportColumn(name=c.name, type=c.type.value, description=c.description) for c in resource.columns]
        table = ExportTable(
            name=name, title=resource.title, key=resource.key, rows=files.rows,
            checksum=f"{hashes.checksum:016x}", columns=columns,
        )  # fmt: skip
        return Written(
            table,
            files.described(self._name),
            DeltaTable(name=name, rows=delta.rows if delta else 0, emptied=emptied),
            delta.described(self._name) if delta else [],
        )


def hash_file(resource: ResourceName) -> str:
    """Name of the file with the hashes of one resource; it is kept beside the export, for the next one."""
    return f"{resource.value}.hashes"


@contextmanager
def _scratch(parent: Path | None) -> Iterator[Path]:
    """A folder that is deleted at the end. Its lock ends with the process: what a builder that was killed left is
    deleted by the next one, the folder of a builder for another database is not.
    """
    base = Path(tempfile.gettempdir()) if parent is None else parent
    base.mkdir(parents=True, exist_ok=True)
    for left in base.glob(f"{_SCRATCH}*"):
        with suppress(OSError), (left / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    with _own_folder(base) as own:
        files = own / "files"
        files.mkdir()
        yield files


@contextmanager
def _own_folder(base: Path) -> Iterator[Path]:
    """A new folder with its lock. Until the lock is held, another builder takes the folder for one that was left: if it
    deleted it, the next one is made.
    """
    while True:
        with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=base) as name, (Path(name) / _LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if Path(name).exists():
                yield Path(name)
                return
