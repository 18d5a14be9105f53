"""Processes behind the readers give way where processors are short."""

import os
import sys
from pathlib import Path

import pytest
from legis_launcher.plan import nice_of
from legis_launcher.processes.child_process import Child

SLEEPS = "import time; time.sleep(60)"


@pytest.mark.parametrize("name", ["worker", "indexer", "exporter", "ingest-camara", "ingest-senado"])
def test_what_fetches_and_writes_gives_way(name: str) -> None:
    assert nice_of(name) > 0


@pytest.mark.parametrize("name", ["web", "web-01", "site", "notifier"])
def test_what_answers_and_tells_does_not(name: str) -> None:
    assert nice_of(name) == 0


@pytest.mark.parametrize("nice", [0, 6])
def test_a_child_and_its_session_have_the_priority(tmp_path: Path, nice: int) -> None:
    child = Child("sleeper", [sys.executable, "-c", SLEEPS], tmp_path / "log")
    child.nice = nice
    child.start()
    try:
        assert child.pid is not None
        assert os.getpriority(os.PRIO_PROCESS, child.pid) == (nice or os.getpriority(os.PRIO_PROCESS, 0))
        session = Path(f"/proc/{child.pid}/autogroup")
        if session.exists():  # where the kernel groups by session, that alone decides
            assert session.read_text().split()[-1] == str(nice)
    finally:
        child.kill()


def test_a_child_that_ends_at_once_is_no_trouble(tmp_path: Path) -> None:
    child = Child("gone", [sys.executable, "-c", ""], tmp_path / "log")
    child.nice = 6
    child.start()
    assert child.wait_for_end(30)
