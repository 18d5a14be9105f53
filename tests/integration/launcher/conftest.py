"""Fixtures for the launcher's parts: a place for servers, and a bounded wait."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from legis_launcher.servers import ports


@pytest.fixture
def place() -> Iterator[Path]:
    """A short, traversable folder of the test's own."""
    folder = Path(tempfile.mkdtemp(prefix="legis-place-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Waits at most ten seconds for a condition."""

    def wait(condition: Callable[[], object], within: float = 60) -> None:
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, f"not true within {within} s"
            time.sleep(0.02)

    return wait


@pytest.fixture
def free_port() -> int:
    return ports.free_port()
