"""What keeps a run from starting is said in one line, with what to do about it."""

import errno
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from legis_launcher.console.start_failures import CannotStart, one_line
from legis_launcher.processes.attached_command import attached_environment
from legis_launcher.processes.child_process import ChildFailed
from legis_launcher.run_folder import RunFolder, RunState, process_mark
from legis_launcher.system import System

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/srv/x"), ("is full", "make room", "LEGIS_RUN_DIR")),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), ("is full", "make room")),
        (
            ChildFailed("initdb ended with status 1:\ncould not write: No space left on device"),
            ("is full", "make room"),
        ),
        (OSError(errno.EROFS, "Read-only file system", "/srv/x"), ("/srv/x", "read-only", "LEGIS_RUN_DIR")),
        (PermissionError(errno.EACCES, "Permission denied", "/srv/x"), ("/srv/x", "may not be written", "chown")),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "/srv/x"), ("/srv/x is not a folder", "remove it")),
        (ChildFailed("worker ended with status -9:\nstarting\n"), ("worker was killed by SIGKILL", "start again")),
        (ChildFailed("postgres ended with status -9 at start:\n"), ("postgres was killed by SIGKILL", "memory")),
        (ChildFailed("web was not ready after 120 s:\nup\n"), ("web was not ready", "LEGIS_START_TIMEOUT_SECONDS")),
        (ChildFailed("migrate did not end within 9 s"), ("migrate did not end", "LEGIS_START_TIMEOUT_SECONDS")),
        (ChildFailed("psql: connection to server at x failed: Connection refused"), ("psql", "DATABASE_URL")),
        (
            ChildFailed("migrate ended with status 1:\nmigrate: database not reachable within 60 s"),
            ("migrate", "DATABASE_URL"),
        ),
        (ChildFailed("web ended with status 1:\nKeyError: 'x'"), ("web ended with status 1",)),
    ],
)
def test_each_kind_has_its_line(
    error: Exception, words: tuple[str, ...], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 12 * 10**6))
    line = one_line(error, place)
    assert "\n" not in line
    assert all(word in line for word in words), line


def test_nothing_is_started_on_a_disk_without_room(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 12 * 10**6))
    system = System(RunFolder(place), {}, print)
    with pytest.raises(CannotStart, match=r"the disk of .* is full \(12 MB free, 268 needed to begin\): make room"):
        system.start()
    assert list(place.iterdir()) == []


def _up(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "legis_launcher", "up", "--run-dir", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, env=os.environ)


def test_a_folder_that_cannot_be_made_is_told_in_one_line(place: Path) -> None:
    (place / "taken").write_text("")
    done = _up(place / "taken" / "run")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1, done.stdout + done.stderr
    assert "NOT STARTED" in done.stdout
    assert f"{place / 'taken'}" in done.stdout
    assert done.stderr == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_is_told_in_one_line(place: Path) -> None:
    place.chmod(0o555)
    done = _up(place / "run")
    place.chmod(0o755)
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1), done.stdout + done.stderr
    assert "may not be written by" in done.stdout


def test_a_state_that_cannot_be_written_ends_nothing_that_runs(place: Path) -> None:
    said: list[str] = []
    system = System(RunFolder(place / "gone"), {}, said.append)
    system.state.phase = "ready"
    system.stop()
    assert any("cannot be written" in line for line in said)


def test_a_command_beside_a_run_takes_its_addresses(place: Path) -> None:
    folder, settings = RunFolder(place), place / ".env"
    assert attached_environment(folder, {"HOME": "/h"}, settings) is None
    settings.write_text("DATABASE_URL=postgresql://file\nLOG_LEVEL=DEBUG\n")
    assert attached_environment(folder, {"HOME": "/h"}, settings) == {
        "HOME": "/h", "DATABASE_URL": "postgresql://file", "LOG_LEVEL": "DEBUG",
    }  # fmt: skip
    state = RunState(os.getpid(), process_mark(os.getpid()), "ready", "sample")
    state.database_url, state.redis_url = "postgresql://run", "redis://run"
    folder.write(state)
    found = attached_environment(folder, {"HOME": "/h"}, settings)
    assert found is not None
    assert (found["DATABASE_URL"], found["REDIS_URL"], found["DATASET"]) == (
        "postgresql://run",
        "redis://run",
        "sample",
    )
    typed = attached_environment(folder, {"DATABASE_URL": "postgresql://typed"}, settings)
    assert typed is not None
    assert typed["DATABASE_URL"] == "postgresql://typed"
    folder.write(RunState(os.getpid(), "another", "ready"))  # a run that ended without cleaning up
    found = attached_environment(folder, {}, settings)
    assert found is not None
    assert found["DATABASE_URL"] == "postgresql://file"
