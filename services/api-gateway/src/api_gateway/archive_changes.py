"""`python -m api_gateway.archive_changes`: copies the oldest full partition of the change log into the archive, as
Parquet, and proves the copy; with `--detach` it then takes the partition out of the log.
"""

import argparse
import asyncio
import hashlib
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import asyncpg
import obstore
import orjson
from legis.errors import ConfigurationError, StoreUnavailable
from legis.settings import load_or_exit

from api_gateway.exporter.change_files import ROWS_AT_ONCE, ChangeFile, Contents, ContentsSum, contents_of_file
from api_gateway.exporter.export_writer import ExportWriter
from api_gateway.exports.object_store import Store, open_store, reachable
from api_gateway.settings import ExportSettings
from api_gateway.store.changes import log_archive
from api_gateway.store.changes.log_archive import Partition, StillNeeded
from api_gateway.store.database.connections import Connection
from api_gateway.store.database.hosts import PRIMARY

FOLDER = "changes"
"""Where the archive is in the store of the exports, whose own folders have a time as name."""

_TRIES = 30
_DATABASE_ERRORS = (asyncpg.PostgresError, asyncpg.TargetServerAttributeNotMatched)


class NotArchived(Exception):
    """The partition stays. The text says why."""


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when it was done or there is nothing to do, 1 when it could not be, 2 for a wrong setting or
    option, 3 where a reader of the log still needs the partition, which is then archived and not detached.
    """
    parser = argparse.ArgumentParser(prog="archive_changes", description=__doc__)
    parser.add_argument("--detach", action="store_true", help="take the partition out of the log once it is archived")
    detach = parser.parse_args(arguments).detach
    settings = load_or_exit(ExportSettings)
    try:
        sys.stdout.write(asyncio.run(archive_oldest(settings, detach=detach)) + "\n")
    except StillNeeded as error:
        sys.stderr.write(f"archive_changes: archived, not detached: {error}\n")
        return 3
    except (NotArchived, StoreUnavailable, ConfigurationError, OSError, *_DATABASE_ERRORS) as error:
        sys.stderr.write(f"archive_changes: {type(error).__name__}: {error}\n")
        return 1
    return 0


async def archive_oldest(settings: ExportSettings, *, detach: bool) -> str:
    """Archives the oldest partition, if it is full; what was done, for people. Connects as the owner of the tables.

    Raises NotArchived, StillNeeded, StoreUnavailable and errors of asyncpg; then the partition is where it was.
    """
    store = open_store(settings)
    connection = await asyncpg.connect(
        settings.database_url,
        timeout=10,
        target_session_attrs=PRIMARY,
        server_settings={"application_name": "archive-changes"},
    )
    try:
        oldest = (await log_archive.load_partitions(connection))[0]
        if not oldest.is_full:
            return f"{oldest.name} is the oldest partition and still gets entries: nothing to archive"
        contents = await _archive(connection, store, oldest)
        done = f"{path_of(oldest)}: {contents.entries} entries, sha256 {contents.sha256}, read back and equal"
        if not detach:
            return f"{done}; {oldest.name} stays in the log"
        await log_archive.require_unneeded(connection, oldest)
        await _detach(connection, oldest, contents)
        return f"{done}; {oldest.name} is dropped, the log begins at {oldest.end_seq}"
    finally:
        await connection.close()


def path_of(partition: Partition) -> str:
    """The object that holds a partition's entries. Names sort as entries do."""
    return f"{FOLDER}/{partition.first_seq:012}-{partition.end_seq - 1:012}.parquet"


async def _archive(connection: Connection, store: Store, partition: Partition) -> Contents:
    """Copies a partition, reads the copy back from the store, and puts a description beside it."""
    with tempfile.TemporaryDirectory(prefix="legis-archive-") as folder:
        written, fetched = Path(folder, "written"), Path(folder, "fetched")
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            contents = await _contents(connection, partition, written)
            epoch = await connection.fetchval("SELECT epoch::text FROM store_epoch")
        exports = ExportWriter(store)
        await asyncio.to_thread(exports.put, path_of(partition), written)
        await asyncio.to_thread(exports.fetch, path_of(partition), fetched)
        if await asyncio.to_thread(contents_of_file, fetched) != contents:
            raise NotArchived(f"{path_of(partition)} has other entries than {partition.name}")
        described = await asyncio.to_thread(_described, partition, contents, written)
        with reachable():
            await obstore.put_async(store, f"{path_of(partition)}.json", orjson.dumps(described | {"epoch": epoch}))
    return contents


def _described(partition: Partition, contents: Contents, file: Path) -> dict[str, Any]:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {
        "first_seq": partition.first_seq,
        "last_seq": partition.end_seq - 1,
        "entries": contents.entries,
        "sha256_of_contents": contents.sha256,
        "sha256_of_file": digest,
        "bytes": file.stat().st_size,
    }


async def _contents(connection: Connection, partition: Partition, path: Path | None = None) -> Contents:
    """Reads a partition in order, into a file if one is named."""
    total = ContentsSum()
    file = None if path is None else ChangeFile(path)
    async for rows in log_archive.entries_of(connection, partition, ROWS_AT_ONCE):
        total.add(rows)
        if file is not None:
            await asyncio.to_thread(file.add, rows)
    if file is not None:
        file.close()
    return total.contents()


async def _detach(connection: Connection, partition: Partition, contents: Contents) -> None:
    """Detaches and drops an archived partition: tells readers first, then compares once more and drops, in one
    transaction. While the log is in use only the drop is tried again: until the end nobody can change what was
    compared.
    """
    await log_archive.announce_oldest(connection, partition)
    async with connection.transaction():
        await log_archive.lock_entries(connection, partition)
        if await _contents(connection, partition) != contents:
            raise NotArchived(f"{partition.name} was changed after it was archived; run it again")
        for _ in range(_TRIES):
            try:
                async with connection.transaction():
                    return await log_archive.drop_partition(connection, partition)
            except log_archive.IN_USE:
                await asyncio.sleep(random.uniform(0.2, 1.0))
        raise NotArchived(f"the log was in use each time; {partition.name} is archived and still there: run it again")


if __name__ == "__main__":
    raise SystemExit(main())
