"""Runs commands on the running system through `legis.sh`, which hides the differences between deployments."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LEGIS = str(Path(__file__).resolve().parents[1] / "legis.sh")
SECONDS = 30.0


@dataclass(frozen=True)
class CommandResult:
    """Result of a command; `ok` when its exit status was 0."""

    ok: bool
    text: str
    error: str

    @property
    def document(self) -> Any:
        """Its output as JSON; None where it is not JSON."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    @property
    def error_line(self) -> str:
        """The last line of its error output."""
        return (self.error.strip().splitlines() or ["no answer"])[-1]


def legis(*words: str, within: float = SECONDS) -> CommandResult:
    """Runs `legis.sh` with these arguments; a command that exceeds the time limit has failed."""
    try:
        done = subprocess.run(
            [LEGIS, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=within, check=False
        )
    except subprocess.TimeoutExpired:
        return CommandResult(False, "", f"no answer within {within:.0f} s")
    return CommandResult(done.returncode == 0, done.stdout, done.stderr)


def rows(statement: str) -> list[list[str]] | None:
    """The rows of a query; None when the database does not answer."""
    said = legis(
        "psql", "-XAtq", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-c", f"SET statement_timeout = '20s'; {statement}"
    )
    return [line.split("\x1f") for line in said.text.splitlines() if line] if said.ok else None
