"""`legis.sh clients`: who asked, read from nginx's access log alone."""

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scripts.conftest import ROOT, Done, run

PROGRAM = ROOT / "scripts/lib/access_clients.py"


def line(client: str, status: int, moment: str = "2026-11-28T12:00:00+00:00", path: str = "/api/v1/bills") -> str:
    entry = {
        "timestamp": moment,
        "client": client,
        "status": status,
        "bytes": 500_000,
        "path": path,
        "user_agent": "x/1",
    }
    return json.dumps(entry)


def said(log: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), *arguments]
    return subprocess.run(command, input="\n".join(log), capture_output=True, text=True, timeout=240, check=False)


def test_the_most_refused_comes_first_and_not_the_busiest() -> None:
    log = [line("203.0.113.1", 200)] * 9 + [line("203.0.113.7", 404, path="/.env")] * 3 + ["nginx: warning", "[]", "{}"]
    _, first, second = said(log).stdout.splitlines()
    assert first.split()[:4] == ["203.0.113.7", "3", "3", "1.5"]
    assert " /.env x/1" in first
    assert second.split()[:3] == ["203.0.113.1", "9", "0"]
    assert said(log, "--most-refused").stdout == "203.0.113.7\n"


def test_minutes_are_counted_from_the_newest_line_and_compose_prefixes_do_not_matter() -> None:
    log = [line("203.0.113.9", 404, "2026-11-28T11:00:00+00:00")] * 5
    log += ["nginx-1  | " + line("203.0.113.7", 404, "2026-11-28T11:59:00+00:00")]
    assert said(log, "--minutes", "15", "--most-refused").stdout == "203.0.113.7\n"
    assert said(log, "--minutes", "90", "--most-refused").stdout == "203.0.113.9\n"


def test_nobody_refused_is_nobody_named() -> None:
    done = said([line("203.0.113.1", 200), line("203.0.113.2", 500)], "--most-refused")
    assert (done.stdout, done.returncode) == ("", 1)


def test_a_rotation_a_minute_ago_hides_nobody(tmp_path: Path) -> None:
    """And what was rotated long before is not read."""
    folder = tmp_path / "nginx"
    folder.mkdir()
    now = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    _rotated(folder, "access-20261127T000000.log.gz", "203.0.113.5", now - timedelta(days=1))
    _rotated(folder, "access-20261128T115900.log.gz", "203.0.113.7", now - timedelta(minutes=1))
    _rotated(folder, "access-20261128T115955.log", "203.0.113.8", now - timedelta(seconds=5))
    _rotated(folder, "access.log", "203.0.113.9", now)
    done = _typed(tmp_path, "clients", "--minutes", "15")
    assert done.returncode == 0, done.stderr
    assert [one.split()[0] for one in done.stdout.splitlines()[1:]] == ["203.0.113.7", "203.0.113.8", "203.0.113.9"]
    read = run(["sh", str(ROOT / "scripts/lib/access_log.sh"), str(folder), "15"])
    assert "203.0.113.5" not in read.stdout
    (folder / "access.log").write_text("")  # the door is closed, and the day's end has begun a new file
    assert "203.0.113.7" in _typed(tmp_path, "clients", "--minutes", "15").stdout


def test_first_and_last_are_by_the_clock_where_pods_tell_one_after_the_other() -> None:
    log = [line("203.0.113.1", 200, f"2026-11-28T12:{minute:02}:00+00:00") for minute in (5, 9, 1, 7)]
    assert " 12:01:00-12:09:00 " in said(log).stdout


def _rotated(folder: Path, name: str, client: str, moment: datetime) -> None:
    """A file whose last line is of that moment, as its time of change is."""
    text = (line(client, 404, moment.isoformat()) + "\n").encode()
    path = folder / name
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def _typed(run_folder: Path, *words: str) -> Done:
    settings = {"LEGIS_RUN_DIR": str(run_folder), "LEGIS_PYTHON": sys.executable}
    return run([str(ROOT / "scripts/legis.sh"), *words], **settings)
