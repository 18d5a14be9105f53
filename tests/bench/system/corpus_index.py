"""The index of a corpus: built by the indexer itself, kept beside the database, and lent as a copy to who writes."""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import api_gateway
from api_gateway.search.index.folder import current_build, open_build, schema_folder
from api_gateway.search.index.index_state import IndexState, newest_state
from api_gateway.search.index_schema import SCHEMA_VERSION
from legis_launcher.processes.child_process import Child
from stage import until

from bench.system import cpu

_MADE_BY = ("search/**/*.py", "indexer/*.py", "store/changes/index_feed.py")
_LIMIT_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Built:
    """One full build: seconds from the start of the process to an index that is served, and what came of it."""

    seconds: float
    documents: int
    processor_seconds: float
    """Of the indexer; on a busy machine it says more than the clock."""
    mebibytes: float
    """All files of the index."""
    memory_mib: float
    """The most memory of its own that the indexer had meanwhile."""


def index_version() -> str:
    """Changes with whatever an index is made by."""
    package = Path(api_gateway.__file__ or "").parent
    digest = hashlib.sha256()
    for path in (path for pattern in _MADE_BY for path in sorted(package.glob(pattern))):
        digest.update(path.read_bytes())
    return f"{SCHEMA_VERSION}-{digest.hexdigest()[:16]}"


def build(start: Callable[[], Child], end: Callable[[Child], None], folder: Path) -> Built:
    """Has an indexer build an index in an empty folder; `start` starts one that writes there."""
    began, most = time.monotonic(), 0.0
    child = start()

    def served() -> bool:
        nonlocal most
        if not child.alive:
            raise SystemExit(f"the indexer has ended:\n{child.log_tail(20)}")
        most = max(most, cpu.memory(child.pid or 0).own_mib)
        return current_build(schema_folder(folder)) is not None

    try:
        until(served, _LIMIT_SECONDS, "the index is built")
        seconds, used = time.monotonic() - began, cpu.seconds(child.pid or 0)
    finally:
        end(child)
    documents = opened(folder).searcher.num_docs - 1  # one is the position
    return Built(seconds, documents, used, size_mib(folder), most)


def opened(folder: Path) -> IndexState:
    """The index of a folder as one request sees it, its orders cut into parts as a web process has them."""
    home = schema_folder(folder)
    build_name = current_build(home)
    if build_name is None:
        raise SystemExit(f"there is no index in {folder}")
    index = open_build(home, build_name)
    return newest_state(index)


def size_mib(folder: Path) -> float:
    """What the files of an index take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


@contextmanager
def working_copy(folder: Path) -> Iterator[Path]:
    """A copy that may be written, for as long as the context lasts; nothing reaches the index that it was made of.

    Files of an index are written once and replaced by new ones, never written over, so hard links do. Lock files are
    left out: a lock is of the file, whatever its name.
    """
    copy = folder.with_name(f"{folder.name}-copy")
    shutil.rmtree(copy, ignore_errors=True)
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".lock":
            to = copy / path.relative_to(folder)
            to.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, to)
    try:
        yield copy
    finally:
        shutil.rmtree(copy, ignore_errors=True)
