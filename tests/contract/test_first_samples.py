"""Counters that alerts watch are there at 0 in a process that has counted nothing yet."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from legis.events import Walk

ROOT = Path(__file__).resolve().parents[2]
LISTS = re.compile(r'(?:UNKNOWN_CODES\.labels\("camara", |count_unknown\()"(\w+)"')
PRINT = "from prometheus_client import generate_latest; import sys; sys.stdout.write(generate_latest().decode())"
OURS = ("camara", "senado")


def samples(begin: str, metric: str) -> set[tuple[str, ...]]:
    """Label values of the metric's samples, in a new process that has only begun."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{begin}; {PRINT}"], capture_output=True, text=True, check=True, timeout=60
    )
    found = re.findall(rf"^{metric}{{(.*)}} (\S+)$", ran.stdout, re.MULTILINE)
    assert {value for _, value in found} <= {"0.0"}
    return {tuple(re.findall(r'"([^"]*)"', labels)) for labels, _ in found}


@pytest.mark.parametrize("source", OURS)
def test_every_list_of_codes_begins_at_0(source: str) -> None:
    """Label names are sorted: `list` stands before `source`."""
    begin = (
        f"import ingest_{source}.__main__; from legis.ingest.window_outcomes import *; create_source_series('{source}')"
    )
    code = (ROOT / f"services/ingest-{source}/src/ingest_{source}").rglob("*.py")
    counted = {name for path in code for name in LISTS.findall(path.read_text("utf-8"))}
    assert len(counted) > 8
    assert samples(begin, "legis_unknown_codes_total") == {(name, source) for name in counted | {"party"}}


def test_every_outcome_of_a_window_begins_at_0() -> None:
    begin = "from legis.ingest.window_outcomes import *; create_source_series('camara')"
    outcomes = {"stored", "unavailable", "schema_changed", "failed", "crashed", "lost"}
    found = samples(begin, "legis_ingest_windows_total")
    assert found == {(outcome, "camara", walk.value) for outcome in outcomes for walk in Walk}


def test_what_the_worker_counts_begins_at_0() -> None:
    begin = "from api_gateway.worker.first_samples import *; create_worker_series()"
    outcomes = {"removed", "refused", "not_due", "list_doubted"}
    assert samples(begin, "legis_removals_total") == {(outcome, source) for outcome in outcomes for source in OURS}
    kinds = {"MOVED", "CORRECTED", "EDITED", "READ", "CREATED", "REMOVED"}
    assert samples(begin, "legis_changes_total") == {(kind, source) for kind in kinds for source in OURS}


def test_searches_left_out_by_the_notifier_begin_at_0() -> None:
    begin = "from api_gateway.notifier.matcher import *; create_matcher_series()"
    assert samples(begin, "legis_notifier_searches_left_out_total") == {("raised",), ("unreadable",)}
