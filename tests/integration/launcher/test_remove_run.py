"""`make clean-data` removes what a run keeps, and nothing from a folder that is none of a run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from legis_launcher.run_folder import ProcessRecord, RunFolder, RunState, process_mark

ROOT = Path(__file__).parents[3]


def clean(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", "clean-data"],
        cwd=ROOT,
        env={**os.environ, "LEGIS_RUN_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def filled(path: Path) -> RunFolder:
    """A folder as a run leaves it."""
    folder = RunFolder(path)
    assert folder.lock()
    folder.unlock()
    (folder.data / "postgres").mkdir()
    (folder.data / "postgres" / "PG_VERSION").write_text("18\n")
    folder.log("web").write_text("{}\n")
    folder.remember_ports({"web": 5000})
    return folder


def test_what_a_run_left_is_removed(place: Path) -> None:
    folder = filled(place / ".run")
    done = clean(folder.path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not folder.path.exists()
    assert clean(folder.path).returncode == 0, "there is nothing to remove"


@pytest.mark.parametrize("kept", ["notes.txt", "data/notes.txt", "logs/old.log"])
def test_a_folder_of_others_stays_as_it_is(place: Path, kept: str) -> None:
    (place / kept).parent.mkdir(exist_ok=True)
    (place / kept).write_text("mine")
    done = clean(place)
    assert done.returncode != 0
    assert "NOT REMOVED" in done.stdout
    assert str(place) in done.stdout
    assert "LEGIS_RUN_DIR" in done.stdout
    assert (place / kept).read_text() == "mine"


def test_a_file_is_no_folder_of_a_run(place: Path) -> None:
    (place / "file").write_text("mine")
    assert clean(place / "file").returncode != 0
    assert (place / "file").read_text() == "mine"


def test_what_others_put_beside_a_run_stays_and_is_named(place: Path) -> None:
    folder = filled(place)
    (place / "notes.txt").write_text("mine")
    done = clean(place)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "notes.txt" in done.stdout
    assert [one.name for one in place.iterdir()] == ["notes.txt"]
    assert not folder.data.exists()


def test_a_link_to_data_elsewhere_goes_and_the_data_stay(place: Path) -> None:
    folder = filled(place / ".run")
    elsewhere = place / "disk"
    folder.data.rename(elsewhere)
    folder.data.symlink_to(elsewhere)
    assert clean(folder.path).returncode == 0
    assert not folder.path.exists()
    assert (elsewhere / "postgres" / "PG_VERSION").is_file()


def test_a_run_is_stopped_before(place: Path) -> None:
    folder = filled(place / ".run")
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    mark = process_mark(process.pid)
    record = ProcessRecord("web", process.pid, mark, 5000, None, "web.log", 0.0)
    folder.write(RunState(0, "", "ready", processes={"web": record}))
    assert clean(folder.path).returncode == 0
    assert process.wait(5) == -15
    assert not folder.path.exists()


def test_a_folder_in_use_stays(place: Path) -> None:
    folder = filled(place / ".run")
    assert folder.lock()
    done = clean(folder.path)
    folder.unlock()
    assert done.returncode != 0
    assert "NOT REMOVED" in done.stdout
    assert folder.log("web").with_suffix(".log.1").is_file()
