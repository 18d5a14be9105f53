"""Checksums of the index: what was committed is watched, what a merge has yet to finish is not."""

from pathlib import Path

import pytest
from api_gateway.indexer.checksums import Checksums, IndexDamaged
from api_gateway.search.index_schema import build_schema
from tantivy import Document, Index

UNFINISHED = "0123456789abcdef0123456789abcdef.idx"


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build with one commit."""
    path = tmp_path / "build-1"
    path.mkdir()
    writer = Index(build_schema(), str(path)).writer(heap_size=15_000_000, num_threads=1)
    document = Document()
    document.add_text("id", "camara-1")
    writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    return path


def test_a_file_that_a_merge_still_writes_is_no_damage_later(build: Path) -> None:
    sums, unfinished = Checksums(build), build / UNFINISHED
    unfinished.write_bytes(b"half")
    sums.note()
    unfinished.write_bytes(b"half and half")
    sums.check_sizes()
    sums.check()


def test_a_committed_file_that_changes_is_damage(build: Path) -> None:
    sums = Checksums(build)
    sums.note()
    store = next(build.glob("*.store"))
    store.write_bytes(store.read_bytes()[::-1])
    sums.check_sizes()
    with pytest.raises(IndexDamaged, match="not what was written"):
        sums.check()


def test_a_list_of_segments_that_cannot_be_read_is_left_to_the_check(build: Path) -> None:
    sums = Checksums(build)
    sums.note()
    (build / "meta.json").write_text("{")
    sums.note()
    with pytest.raises(IndexDamaged):
        sums.check_sizes()


@pytest.mark.parametrize("act", ["note", "check"])
def test_a_byte_that_turned_before_anybody_looked_is_damage(build: Path, act: str) -> None:
    """Files of a merge are not noted when it ends; what Tantivy wrote behind their bytes tells."""
    store = next(build.glob("*.store"))
    raw = bytearray(store.read_bytes())
    raw[10] ^= 1
    store.write_bytes(raw)
    with pytest.raises(IndexDamaged):
        getattr(Checksums(build), act)()


@pytest.mark.parametrize("kept", [0, 3, 12])
def test_a_file_that_was_cut_before_anybody_looked_is_damage(build: Path, kept: int) -> None:
    store = next(build.glob("*.store"))
    store.write_bytes(store.read_bytes()[:kept])
    with pytest.raises(IndexDamaged):
        Checksums(build).note()


def test_what_is_whole_is_noted_and_stays_right(build: Path) -> None:
    sums = Checksums(build)
    sums.note()
    Checksums(build).check()
    assert sums.size == sum(path.stat().st_size for path in build.glob(f"{'[0-9a-f]' * 32}.*"))
