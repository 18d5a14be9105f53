"""Asks the running system through `legis.sh`, so that every target is asked in the same words."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LEGIS = str(Path(__file__).resolve().parents[1] / "legis.sh")
SECONDS = 30.0


@dataclass(frozen=True)
class Said:
    """What a command printed; `ok` when its exit status was 0."""

    ok: bool
    text: str
    error: str

    @property
    def document(self) -> Any:
        """Its output as JSON, None when it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    @property
    def complaint(self) -> str:
        """The last line of what it complained of."""
        return (self.error.strip().splitlines() or ["no answer"])[-1]


def legis(*words: str, within: float = SECONDS) -> Said:
    """Runs `legis.sh` with these words; one that takes too long has failed."""
    try:
        done = subprocess.run(
            [LEGIS, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=within, check=False
        )
    except subprocess.TimeoutExpired:
        return Said(False, "", f"no answer within {within:.0f} s")
    return Said(done.returncode == 0, done.stdout, done.stderr)


def rows(statement: str) -> list[list[str]] | None:
    """What a query gives, or None when the database does not answer it."""
    said = legis(
        "psql", "-XAtq", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-c", f"SET statement_timeout = '20s'; {statement}"
    )
    return [line.split("\x1f") for line in said.text.splitlines() if line] if said.ok else None
