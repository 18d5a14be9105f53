"""Files of an index that are not what was written are noticed, whenever they were written and whenever they changed."""

from pathlib import Path
from typing import Any

import pytest
from api_gateway.indexer.checksums import Checksums, IndexDamaged
from api_gateway.search.documents import position_document
from api_gateway.search.schema import build_schema
from tantivy import Index

COMMITS = 3


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A small index of a few segments, in a folder of its own."""
    folder = tmp_path / "build-1"
    folder.mkdir()
    writer: Any = Index(build_schema(), str(folder)).writer(heap_size=15_000_000, num_threads=1)
    for number in range(COMMITS):
        writer.add_document(position_document(b"position %d" % number * 50))
        writer.commit()
    writer.wait_merging_threads()
    return folder


def largest(build: Path) -> Path:
    return max(build.glob("*.store"), key=lambda path: path.stat().st_size)


def flip(path: Path, place: int = 10) -> None:
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)


def test_what_was_written_is_noted_and_stays_right(build: Path) -> None:
    sums = Checksums(build)
    sums.note()
    sums.check()
    Checksums(build).check()
    assert sums.size > 0


def test_a_byte_that_turns_later_is_noticed(build: Path) -> None:
    Checksums(build).note()
    flip(largest(build))
    with pytest.raises(IndexDamaged):
        Checksums(build).check()


@pytest.mark.parametrize("act", ["note", "check"])
def test_a_byte_that_turned_before_anybody_looked_is_noticed(build: Path, act: str) -> None:
    flip(largest(build))
    with pytest.raises(IndexDamaged):
        getattr(Checksums(build), act)()


@pytest.mark.parametrize("kept", [0, 3, 12])
def test_a_file_that_was_cut_before_anybody_looked_is_noticed(build: Path, kept: int) -> None:
    path = largest(build)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexDamaged):
        Checksums(build).note()


def test_what_a_merge_is_still_writing_is_no_damage(build: Path) -> None:
    sums = Checksums(build)
    sums.note()
    half = build / f"{'0' * 32}.store"
    half.write_bytes(b"half")
    sums.note()
    half.write_bytes(b"half and more")
    sums.check()
