"""Datasette in a virtual environment of its own, from hash-pinned requirements, so that ours stays as it is."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "datasette.lock"


class NoDatasette(RuntimeError):
    """It could not be installed here."""


def installed(venv: Path) -> Path:
    """The program; makes the environment where it is not there or was made from another lock. Raises NoDatasette."""
    program, label = venv / "bin/datasette", venv / "lock.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if program.exists() and label.exists() and label.read_text() == wanted:
        return program
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    uv = [sys.executable, "-m", "uv", "--quiet"]
    commands = (
        [*uv, "venv", "--clear", "--python", sys.executable, str(venv)],
        [*uv, "pip", "install", "--python", str(venv / "bin/python"), "--require-hashes", "-r", str(LOCK)],
    )
    for command in commands:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            raise NoDatasette(done.stderr.strip()[-400:])
    label.write_text(wanted)
    return program


def command(program: Path, database: Path, port: int) -> list[str]:
    """Its command line: read-only file, and limits wide enough for a common word."""
    settings = {"sql_time_limit_ms": "20000", "default_page_size": "20", "allow_download": "off"}
    options = [part for name, value in settings.items() for part in ("--setting", name, value)]
    return [str(program), "serve", "--immutable", str(database), "-h", "127.0.0.1", "-p", str(port), *options]
