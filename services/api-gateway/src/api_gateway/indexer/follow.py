"""Applies the change log to the published build, commit by commit."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from legis.clock import Clock, utc_now
from legis.errors import StoreUnavailable
from legis.telemetry import logs
from legis.telemetry.metrics import INDEX_FAILURES, INDEX_LAG_ENTRIES, INDEX_LAG_SECONDS
from legis.waiting import retreat, wait_or_stop

from api_gateway.indexer.build_writer import BuildWriter
from api_gateway.indexer.builds import Builds
from api_gateway.indexer.checksums import IndexDamaged, IndexFileGone
from api_gateway.indexer.reasons import DAMAGED, EPOCH, FOLLOW, LOG_WENT_BACK, MISSING, RebuildNeeded
from api_gateway.search.index.folder import Position
from api_gateway.store.changes.index_feed import Head, IndexFeed, LogEntry

ENTRIES = 1000
"""Log entries, and rows rendered again, in one commit."""

SIZES_SECONDS = 1.0
"""Time between two checks of the file sizes. Until a check, readers may answer from a file that was cut: what the
system shows them of its last page beyond the new end is zeros, and zeros are read as "no bills" without an error.
"""

DELETING_SECONDS = 0.2
"""Time after which a folder that was being deleted is gone, and a merge that was ending has ended."""

LONGEST_WAIT_SECONDS = 5.0
_FIRST_WAIT = 0.2

_log = logs.get_logger(__name__)


class Follower:
    """Applies the change log to a build until told to stop, or until the build or the log becomes unusable."""

    def __init__(
        self,
        builds: Builds,
        writer: BuildWriter,
        feed: IndexFeed,
        *,
        poll_seconds: float,
        commit_seconds: float,
        check_seconds: float,
        clock: Clock = utc_now,
    ) -> None:
        self._builds = builds
        self._writer = writer
        self._feed = feed
        self._poll = poll_seconds
        self._commit = commit_seconds
        self._check = check_seconds
        self._clock = clock
        self._sizes_at = self._sums_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Follows the log until `stop` is set, with retries while the database is unavailable. Raises RebuildNeeded,
        and ValueError or OSError if the disk or Tantivy fails.
        """
        self._sizes_at = self._sums_at = time.monotonic()
        away = _FIRST_WAIT
        while not stop.is_set():
            began = time.monotonic()
            self._check_folder()
            await self._check_files_when_due()
            try:
                more = await self.step()
                away = _FIRST_WAIT
            except StoreUnavailable as error:
                INDEX_FAILURES.labels(FOLLOW).inc()
                _log.warning("index_waits_for_store", error=str(error))
                await retreat(stop, away)
                away = min(2 * away, LONGEST_WAIT_SECONDS)
                continue
            wait = (self._commit if more else self._poll) - (time.monotonic() - began)
            await wait_or_stop(stop, max(wait, 0.001))

    async def _check_files_when_due(self) -> None:
        now = time.monotonic()
        if now - self._sums_at >= self._check:
            self._sums_at = self._sizes_at = now
            await self._run_check(self._writer.sums.check)
            self._builds.clear()
        elif now - self._sizes_at >= SIZES_SECONDS:
            self._sizes_at = now
            await self._run_check(self._writer.sums.check_sizes)

    async def step(self) -> bool:
        """Commits new entries, if there are any. Returns whether there were."""
        position = self._position
        head = await self._feed.head(position.seq)
        self._compare(position, head)
        self._set_lag(position, head)
        if head.last_seq == position.seq and head.last_render_seq == position.render_seq:
            return False
        new = await self._put(position)
        if new == position:
            return False
        # Compared again, since the database may have been restored between the two reads.
        self._compare(position, await self._feed.head(position.seq))
        self._writer.commit(new)
        await self._run_check(self._writer.record_checksums)
        self._set_lag(new, await self._feed.head(new.seq))
        return True

    @property
    def _position(self) -> Position:
        position = self._writer.position
        if position is None:
            raise RebuildNeeded(MISSING, "the build has no position")
        return position

    async def _put(self, position: Position) -> Position:
        changed = await self._feed.changed(position.seq, ENTRIES)
        self._writer.put(changed.bills)
        if changed.last is not None:
            last = changed.last
            position = replace(
                position, seq=last.seq, bill_id=last.bill_id, version=last.version, changed_at=last.changed_at
            )
        rendered = await self._feed.rerendered(position.render_seq, ENTRIES)
        self._writer.put(rendered)
        return replace(position, render_seq=rendered[-1]["render_seq"]) if rendered else position

    def _compare(self, position: Position, head: Head) -> None:
        """Checks that database and log are still the ones that the build was made from. Raises RebuildNeeded."""
        if head.epoch != position.epoch:
            raise RebuildNeeded(EPOCH, "the database was restored: its epoch is another one")
        if head.last_seq < position.seq or head.last_render_seq < position.render_seq:
            raise RebuildNeeded(LOG_WENT_BACK, f"the log ends at {head.last_seq}, the index at {position.seq}")
        if position.seq and head.entry != _entry(position):
            raise RebuildNeeded(LOG_WENT_BACK, f"entry {position.seq} of the log is another one")

    def _check_folder(self) -> None:
        if not self._builds.is_held or self._builds.current != self._writer.path.name:
            raise RebuildNeeded(MISSING, "the folder of the index was taken away")

    async def _run_check(self, check: Callable[[], None]) -> None:
        """Runs a check in a thread; again where a file is gone. A merge that ends meanwhile takes files away that the
        check still looks for, and a folder that is being deleted loses its files first: it counts as missing.
        """
        try:
            try:
                await asyncio.to_thread(check)
            except IndexFileGone:
                await asyncio.sleep(DELETING_SECONDS)
                self._check_folder()
                await asyncio.to_thread(check)
        except IndexDamaged as error:
            raise RebuildNeeded(DAMAGED, str(error)) from error

    def _set_lag(self, position: Position, head: Head) -> None:
        lag = head.last_seq - position.seq
        INDEX_LAG_ENTRIES.set(max(0, lag))
        INDEX_LAG_SECONDS.set(self._age(head.next_changed_at) if lag > 0 else 0)

    def _age(self, at: datetime | None) -> float:
        return 0.0 if at is None else max(0.0, (self._clock() - at).total_seconds())


def _entry(position: Position) -> LogEntry | None:
    if position.bill_id is None or position.version is None or position.changed_at is None:
        return None
    return LogEntry(position.seq, position.bill_id, position.version, position.changed_at)
