"""`make logs`: what is written for people of the lines that processes log."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENTRY = (
    '{"service":"worker","logger":"api_gateway.worker","level":"%s","timestamp":"2026-11-28T11:50:36.1Z",'
    '"event":"window stored","walk":"YEARS","items":3,"error":"no answer"%s}'
)


def shown(*lines: str, arguments: tuple[str, ...] = ()) -> list[str]:
    command = [sys.executable, str(ROOT / "scripts/lib/readable_logs.py"), *arguments]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, timeout=240, check=True)
    return done.stdout.splitlines()


def test_an_entry_is_one_line_under_its_process() -> None:
    assert shown("==> .run/logs/worker.log <==", ENTRY % ("info", ""), "", "==> .run/logs/web-1.log <==", "plain") == [
        'worker         11:50:36 window stored walk=YEARS items=3 error="no answer"',
        "web-1          plain",
    ]


def test_a_level_that_matters_and_an_exception_are_shown() -> None:
    first, second = shown("==> web.log <==", ENTRY % ("error", ',"exception":"ValueError: banana"'))
    assert " 11:50:36 ERROR window stored " in first
    assert second == "ValueError: banana"


def test_json_that_is_no_entry_is_kept_as_it_is() -> None:
    assert shown('{"level":"info"}', "[1]", "null") == [
        f"{'':14} {line}" for line in ('{"level":"info"}', "[1]", "null")
    ]


def test_one_trace_is_picked_out_of_all_processes() -> None:
    lines = ("==> web.log <==", ENTRY % ("info", ',"trace_id":"aa11"'), ENTRY % ("info", ',"trace_id":"bb22"'), "plain")
    lines += ("==> worker.log <==", ENTRY % ("info", ',"trace_id":"aa11"'), ENTRY % ("info", ',"request_id":"aa11"'))
    found = shown(*lines, arguments=("--trace", "aa1"))
    assert [line.split()[0] for line in found] == ["web", "worker", "worker"]
