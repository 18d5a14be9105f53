"""Harm done to the files of the index is found, and the index is built again."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from api_gateway.indexer import follow, index_loop
from api_gateway.indexer.checksums import Checksums, IndexFileGone
from api_gateway.store.changes.index_feed import IndexFeed
from integration.bills import make_bill
from integration.indexer.built import HOME, rebuilds
from integration.indexing import indexing, reading, until


def delete_folder(home: Path, build: str) -> None:
    shutil.rmtree(home)


def delete_whole_folder(home: Path, build: str) -> None:
    shutil.rmtree(home.parent)


def delete_build(home: Path, build: str) -> None:
    shutil.rmtree(home / build)


def delete_current(home: Path, build: str) -> None:
    (home / "current").unlink()


def delete_meta(home: Path, build: str) -> None:
    (home / build / "meta.json").unlink()


def segment_files(home: Path, build: str, ending: str = "") -> list[Path]:
    found = sorted((home / build).glob(f"*.{ending or 'idx'}"), key=lambda path: -path.stat().st_size)
    assert found, sorted((home / build).iterdir())
    return found


def delete_file(home: Path, build: str) -> None:
    segment_files(home, build)[0].unlink()


def truncate_file(home: Path, build: str) -> None:
    os.truncate(segment_files(home, build, "store")[0], 10)


def cut_end(home: Path, build: str) -> None:
    """By one byte: who has the file open can still read all of it."""
    path = segment_files(home, build, "term")[0]
    os.truncate(path, path.stat().st_size - 1)


def truncate_meta(home: Path, build: str) -> None:
    os.truncate(home / build / "meta.json", 20)


def empty_current(home: Path, build: str) -> None:
    (home / "current").write_text("")


def wrong_current(home: Path, build: str) -> None:
    (home / "current").write_text("build-404\n")


def flip_bytes(home: Path, build: str) -> None:
    """In place, so that neither size nor time of a look at the folder tells."""
    path = segment_files(home, build)[0]
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        (byte,) = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 0xFF]))


Harm = Callable[[Path, str], None]
AT_START: dict[Harm, str] = {
    delete_folder: "first", delete_whole_folder: "first", delete_build: "missing", delete_current: "first",
    empty_current: "first", wrong_current: "missing", delete_meta: "damaged", truncate_meta: "damaged",
    delete_file: "damaged", truncate_file: "damaged", flip_bytes: "damaged",
}  # fmt: skip


@pytest.mark.parametrize("harm", AT_START, ids=lambda harm: harm.__name__)
async def test_harm_done_while_nobody_looked_is_found_at_the_start(
    database_url: str, folder: Path, built: str, agree: Any, harm: Harm
) -> None:
    before = rebuilds(AT_START[harm])
    harm(folder / HOME, built)
    async with indexing(database_url, folder) as loop:
        await until(lambda: loop.builds.current not in (None, built, "build-404"), "it is built again")
        async with reading(folder) as index:
            await agree(index)
    assert rebuilds(AT_START[harm]) == before + 1


WHILE_IT_RUNS: dict[Harm, str] = {
    delete_folder: "missing", delete_whole_folder: "missing", delete_current: "missing", wrong_current: "missing",
    delete_file: "damaged", flip_bytes: "damaged",
}  # fmt: skip


@pytest.mark.parametrize("harm", WHILE_IT_RUNS, ids=lambda harm: harm.__name__)
async def test_harm_done_while_it_runs_is_found_and_mended(
    database_url: str, folder: Path, built: str, write: Any, agree: Any, harm: Harm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "SIZES_SECONDS", 0.1)
    async with indexing(database_url, folder, index_check_seconds=0.2) as loop, reading(folder) as index:
        await write(make_bill(98))
        await agree(index)  # so the build is followed, not only read
        before = rebuilds(WHILE_IT_RUNS[harm])
        harm(folder / HOME, built)
        await until(lambda: rebuilds(WHILE_IT_RUNS[harm]) == before + 1, "it is built again")
        await until(lambda: loop.builds.current not in (None, built, "build-404"), "the new build is served")
        await write(make_bill(99, title="Depois"))
        await agree(index)


async def test_a_build_that_is_deleted_while_it_is_opened_is_not_called_damaged(
    database_url: str, folder: Path, built: str, agree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers may go on with the files they have open."""
    opened = index_loop.BuildWriter.open

    def deleted(path: Path, megabytes: int) -> Any:
        if path.name == built:
            delete_folder(path.parent, built)
        return opened(path, megabytes)

    monkeypatch.setattr(index_loop.BuildWriter, "open", deleted)
    before = {reason: rebuilds(reason) for reason in ("missing", "damaged")}
    async with reading(folder) as index:
        await until(lambda: index.state, "the old build is open")
        async with indexing(database_url, folder) as loop:
            await until(lambda: loop.builds.current not in (None, built), "the new build is served")
            await agree(index)
    assert {reason: rebuilds(reason) - before[reason] for reason in before} == {"missing": 1, "damaged": 0}


