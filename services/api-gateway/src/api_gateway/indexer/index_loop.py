"""The indexer's main loop: lock the folder, build the index, follow the change log, recover from failures."""

import asyncio
from collections.abc import Callable

from legis.errors import StoreUnavailable
from legis.telemetry import logs
from legis.telemetry.metrics import INDEX_FAILURES
from legis.waiting import retreat, wait_or_stop

from api_gateway.indexer.build_writer import BuildWriter
from api_gateway.indexer.builds import Builds
from api_gateway.indexer.checksums import Checksums, IndexDamaged
from api_gateway.indexer.follow import Follower
from api_gateway.indexer.reasons import BUILD, DAMAGED, FIRST, FOLLOW, MISSING, SCHEMA, RebuildNeeded
from api_gateway.indexer.rebuild import Interrupted, rebuild
from api_gateway.search.index.folder import IndexNotReady
from api_gateway.settings import IndexerSettings
from api_gateway.store.changes.index_feed import IndexFeed

LOCK_SECONDS = 1.0
"""Time between two attempts of a standby indexer to lock the folder."""

LONGEST_WAIT_SECONDS = 5.0
_FIRST_WAIT = 0.2

_log = logs.get_logger(__name__)


class IndexerLoop:
    """Runs until `stop` is set, whatever fails."""

    def __init__(self, settings: IndexerSettings, feed: IndexFeed) -> None:
        self._settings = settings
        self._feed = feed
        self.builds = Builds(settings.index_folder)
        self._wait = _FIRST_WAIT

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop` is set."""
        try:
            while not stop.is_set():
                if not self.builds.is_held and not self.builds.take_lock():
                    await wait_or_stop(stop, LOCK_SECONDS)
                    continue
                await self._work(stop)
        finally:
            self.builds.release()

    async def _work(self, stop: asyncio.Event) -> None:
        """Follows the log until something fails. A failure is followed by a wait that grows with each one."""
        try:
            build = await self._current(stop)
            writer = await self._opened(build)
            self._has_followed = True
            self.builds.clear()
            await self._follower(writer).run(stop)
        except RebuildNeeded as needed:
            _log.warning("index_unusable", reason=needed.reason, detail=str(needed))
            self._reason = needed.reason
            if needed.reason != MISSING:  # files of a deleted build that readers have open are still correct
                await self._unpublish(stop)
        except Interrupted as error:
            _log.info("index_rebuild_interrupted", detail=str(error))
            self._attempt(self.builds.clear)
        except StoreUnavailable as error:
            await self._wait_after(FOLLOW, error, stop)
        except (ValueError, OSError, IndexDamaged) as error:  # Tantivy reports disk errors as ValueError
            self._attempt(self.builds.clear)  # a partial build takes disk space that may be needed
            await self._wait_after(BUILD if self.builds.current is None else FOLLOW, error, stop)
        else:
            self._wait = _FIRST_WAIT

    _reason: str | None = None
    """The reason for the next build, if following the last one has failed with one."""

    _has_followed = False
    """Whether there was a build. One that is deleted during a commit fails like a full disk, without a reason."""

    async def _current(self, stop: asyncio.Event) -> str:
        """The published build; a new one if there is none."""
        known = self.builds.current
        if known is not None and (self.builds.home / known).is_dir():
            return known
        reason = self._reason or (MISSING if known or self._has_followed else SCHEMA if self.builds.others() else FIRST)
        self._attempt(self.builds.clear)
        build = await rebuild(self.builds, self._feed, reason, stop)
        self._reason = None
        return build

    async def _opened(self, build: str) -> BuildWriter:
        """The build, checked and open for writing. Raises RebuildNeeded if it is damaged, or was deleted meanwhile."""
        path = self.builds.home / build
        try:
            await asyncio.to_thread(Checksums(path).check)
            return BuildWriter.open(path, self._settings.index_writer_megabytes)
        except (IndexDamaged, IndexNotReady, FileNotFoundError, ValueError) as error:
            if isinstance(error, ValueError) and ("LockBusy" in str(error) or "No space" in str(error)):
                raise
            raise RebuildNeeded(DAMAGED if path.exists() else MISSING, str(error)) from error

    def _follower(self, writer: BuildWriter) -> Follower:
        settings = self._settings
        return Follower(
            self.builds,
            writer,
            self._feed,
            poll_seconds=settings.index_poll_seconds,
            commit_seconds=settings.index_commit_seconds,
            check_seconds=settings.index_check_seconds,
        )

    async def _unpublish(self, stop: asyncio.Event) -> None:
        """Withdraws the published build, so that readers stop using it. Waits after a failure (a full disk)."""
        try:
            self.builds.unpublish()
        except OSError as error:
            await self._wait_after(BUILD, error, stop)

    def _attempt(self, act: Callable[[], None]) -> None:
        try:
            act()
        except OSError as error:
            INDEX_FAILURES.labels(BUILD).inc()
            _log.warning("index_folder_refuses", error=repr(error))

    async def _wait_after(self, stage: str, error: Exception, stop: asyncio.Event) -> None:
        INDEX_FAILURES.labels(stage).inc()
        _log.warning("index_work_failed", stage=stage, error=f"{type(error).__name__}: {error}")
        await retreat(stop, self._wait)
        self._wait = min(2 * self._wait, LONGEST_WAIT_SECONDS)
