"""Logs of a run stay within a size while their processes go on writing."""

import sys
import time
from pathlib import Path

from legis_launcher.processes.child_process import Child
from legis_launcher.processes.log_rotation import rotate_logs

WRITER = "import itertools, time\nfor n in itertools.count(): print(f'line {n:08}', flush=True), time.sleep(0.001)"
MOST = 4000


def test_a_log_that_is_full_is_set_aside_while_its_process_goes_on(tmp_path: Path) -> None:
    child = Child("writer", [sys.executable, "-c", WRITER], tmp_path / "writer.log")
    child.start()
    try:
        rotations, deadline = 0, time.monotonic() + 30
        while rotations < 5:
            assert time.monotonic() < deadline
            rotations += len(rotate_logs(tmp_path, MOST, kept=3))
            time.sleep(0.01)
    finally:
        child.stop(5)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["writer.log", "writer.log.1", "writer.log.2", "writer.log.3"]
    for path in tmp_path.iterdir():
        assert path.stat().st_size < 2 * MOST
        assert b"\0" not in path.read_bytes(), "the process appends: no hole where the old text was"
    kept = [line for name in reversed(names) for line in (tmp_path / name).read_text().splitlines()]
    numbers = [int(line.split()[1]) for line in kept if len(line) == len("line 00000000")]
    assert numbers == sorted(numbers)
    assert len(kept) >= numbers[-1] - numbers[0] - 5, "but for what was written while a file was emptied"


def test_a_log_that_is_not_full_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("short")
    assert rotate_logs(tmp_path) == []
    assert (tmp_path / "web.log").read_text() == "short"
