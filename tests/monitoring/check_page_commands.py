"""The pages' local commands, typed against a running system: what is to be seen is seen, and what stops harm does none.

Needs scripts/legis.sh. Commands of the compose form are run by `make compose-test` where an engine is.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from e2e.conftest import Legis, running
from monitoring.files import ROOT
from monitoring.pages import pages

NEED_MORE = {
    "scripts/legis.sh stop nginx",  # a proxy in front; game days run it
    "scripts/backup_database.sh",  # the tests of scripts run it
    "make stop && LEGIS_WEB_PROCESSES=3 make run",  # stays in the foreground; the launcher's tests start several
}


def _local(*headings: str) -> list[str]:
    found = {command for page in pages().values() for one in headings if (command := page.command(one, "local"))}
    return sorted(found - NEED_MORE)


@pytest.fixture(scope="module")
def legis() -> Iterator[Legis]:
    """A small system, with bills."""
    with running({"LEGIS_SAMPLE_BILLS": "200"}) as system:
        system.until(lambda: system.get("/api/v1/bills?limit=1").json()["data"], 60, "bills")
        yield system


@pytest.mark.timeout(180)
@pytest.mark.parametrize("command", _local("See it", "Know it is over"))
def test_what_is_to_be_seen_is_seen(command: str, legis: Legis) -> None:
    done = _typed(command, legis)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip() or "dead_letters" in command or "LEGIS_BACKUP_DIR" in command


@pytest.mark.timeout(180)
@pytest.mark.parametrize("command", _local("Stop the harm"))
def test_what_stops_the_harm_leaves_a_system_that_serves(command: str, legis: Legis) -> None:
    done = _typed(command, legis)
    assert done.returncode == 0, done.stdout + done.stderr
    legis.until(lambda: _well(legis), 60, "health after it")


def _well(legis: Legis) -> bool:
    try:
        return legis.get("/api/health").status == 200
    except OSError:
        return False


def _typed(command: str, legis: Legis) -> subprocess.CompletedProcess[str]:
    assert (ROOT / "scripts" / "legis.sh").exists()
    backups = legis.folder.path / "backups"
    backups.mkdir(exist_ok=True)
    environment = os.environ | {
        "LEGIS_RUN_DIR": str(legis.folder.path),
        "LEGIS_BACKUP_DIR": str(backups),
        "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
    }
    shell = [shutil.which("bash") or "bash", "-c", command]
    return subprocess.run(shell, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
