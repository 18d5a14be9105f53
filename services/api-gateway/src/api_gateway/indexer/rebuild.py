"""Builds a new index from PostgreSQL while the published one stays in use."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from legis.telemetry import logs
from legis.telemetry.metrics import INDEX_REBUILD_PROGRESS, INDEX_REBUILDING, INDEX_REBUILDS

from api_gateway.indexer.build_writer import BuildWriter
from api_gateway.indexer.builds import Builds
from api_gateway.search.index.folder import Position, set_current_build
from api_gateway.store.changes.index_feed import Head, IndexFeed

PAGE = 1000
SLICE = 100
"""Bills added between two yields to the event loop, which must answer health checks during a rebuild."""

_log = logs.get_logger(__name__)


class Interrupted(Exception):
    """The indexer was told to stop, or the database was restored during the rebuild."""


async def rebuild(builds: Builds, feed: IndexFeed, reason: str, stop: asyncio.Event) -> str:
    """Makes a new complete build, publishes it, and returns its name. Raises StoreUnavailable, Interrupted, and OSError
    or ValueError if the disk is full.

    Bills are read page by page while the worker writes. The position is the head of the log before the first page; what
    changed meanwhile is applied again when the log is followed from there.
    """
    began = time.monotonic()
    INDEX_REBUILDS.labels(reason).inc()
    INDEX_REBUILDING.set(1)
    _log.info("index_rebuild_began", reason=reason)
    try:
        before = await _steady_head(feed)
        build = builds.new()
        writer = BuildWriter.create(builds.home / build)
        try:
            bills = await _fill(writer, feed, stop)
            after = await feed.head(before.last_seq)
            if (after.epoch, after.entry) != (before.epoch, before.entry):
                raise Interrupted("the database was restored meanwhile")
        except Exception:
            # Its threads would otherwise create new files in a folder that is being deleted.
            await asyncio.to_thread(writer.abandon)
            raise
        writer.commit(position_at(before))
        await asyncio.to_thread(writer.finish)
        if not builds.is_held:
            raise Interrupted("the folder was taken away")
        set_current_build(builds.home, build)
    finally:
        INDEX_REBUILDING.set(0)
    _log.info("index_rebuild_done", reason=reason, bills=bills, seconds=round(time.monotonic() - began, 1))
    return build


def position_at(head: Head) -> Position:
    """The position of an index that contains the log up to the head's own entry."""
    entry = head.entry
    if entry is None:
        return Position(head.epoch, 0, head.last_render_seq)
    return Position(head.epoch, entry.seq, head.last_render_seq, entry.bill_id, entry.version, entry.changed_at)


async def _steady_head(feed: IndexFeed) -> Head:
    """The head together with the log's last entry."""
    return await feed.head((await feed.head(0)).last_seq)


async def _fill(writer: BuildWriter, feed: IndexFeed, stop: asyncio.Event) -> int:
    expected = max(1, await feed.size())
    after = count = 0
    coming = asyncio.ensure_future(feed.page(after, PAGE))
    try:
        while rows := await coming:
            if stop.is_set():
                raise Interrupted("told to stop")
            after = rows[-1]["ordinal"]
            coming = asyncio.ensure_future(feed.page(after, PAGE))  # read while this page is indexed
            await _add(writer, rows)
            count += len(rows)
            INDEX_REBUILD_PROGRESS.set(min(1.0, count / expected))
    finally:
        coming.cancel()
    INDEX_REBUILD_PROGRESS.set(1)
    return count


async def _add(writer: BuildWriter, rows: Sequence[Any]) -> None:
    for start in range(0, len(rows), SLICE):
        writer.add(rows[start : start + SLICE])
        await asyncio.sleep(0)
