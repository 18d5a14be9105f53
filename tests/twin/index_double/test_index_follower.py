"""The indexer's follower in a database that becomes another one just between two of its questions."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_gateway.indexer.build_writer import BuildWriter
from api_gateway.indexer.builds import Builds
from api_gateway.indexer.checksums import Checksums
from api_gateway.indexer.follow import Follower
from api_gateway.indexer.reasons import RebuildNeeded
from api_gateway.search.index.folder import Position
from api_gateway.store.changes.index_feed import IndexFeed
from legis.clock import utc_now

from twin.index_double.virtual_index import TwinBuild, TwinBuilds, TwinFolder, TwinSums, TwinWriter
from twin.store_double.store_index import EPOCH
from twin.store_double.store_pool import StoreWire, TwinPool
from twin.store_double.store_tables import Row, Tables

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def history(entries: int, minute: int) -> dict[str, Any]:
    """A database with so many bills, one log entry each, that all changed in the same minute."""
    at = NOON + timedelta(minutes=minute)
    bills: dict[Any, Row] = {}
    log: dict[Any, Row] = {}
    for seq in range(1, entries + 1):
        bills[f"camara-{seq}",] = {"id": f"camara-{seq}", "ordinal": seq, "change_seq": seq, "summary": b"%d" % minute}
        log[seq,] = {"seq": seq, "bill_id": f"camara-{seq}", "version": 1, "changed_at": at}
    return {"bill": bills, "bill_change": log, "change_counter": {(): {"last_seq": entries}}}


class Switching(StoreWire):
    """A way to the store that leads to another database from a certain statement on."""

    def __init__(self, tables: Tables, other: dict[str, Any], after: int) -> None:
        super().__init__(tables, random.Random(1), utc_now)
        self._other = other
        self._after = after

    async def travel(self) -> None:
        """Counts the way there; there is one for a statement, and two for its commit."""
        if self.statements // 3 == self._after:
            self.tables.rows = self._other
        self.statements += 1


def follower(wire: StoreWire, build: TwinBuild) -> Follower:
    folder = TwinFolder(lambda _: None)
    folder.builds["build-1"], folder.served = build, "build-1"
    builds: Any = TwinBuilds(folder)
    assert builds.take_lock()
    writer: Any = TwinWriter.open(builds.home / "build-1", 0)
    pool: Any = TwinPool(wire)
    return Follower(builds, writer, IndexFeed(pool), poll_seconds=1, commit_seconds=1, check_seconds=1)


@pytest.mark.parametrize("after", [1, 2])
async def test_nothing_is_committed_of_a_log_that_went_back_meanwhile(after: int) -> None:
    tables, build = Tables(), TwinBuild()
    tables.rows = history(3, minute=0)
    build.position = Position(EPOCH, 2, 0, "camara-2", 1, NOON)
    wire = Switching(tables, history(5, minute=1), after)
    with pytest.raises(RebuildNeeded) as told:
        await follower(wire, build).step()
    assert told.value.reason == "log_went_back"
    assert build.position.seq == 2
    assert not build.rows


async def test_what_is_new_is_committed_with_its_position() -> None:
    tables, build = Tables(), TwinBuild()
    tables.rows = history(3, minute=0)
    build.position = Position(EPOCH, 2, 0, "camara-2", 1, NOON)
    assert await follower(Switching(tables, {}, 99), build).step()
    assert build.position == Position(EPOCH, 3, 0, "camara-3", 1, NOON)
    assert list(build.rows) == ["camara-3"]


@pytest.mark.parametrize(
    ("product", "other", "not_asked"),
    [
        (BuildWriter, TwinWriter, {"add_bills"}),  # only benchmarks ask it
        (Checksums, TwinSums, {"note", "size"}),  # only the writer asks them
        (Builds, TwinBuilds, set[str]()),
    ],
)
def test_the_parts_without_a_disk_offer_all_that_the_indexer_may_ask(
    product: type, other: type, not_asked: set[str]
) -> None:
    offered = {name for name in vars(product) if not name.startswith("_")}
    assert offered - set(dir(other)) == not_asked
