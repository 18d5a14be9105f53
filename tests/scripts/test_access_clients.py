"""`legis.sh clients`: who asked, read from nginx's access log alone."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
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
    return subprocess.run(command, input="\n".join(log), capture_output=True, text=True, timeout=30, check=False)


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
