"""Node.js and the compiled TypeScript client: made by make into build/, where a package index can be reached."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "build/clients/typescript"
NODE = ROOT / "build/clients-venv/bin/node"


def built_client() -> Path:
    """Folder of the compiled client. Skips where Node.js cannot be had; a client that does not compile fails."""
    tools = _make("clients-tools")
    if tools.returncode:
        pytest.skip(f"Node.js and its packages cannot be had here: {tools.stderr.strip()[-300:]}")
    built = _make("clients-typescript")
    assert built.returncode == 0, built.stdout + built.stderr
    return BUILT


def run_node(*arguments: str, **settings: str) -> str:
    """What Node.js prints for these arguments, in the folder of the compiled client."""
    environment = {**os.environ, **settings}
    done = subprocess.run(
        [str(NODE), *arguments], cwd=BUILT, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _make(target: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", target], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
