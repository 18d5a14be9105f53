"""An index is built, and then has every change of the log within moments."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest
from api_gateway.indexer import index_loop as indexer_loop
from api_gateway.indexer import rebuild
from api_gateway.indexer.builds import Builds
from api_gateway.search.filtering.filters import read_filter
from api_gateway.search.index.live import LiveIndex
from api_gateway.search.index_schema import SCHEMA_VERSION
from api_gateway.search.results import count
from api_gateway.store.changes.index_feed import IndexFeed, mark_rerendered
from api_gateway.store.reconciliation.removal import mark_removed
from integration.bills import make_bill
from integration.indexing import indexing, reading, until
from legis.domain.vocabulary import BillStatus
from tantivy import Index


def found(index: LiveIndex, **given: Any) -> int:
    """How many bills of an index a filter finds."""
    assert index.state is not None
    return count(index.state, index.state.compiler.filter(read_filter(given)).query)


async def test_an_empty_database_gives_an_empty_index(database_url: str, folder: Path, agree: Any) -> None:
    async with indexing(database_url, folder) as loop, reading(folder) as index:
        await agree(index)
        assert index.state is not None
        assert (index.state.position.seq, index.state.position.bill_id) == (0, None)
        build = loop.builds.current
        home = folder / f"schema-{SCHEMA_VERSION}"
        assert (home / "current").read_text() == f"{build}\n"
        assert (home / f"{build}.sums.json").exists()


async def test_the_first_build_has_all_and_then_every_change_follows(
    database_url: str, folder: Path, write: Any, agree: Any
) -> None:
    await write(*(make_bill(number) for number in range(1, 31)))
    async with indexing(database_url, folder) as loop, reading(folder) as index:
        await agree(index)
        build = loop.builds.current
        for turn in range(5):
            await write(*(make_bill(number, title=f"Trata da vez {turn}") for number in (1, 2, 40 + turn)))
            await agree(index)
            assert found(index, q=f"vez {turn}") == 3
        assert found(index, q="vez 0") == 1, "an older state is gone"
        await write(make_bill(3, status=BillStatus.ENACTED), make_bill(3, status=BillStatus.REJECTED))
        await agree(index)
        assert found(index, status=["ENACTED"]) == 0
        assert found(index, status=["REJECTED"]) == 1
        assert loop.builds.current == build, "no need to build again"


async def test_removed_bills_are_found_by_name_alone_until_they_come_back(
    database_url: str, folder: Path, write: Any, pool: Any, agree: Any
) -> None:
    await write(make_bill(1, title="Merenda escolar"), make_bill(2))
    async with indexing(database_url, folder), reading(folder) as index:
        await agree(index)
        await mark_removed(pool, ["camara-1"])
        await agree(index)
        assert [found(index, q="merenda"), found(index), found(index, ids=["camara-1"])] == [0, 1, 1]
        await write(make_bill(1, title="Merenda escolar"))
        await agree(index)
        assert [found(index, q="merenda"), found(index), found(index, ids=["camara-1"])] == [1, 2, 1]


async def test_a_removed_bill_is_removed_in_a_new_build_too(
    database_url: str, folder: Path, write: Any, pool: Any, agree: Any
) -> None:
    await write(make_bill(1), make_bill(2))
    await mark_removed(pool, ["camara-1"])
    async with indexing(database_url, folder), reading(folder) as index:
        await agree(index)
        assert [found(index), found(index, ids=["camara-1"])] == [1, 1]


async def test_what_is_rendered_anew_without_a_change_follows(
    database_url: str, folder: Path, write: Any, pool: Any, agree: Any
) -> None:
    await write(*(make_bill(number) for number in range(1, 8)))

    async def rerender(title: str, ids: list[str]) -> None:  # as a migration would
        async with pool.acquire() as connection, connection.transaction():
            for row in await connection.fetch("SELECT id, summary FROM bill WHERE id = ANY($1::text[])", ids):
                summary = orjson.dumps({**orjson.loads(row["summary"]), "title": title})
                await connection.execute("UPDATE bill SET summary = $2 WHERE id = $1", row["id"], summary)
            await mark_rerendered(connection, ids)

    async with indexing(database_url, folder) as loop, reading(folder) as index:
        await agree(index)
        before = index.state and index.state.position
        await rerender("De novo", ["camara-1", "camara-3"])
        await agree(index)
        await rerender("E de novo", [f"camara-{number}" for number in range(1, 8)])
        await agree(index)
        assert before is not None
        assert index.state is not None
        assert index.state.position.seq == before.seq
        assert index.state.position.render_seq == before.render_seq + 9
        build = loop.builds.current
    await rerender("Enquanto ninguém olha", ["camara-2"])
    async with indexing(database_url, folder) as loop, reading(folder) as index:
        await agree(index)
        assert loop.builds.current == build


async def test_what_changed_while_no_indexer_ran_is_caught_up(
    database_url: str, folder: Path, write: Any, agree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api_gateway.indexer.follow.ENTRIES", 7)  # so that it takes several commits
    await write(*(make_bill(number) for number in range(1, 11)))
    async with indexing(database_url, folder) as loop, reading(folder) as index:
        await agree(index)
        build = loop.builds.current
    await write(*(make_bill(number, title="Mudou") for number in range(5, 40)))
    async with indexing(database_url, folder) as loop, reading(folder) as index:
        await agree(index)
        assert loop.builds.current == build
        assert found(index, q="mudou") == 35


async def test_bills_written_during_a_build_are_in_it_or_follow(
    database_url: str, folder: Path, write: Any, agree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "PAGE", 5)
    await write(*(make_bill(number) for number in range(1, 201)))

    async def go_on() -> None:
        for turn in range(20):
            await write(make_bill(turn * 9 + 1, title=f"Mudou {turn}"), make_bill(1000 + turn))

    async with indexing(database_url, folder), reading(folder) as index:
        await asyncio.gather(go_on(), until(lambda: index.state, "the first build"))
        await agree(index)


async def test_a_second_indexer_waits_and_takes_over(
    database_url: str, folder: Path, write: Any, agree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer_loop, "LOCK_SECONDS", 0.05)
    async with reading(folder) as index:
        async with indexing(database_url, folder) as first:
            await agree(index)
            async with indexing(database_url, folder) as second:
                await asyncio.sleep(0.3)
                assert (first.builds.is_held, second.builds.is_held) == (True, False)
        async with indexing(database_url, folder) as first:
            await until(lambda: first.builds.is_held, "the first has the lock")
            async with indexing(database_url, folder) as second:
                await write(make_bill(1))
                await agree(index)
                assert not second.builds.is_held
                first.builds.release()  # as the end of its process would
                await until(lambda: second.builds.is_held or first.builds.is_held, "one of them has the lock")
                await write(make_bill(2))
                await agree(index)
                assert first.builds.is_held != second.builds.is_held


async def test_the_indexer_ends_soon_in_the_middle_of_a_build(
    database_url: str, folder: Path, write: Any, agree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "PAGE", 1)
    await write(*(make_bill(number) for number in range(1, 300)))
    async with asyncio.timeout(60), indexing(database_url, folder) as loop:
        await until(lambda: list(loop.builds.home.glob("build-*")), "a build has begun")
        assert loop.builds.current is None
    assert loop.builds.current is None
    assert not list(loop.builds.home.glob("build-*")), "what is half built is cleared away"
    monkeypatch.undo()
    async with indexing(database_url, folder), reading(folder) as index:
        await agree(index)


async def test_a_build_that_is_given_up_is_written_no_more(folder: Path, pool: Any, write: Any) -> None:
    await write(*(make_bill(number) for number in range(1, 30)))
    stop, builds = asyncio.Event(), Builds(folder)
    stop.set()
    with pytest.raises(rebuild.Interrupted) as interrupted:
        await rebuild.rebuild(builds, IndexFeed(pool), "first", stop)
    assert interrupted.tb, "its writer lives on in the frames of the error"
    (build,) = builds.home.glob("build-*")
    Index.open(str(build)).writer()  # its lock is free, where threads of the writer have ended
