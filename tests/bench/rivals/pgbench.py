"""pgbench on the statements that the API runs: what PostgreSQL gives when its client costs next to nothing."""

import re
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bench.system import cpu
from bench.turns import Sample

_RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
_LATENCY = re.compile(r"^latency average = ([0-9.]+) ms", re.MULTILINE)
_SCRIPTS = 60


def literal(value: Any) -> str:
    """A parameter as SQL text."""
    if isinstance(value, list):
        return f"ARRAY[{', '.join(literal(one) for one in value)}]"
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, datetime):
        return f"'{value.isoformat()}'::timestamptz"
    if isinstance(value, date):
        return f"'{value.isoformat()}'::date"
    return "'" + str(value).replace("'", "''") + "'"


def filled(sql: str, arguments: Sequence[Any]) -> str:
    """A statement with its parameters written out, in one line."""
    return " ".join(re.sub(r"\$(\d+)", lambda found: literal(arguments[int(found[1]) - 1]), sql).split())


def subject(
    program: Path, url: str, postmaster: int, statements: Sequence[tuple[str, Sequence[Any]]], folder: Path,
    seconds: float,
) -> Callable[[], Sample]:  # fmt: skip
    """Something to measure in turns: eight connections, prepared statements, one thread."""
    folder.mkdir(parents=True, exist_ok=True)
    options: list[str] = []
    for number, (sql, arguments) in enumerate(statements[:_SCRIPTS]):
        script = folder / f"{number}.sql"
        script.write_text(filled(sql, arguments) + ";\n")
        options += ["-f", str(script)]
    command = [str(program), "-n", "-M", "prepared", "-c", "8", "-j", "1", "-T", str(max(1, round(seconds))), *options]

    def measure() -> Sample:
        before = cpu.family_seconds(postmaster)
        done = subprocess.run([*command, url], capture_output=True, text=True, timeout=seconds + 60, check=True)
        time.sleep(0.05)  # until its backends are reaped, and so counted
        used = cpu.family_seconds(postmaster) - before
        rate, latency = _RATE.search(done.stdout), _LATENCY.search(done.stdout)
        assert rate is not None, done.stdout
        asked = float(rate[1]) * max(1, round(seconds))
        mean = float(latency[1]) / 1000 if latency else 0.0
        return Sample(float(rate[1]), 0.0, used / max(asked, 1) * 1e6, mean, mean, 0, 0)

    return measure
