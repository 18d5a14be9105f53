import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from legis_launcher.processes.stop_run import stop_run
from legis_launcher.run_folder import ProcessRecord, RunFolder, RunState, process_mark


def _record(pid: int, mark: str) -> ProcessRecord:
    return ProcessRecord("web", pid, mark, 5000, None, "web.log", 0.0)


def test_a_state_is_read_as_it_was_written_and_only_by_its_owner(place: Path) -> None:
    folder = RunFolder(place)
    state = RunState(os.getpid(), process_mark(os.getpid()), "ready", processes={"web": _record(7, "x")})
    folder.write(state)
    assert folder.read() == state
    assert (place / "state.json").stat().st_mode & 0o077 == 0


def test_what_nobody_can_read_counts_as_no_state(place: Path) -> None:
    for text in ("", "[]", "{}", '{"processes": {"web": 3}}', "not json"):
        (place / "state.json").write_text(text)
        assert RunFolder(place).read() is None


def test_another_process_with_the_same_id_is_not_ours() -> None:
    record = _record(os.getpid(), process_mark(os.getpid()))
    assert record.alive
    assert not replace(record, mark="1").alive
    assert not replace(record, mark="").alive
    gone = subprocess.Popen([sys.executable, "-c", ""])
    mark = process_mark(gone.pid)
    gone.wait()
    assert not _record(gone.pid, mark).alive


def test_a_folder_has_one_launcher_at_a_time(place: Path) -> None:
    first, second = RunFolder(place / ".run"), RunFolder(place / ".run")
    assert first.lock()
    assert not second.lock()
    first.unlock()
    assert second.lock()
    second.unlock()


def test_stopping_what_a_dead_launcher_left_touches_only_our_processes(place: Path) -> None:
    ours, other = (subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) for _ in range(2))
    folder = RunFolder(place)
    records = {"web": _record(ours.pid, process_mark(ours.pid)), "worker": _record(other.pid, "another start time")}
    folder.write(RunState(0, "", "ready", processes=records))
    said: list[str] = []
    assert stop_run(folder, said.append)
    assert ours.wait(5) == -15
    assert other.poll() is None
    other.kill()
    other.wait()
    assert folder.read() is None
    assert "the launcher is gone" in said[0]
    assert not stop_run(folder, said.append)
