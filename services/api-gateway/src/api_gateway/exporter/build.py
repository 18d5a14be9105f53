"""`python -m api_gateway.exporter.build`: builds one export and ends. A process of its own, with a tuned allocator."""

import os
import sys
import time
from datetime import datetime
from enum import IntEnum
from pathlib import Path

from legis.errors import StoreUnavailable
from legis.settings import load_or_exit
from legis.telemetry import logs

from api_gateway.exporter.build_export import BuildRules, NothingStored, Progress, build_export
from api_gateway.exporter.export_writer import ExportWriter, progress_of
from api_gateway.exports.object_store import open_store
from api_gateway.exports.resources import ResourceName
from api_gateway.settings import ExporterSettings
from api_gateway.store.exports.export_snapshot import AlreadyBuilding, export_session

TUNED = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "1000000",
    "MALLOC_MMAP_THRESHOLD_": "200000",
}
"""Makes Arrow and the C library give memory back: with their own rules an export takes more than twice as much."""

PROGRESS_SECONDS = 2.0
_log = logs.get_logger(__name__)


class BuildEnd(IntEnum):
    """Exit status of the process."""

    BUILT = 0
    FAILED = 1
    NOTHING_STORED = 3
    ALREADY_BUILDING = 4


def main() -> int:
    """Builds an export by the settings. Returns the exit status."""
    if not TUNED.items() <= os.environ.items():
        os.execve(sys.executable, [sys.executable, "-m", "api_gateway.exporter.build"], {**os.environ, **TUNED})
    settings = load_or_exit(ExporterSettings)
    logs.configure("export", settings.log_level)
    return build(settings)


def build(settings: ExporterSettings) -> BuildEnd:
    """Builds an export."""
    scratch = Path(settings.export_scratch_folder) if settings.export_scratch_folder else None
    rules = BuildRules(settings.dataset, scratch, settings.export_keep)
    parent = os.getppid()

    def progress(export: str, started_at: datetime) -> Progress:
        told = 0.0

        def tell(resource: ResourceName, rows: int, percent: float) -> None:
            nonlocal told
            if time.monotonic() - told >= PROGRESS_SECONDS:
                told = time.monotonic()
                exports.tell(progress_of(export, started_at, resource, rows, percent))
                if os.getppid() != parent:
                    raise StoreUnavailable("the exporter that began this build is gone")

        return tell

    try:
        exports = ExportWriter(open_store(settings))
        with export_session(settings.database_url) as session:
            manifest = build_export(session, exports, rules, progress)
    except NothingStored:
        _log.warning("nothing_to_export")
        return BuildEnd.NOTHING_STORED
    except AlreadyBuilding:
        _log.warning("another_export_is_being_built")
        return BuildEnd.ALREADY_BUILDING
    except (StoreUnavailable, OSError) as error:
        _log.error("export_failed", error=str(error))
        return BuildEnd.FAILED
    sizes = sum(file.bytes for file in manifest.all_files)
    _log.info("export_complete", export=manifest.id, as_of_seq=manifest.as_of_seq, bytes=sizes)
    return BuildEnd.BUILT


if __name__ == "__main__":
    raise SystemExit(main())
