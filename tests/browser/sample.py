"""The sample that the pages are looked at with."""

import json
import os
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browser.table_of_pages import Ask
from e2e.conftest import Legis, running
from legis_launcher.processes.child_process import Child
from legis_launcher.run_folder import RunFolder

SAMPLE = {"LEGIS_SAMPLE_BILLS": "3000", "BACKFILL_FROM_YEAR": "2015"}
"""So many that each house has bills of the other, votings by name and odd votings. The last years have a third of them,
and are read in a minute.
"""


VOTINGS_AT_ONCE = 20
"""Of plenary votings one in three is by name, and one in ten of those contradicts itself."""

READY_WITHIN = 400
"""Seconds: these runs are long, and not to be lost because a busy machine starts slowly."""


@contextmanager
def sample_system() -> Iterator[Legis]:
    """A system with the sample; that of the run folder LEGIS_TRIED_RUN, where it is set."""
    if there := os.environ.get("LEGIS_TRIED_RUN"):
        yield _found(Path(there))
        return
    with running(SAMPLE, READY_WITHIN) as system:
        yield system


def _found(place: Path) -> Legis:
    """The system that runs there. Raises AssertionError where none does."""
    state = RunFolder(place).read()
    assert state is not None, f"nothing runs in {place}"
    assert state.simulator_url is not None, f"{place} reads the chambers, not a sample"
    launcher = Child("launcher", [], place / "launcher.log", {})  # of whoever started it
    return Legis(RunFolder(place), state.web_url, state.simulator_url, state.database_url, state.redis_url, launcher)


def asking(legis: Legis) -> Ask:
    """Asks the API of a system whose sample is read: waits until no source has anything left to read."""

    def get(path: str) -> Mapping[str, Any]:
        with urllib.request.urlopen(legis.base_url + path, timeout=20) as reply:
            document: Mapping[str, Any] = json.load(reply)
            return document

    def whole() -> bool:
        return all(source["state"] == "FRESH" for source in get("/api/v1/sources")["data"])

    legis.until(whole, READY_WITHIN, "a sample read whole")
    return get


def held_votings(legis: Legis) -> None:
    """Lets the Câmara vote on bills until now: a small sample has no voting by name with members' votes, or none whose
    totals differ.
    """
    for _ in range(VOTINGS_AT_ONCE):
        legis.simulator("/control/change", {"source": "camara", "step": "plenario"})
