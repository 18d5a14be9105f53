"""The index of this process, kept at its newest commit while requests are served."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, TypeVar

from legis.languages import Text
from legis.telemetry import logs
from legis.telemetry.metrics import INDEX_DOCUMENTS, INDEX_SEGMENTS, INDEX_SEQ
from legis.waiting import wait_or_stop
from tantivy import Index

from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.search.index.folder import NONE, IndexNotReady, open_build, schema_folder, served
from api_gateway.search.index.index_state import IndexState, newest_state
from api_gateway.search.index.panics import EngineFailed, guarded
from api_gateway.search.index.reader_lock import acquire_reader_lock

LOOK_SECONDS = 0.05
"""Time between two checks for a new commit; a check costs two system calls."""

PARTS_SECONDS = 300.0
"""Time after which partitions are computed again; bills move between partitions slowly."""

_BUILDING = Text("The search index is being built", "O índice de busca está sendo montado")
_RESTORED = Text(
    "The search index is being built again: the database was restored",
    "O índice de busca está sendo refeito: o banco de dados foi restaurado",
)
_UNREADABLE = Text("The search index cannot be read", "O índice de busca não pode ser lido")
_WRONG = Text(
    "The search index was found to be wrong and is being built again",
    "O índice de busca tinha um erro e está sendo refeito",
)

_Stamp = tuple[str, int, int, int]
T = TypeVar("T")
_log = logs.get_logger(__name__)


class LiveIndex:
    """One index for all requests of a process. Searches run on separate threads, so that they do not block the event
    loop.
    """

    def __init__(self, folder: str, *, threads: int, on_change: Callable[[], None]) -> None:
        self._home = schema_folder(folder)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="search")
        self._on_change = on_change
        self._stamp: _Stamp | None = None
        self._index: Index | None = None
        self._build: str | None = None
        self._state: IndexState | None = None
        self._parts_at = float("-inf")
        self._reader: IO[str] | None = None
        self._moved = asyncio.Event()

    @property
    def state(self) -> IndexState | None:
        """The newest snapshot; None if there is no index to search."""
        return self._state

    def require(self, epoch: str | None) -> IndexState:
        """The newest snapshot, if it is of the database's epoch (None: unknown). Raises IndexNotReady."""
        state = self._state
        if state is None:
            raise IndexNotReady(_BUILDING)
        if epoch is not None and state.position.epoch != epoch:
            raise IndexNotReady(_RESTORED)
        return state

    async def ask(self, work: Callable[[IndexState], T], state: IndexState) -> T:
        """Runs a function of a snapshot on a search thread and returns its result.

        Raises IndexNotReady if index files cannot be read: a reader may find damage before the indexer, which repairs
        it, does.
        """
        with _damage_means_not_ready(state):
            return await asyncio.get_running_loop().run_in_executor(self._threads, guarded, work, state)

    def ask_here(self, work: Callable[[IndexState], T], state: IndexState) -> T:
        """The same on the event loop, which answers nothing else meanwhile: for what takes a millisecond or two, and
        mostly less than a search thread and the event loop spend on passing Python's lock to each other.
        """
        with _damage_means_not_ready(state):
            return guarded(work, state)

    async def wait_for(self, seq: int, within: float) -> bool:
        """Waits until the index contains log entry `seq`, at most `within` seconds. Returns whether it does."""
        deadline = time.monotonic() + within
        while self._state is None or self._state.position.seq < seq:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            try:
                async with asyncio.timeout(left):
                    await self._moved.wait()
            except TimeoutError:
                return False
        return True

    async def run(self, stop: asyncio.Event) -> None:
        """Loads the published build and each new commit until `stop` is set."""
        try:
            while not stop.is_set():
                try:
                    await self.refresh()
                except (ValueError, OSError, IndexNotReady, EngineFailed) as error:
                    self._drop(error)
                await wait_or_stop(stop, LOOK_SECONDS)
        finally:
            self.close()

    async def refresh(self) -> None:
        """Checks once for a new commit and loads it. Raises ValueError, OSError, EngineFailed or IndexNotReady if the
        index is not complete.
        """
        stamp = self._newest()
        if stamp is None or stamp == self._stamp:
            return
        state = await asyncio.get_running_loop().run_in_executor(self._threads, guarded, self._opened, stamp[0])
        self._stamp = stamp
        self._use_state(state)

    def close(self) -> None:
        """Stops the search threads and releases the folder."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._leave()

    def _leave(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _newest(self) -> _Stamp | None:
        """Identity of the newest commit; None if there is nothing new to load."""
        build = served(self._home)
        if build is None:
            return None
        if build == NONE:
            raise IndexNotReady(_WRONG)
        try:
            found = (self._home / build / "meta.json").stat()
        except FileNotFoundError:
            return None
        return build, found.st_ino, found.st_mtime_ns, found.st_size

    def _opened(self, build: str) -> IndexState:
        if self._index is None or build != self._build:
            reader = acquire_reader_lock(self._home)  # again: the folder may have been deleted and made again
            self._leave()
            self._reader = reader
            self._index, self._build = open_build(self._home, build), build
            self._parts_at = float("-inf")
        self._index.reload()
        if self._state is None or time.monotonic() - self._parts_at > PARTS_SECONDS:
            self._parts_at = time.monotonic()
            return newest_state(self._index)
        return newest_state(self._index, self._state.parts)

    def _use_state(self, state: IndexState) -> None:
        self._state = state
        INDEX_SEQ.set(state.position.seq)
        INDEX_DOCUMENTS.set(max(0, state.searcher.num_docs - 1))
        INDEX_SEGMENTS.set(state.searcher.num_segments)
        self._notify()

    def _drop(self, error: BaseException) -> None:
        """Stops using an index that is gone or incomplete."""
        self._stamp = self._index = self._build = None
        if self._state is None:
            return
        _log.warning("index_not_usable", error=repr(error))
        self._state = None
        self._notify()

    def _notify(self) -> None:
        self._on_change()
        self._moved.set()
        self._moved = asyncio.Event()


@contextmanager
def _damage_means_not_ready(state: IndexState) -> Iterator[None]:
    """Turns errors of damaged files into IndexNotReady."""
    try:
        yield
    except InvalidParameter:
        raise
    except (ValueError, EngineFailed) as error:  # raised by Tantivy for damaged files
        _log.warning("index_search_failed", error=repr(error), seq=state.position.seq, exc_info=True)
        raise IndexNotReady(_UNREADABLE) from error
