"""The index folder without a disk: what survives its indexer, and the parts of the indexer that would touch files.

The loop, following, comparing, rebuilding and every statement are the product's; a build keeps rows, not documents.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from api_gateway.exporter import build_export
from api_gateway.exports.resources import RESOURCES, ResourceName
from api_gateway.indexer import follow, index_loop, rebuild
from api_gateway.indexer.checksums import IndexDamaged
from api_gateway.search.index.folder import Position

from twin.store_double.store_tables import Row, Tables

BILLS = {ResourceName.BILLS: RESOURCES[ResourceName.BILLS]}
"""Of exports the table of bills alone: the others are empty here."""


class TwinBuild:
    """One build: what was committed last. `whole` says that its files are as they were written."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.position: Position | None = None
        self.whole = True


class TwinFolder:
    """What is on the disk. Survives every process; `holder` is who writes in it."""

    def __init__(self, on_commit: Callable[[TwinBuild], None]) -> None:
        self.builds: dict[str, TwinBuild] = {}
        self.served: str | None = None
        self.holder: TwinBuilds | None = None
        self.made = 0
        self.on_commit = on_commit

    @property
    def current(self) -> TwinBuild | None:
        """The build that readers search."""
        return self.builds.get(self.served) if self.served is not None else None


class TwinPath:
    """The path of the folder, or of a build in it."""

    def __init__(self, folder: TwinFolder, name: str = "") -> None:
        self.folder = folder
        self.name = name

    def __truediv__(self, name: str) -> "TwinPath":
        return TwinPath(self.folder, name)

    def exists(self) -> bool:
        """Whether the build is there."""
        return self.name in self.folder.builds

    is_dir = exists

    @property
    def build(self) -> TwinBuild:
        """The build. Raises FileNotFoundError."""
        if self.name not in self.folder.builds:
            raise FileNotFoundError(self.name)
        return self.folder.builds[self.name]


class TwinBuilds:
    """`Builds` of one process; after `kill` that process writes nothing any more and its lock is free."""

    def __init__(self, folder: TwinFolder) -> None:
        self.home = TwinPath(folder)
        self.dead = False
        self._folder = folder

    def kill(self) -> None:
        """The process is gone."""
        self.dead = True
        self.release()

    def take_lock(self) -> bool:
        """Takes the folder if it is free."""
        if self._folder.holder is not None:
            return False
        self._folder.holder = self
        return True

    def release(self) -> None:
        """Leaves it to another."""
        if self._folder.holder is self:
            self._folder.holder = None

    @property
    def is_held(self) -> bool:
        """Whether this process may write."""
        return self._folder.holder is self

    @property
    def current(self) -> str | None:
        """The build that is served."""
        return self._folder.served

    def new(self) -> str:
        """A build that is yet to come."""
        self._folder.made += 1
        name = f"build-{self._folder.made}"
        self._folder.builds[name] = TwinBuild()
        return name

    def unpublish(self) -> None:
        """Has readers stop."""
        self._folder.served = None

    def others(self) -> list[str]:
        """There is no other schema here."""
        return []

    def clear(self) -> None:
        """Removes builds that are not served."""
        for name in list(self._folder.builds):
            if name != self._folder.served:
                del self._folder.builds[name]


class TwinSums:
    """`Checksums` of one build."""

    def __init__(self, path: TwinPath) -> None:
        self._path = path

    def check(self) -> None:
        """Raises IndexDamaged, FileNotFoundError."""
        if not self._path.build.whole:
            raise IndexDamaged("bits were flipped")

    check_sizes = check


class TwinWriter:
    """`BuildWriter` of one build: nothing is there before its commit, and then all of it."""

    def __init__(self, path: TwinPath) -> None:
        self.path = path
        self.sums = TwinSums(path)
        self._holder = path.folder.holder
        self._put: dict[str, Row] = {}
        self.position = path.build.position

    @classmethod
    def create(cls, path: TwinPath) -> "TwinWriter":
        """An empty build."""
        return cls(path)

    @classmethod
    def open(cls, path: TwinPath, _: int) -> "TwinWriter":
        """One that was committed."""
        return cls(path)

    def put(self, rows: Iterable[Row]) -> None:
        """Adds bills, or replaces them."""
        self._put |= {row["id"]: row for row in rows}

    add = put

    def commit(self, position: Position) -> None:
        """Makes it seen, together with its position."""
        folder = self.path.folder
        if self._holder is not None and self._holder.dead:
            raise asyncio.CancelledError  # killed while it wrote
        build = self.path.build
        build.rows |= self._put
        self._put = {}
        self.position = build.position = position
        folder.on_commit(build)

    def record_checksums(self) -> None:
        """There are no files."""

    finish = record_checksums

    def abandon(self) -> None:
        """There are no threads to end."""
        self._put = {}


async def _here(work: Callable[..., Any], *args: Any) -> Any:
    """A thread of another process would make the run another one each time."""
    return work(*args)


def _serve(home: TwinPath, name: str) -> None:
    home.folder.served = name


@contextmanager
def instead_of_files() -> Iterator[None]:
    """The indexer's modules with these parts in place of files and threads; pages are small: builds take time."""
    with ExitStack() as stack:
        for module, name, other in (
            (index_loop, "Builds", TwinBuilds),
            (index_loop, "Checksums", TwinSums),
            (index_loop, "BuildWriter", TwinWriter),
            (rebuild, "BuildWriter", TwinWriter),
            (rebuild, "set_current_build", _serve),
            (rebuild, "PAGE", 2),
            (follow, "ENTRIES", 5),
            (build_export, "RESOURCES", BILLS),
            (asyncio, "to_thread", _here),
        ):
            stack.enter_context(mock.patch.object(module, name, other))
        yield


class IndexChecks:
    """What must hold of the index whenever it is committed, and in the end."""

    def __init__(self, tables: Tables, violated: Callable[[str], None]) -> None:
        self._tables = tables
        self._violated = violated
        self.commits = 0

    def at_commit(self, build: TwinBuild) -> None:
        """Every entry up to the position is in it: its bill is as it was then, or newer."""
        self.commits += 1
        position = build.position
        if position is None:
            return
        log = self._tables.table("bill_change")
        if position.seq and (position.seq,) not in log:
            self._violated(f"index: its position {position.seq} is not in the log, which has {len(log)} entries")
        for key, entry in log.items():
            row = build.rows.get(entry["bill_id"])
            if key[0] <= position.seq and (row is None or row["change_seq"] < key[0]):
                self._violated(f"index: position {position.seq} passed entry {key[0]} of {entry['bill_id']}")
        for row in self._tables.table("bill").values():
            mark, known = row.get("render_seq") or 0, build.rows.get(row["id"])
            if 0 < mark <= position.render_seq and (known is None or (known["render_seq"] or 0) < mark):
                self._violated(f"index: render position {position.render_seq} passed {row['id']}")

    def unsettled(self, build: TwinBuild | None) -> Sequence[str]:
        """How it is not yet what the database is."""
        if build is None or build.position is None:
            return ["index: there is none"]
        bills = {row["id"]: row for row in self._tables.table("bill").values()}
        if build.rows.keys() != bills.keys():
            return [f"index: it has {len(build.rows)} bills of {len(bills)}"]
        wrong = [key for key, row in bills.items() if build.rows[key]["summary"] != row["summary"]]
        return [f"index: {key} is not as it is stored" for key in wrong[:3]]