async def test_flipped_bytes_wait_for_the_next_check_and_no_longer(
    database_url: str, folder: Path, built: str, write: Any, agree: Any
) -> None:
    async with indexing(database_url, folder, index_check_seconds=1000) as loop, reading(folder) as index:
        await write(make_bill(98))
        await agree(index)  # so the check at the start is over
        before = rebuilds("damaged")
        flip_bytes(folder / HOME, built)
        await asyncio.sleep(0.5)
        assert (rebuilds("damaged"), loop.builds.current) == (before, built), "sizes do not tell"
    async with indexing(database_url, folder) as loop, reading(folder) as index:
        await until(lambda: rebuilds("damaged") == before + 1, "the check at the start tells")
        await until(lambda: loop.builds.current not in (None, built), "the new build is served")
        await agree(index)


async def test_a_cut_file_does_not_wait_for_the_checksums(
    database_url: str, folder: Path, built: str, agree: Any
) -> None:
    """Readers see zeros behind the cut, and no error."""
    async with indexing(database_url, folder, index_check_seconds=1000) as loop, reading(folder) as index:
        await agree(index)
        before = rebuilds("damaged")
        cut_end(folder / HOME, built)
        await until(lambda: rebuilds("damaged") == before + 1, "the sizes tell")
        await until(lambda: loop.builds.current not in (None, built), "the new build is served")
        await agree(index)


async def test_files_that_a_merge_takes_away_meanwhile_are_no_damage(
    database_url: str, folder: Path, built: str, agree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of segments is read first, and a merge may end before their files are looked at."""
    checked = Checksums.check_sizes
    looks: list[bool] = []

    def overtaken(sums: Checksums) -> None:
        looks.append(True)
        if len(looks) == 2:  # the first look is at the start, when nothing merges
            raise IndexFileGone("a segment that was merged is gone")
        checked(sums)

    monkeypatch.setattr(follow, "SIZES_SECONDS", 0.1)
    monkeypatch.setattr(Checksums, "check_sizes", overtaken)
    before = rebuilds("damaged")
    async with indexing(database_url, folder, index_check_seconds=1000) as loop, reading(folder) as index:
        await until(lambda: len(looks) >= 4, "it is looked again")
        await agree(index)
        assert (rebuilds("damaged"), loop.builds.current) == (before, built)


async def test_a_full_disk_over_a_damaged_build_is_waited_for(
    database_url: str, folder: Path, built: str, agree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers cannot be told while nothing can be written; without a wait the indexer would spin."""
    refused, waited = [], []
    unpublish, retreat = index_loop.Builds.unpublish, index_loop.retreat

    def full(builds: index_loop.Builds) -> None:
        if len(refused) < 3:
            refused.append(True)
            raise OSError(28, "No space left on device")
        unpublish(builds)

    async def short(stop: asyncio.Event, seconds: float) -> None:
        waited.append(seconds)
        await retreat(stop, 0.01)

    monkeypatch.setattr(index_loop.Builds, "unpublish", full)
    monkeypatch.setattr(index_loop, "retreat", short)
    async with indexing(database_url, folder, index_check_seconds=1000) as loop, reading(folder) as index:
        await agree(index)
        cut_end(folder / HOME, built)
        await until(lambda: loop.builds.current not in (None, built), "the new build is served")
        await agree(index)
    assert len(refused) == 3
    assert len(waited) >= 3
    assert waited == sorted(waited), "each wait is longer"


async def test_a_folder_deleted_during_a_commit_is_missing_and_no_first_build(
    database_url: str, folder: Path, built: str, write: Any, agree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit fails as on a bad disk, and nothing of the old build is left to tell that there was one."""
    read = IndexFeed.changed
    deleted: list[bool] = []

    async def delete_first(feed: IndexFeed, *place: int) -> Any:
        if not deleted:
            deleted.append(True)
            delete_whole_folder(folder / HOME, built)
        return await read(feed, *place)

    async with indexing(database_url, folder) as loop, reading(folder) as index:
        await agree(index)
        before = rebuilds("missing")
        monkeypatch.setattr(IndexFeed, "changed", delete_first)
        await write(make_bill(98, title="Meanwhile"))
        await until(lambda: rebuilds("missing") == before + 1, "it is built again")
        await until(lambda: loop.builds.current not in (None, built), "the new build is served")
        await agree(index)
