"""Where an export is written: what a killed builder left goes, what another builder is about to use stays."""

import fcntl
from pathlib import Path
from typing import Any

import pytest
from api_gateway.exporter import build_export


def test_what_a_killed_builder_left_is_deleted(tmp_path: Path) -> None:
    left = tmp_path / "legis-export-left"
    (left / "files").mkdir(parents=True)
    (left / "lock").touch()
    with build_export._scratch(tmp_path) as folder:
        assert folder.is_dir()
        assert not left.exists()
    assert not list(tmp_path.iterdir())


def test_a_builder_that_begins_at_the_same_moment_keeps_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second begins when the first has made its lock and does not hold it yet: then its folder looks left."""
    flock, met = fcntl.flock, []

    def second_begins_first(lock: Any, how: int) -> None:
        if how == fcntl.LOCK_EX and not met:
            met.append(lock)
            with build_export._scratch(tmp_path) as folder:
                assert folder.is_dir()
        flock(lock, how)

    monkeypatch.setattr(fcntl, "flock", second_begins_first)
    with build_export._scratch(tmp_path) as folder:
        (folder / "bills.ndjson.gz").write_bytes(b"rows")
    assert met
    assert not list(tmp_path.iterdir())
