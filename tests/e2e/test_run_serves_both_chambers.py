"""`make run` on an empty machine: within seconds the bills of both chambers are served, and said to be samples."""

import os
import signal
import subprocess
import sys

import pytest
from e2e.conftest import FOREIGN
from legis_launcher.console.status_table import health_of
from legis_launcher.console.welcome import EXAMPLES, PAGES
from legis_launcher.servers.postgres_server import psql

PROCESSES = [
    "postgres", "redis", "simulator", "worker", "indexer", "notifier", "exporter", "web", "site", "ingest-camara",
    "ingest-senado",
]  # fmt: skip


def test_every_process_is_up_in_order(legis) -> None:
    state = legis.state
    assert list(state.processes) == PROCESSES
    assert {name: health_of(record) for name, record in state.processes.items()} == {
        **dict.fromkeys(("postgres", "redis", "simulator"), "running"),
        **dict.fromkeys(
            ("worker", "indexer", "notifier", "exporter", "web", "site", "ingest-camara", "ingest-senado"), "ready"
        ),
    }


def test_bills_of_both_chambers_are_served_as_samples(legis) -> None:
    for chamber in ("CAMARA", "SENADO"):
        path = f"/api/v1/bills?chamber={chamber}&limit=5"
        found = legis.until(lambda path=path: legis.get(path).json()["data"], 60, f"bills of {chamber}")
        assert {bill["chamber"] for bill in found} == {chamber}
        assert legis.get(path).json()["meta"]["dataset"] == "sample"
        detail = legis.get(f"/api/v1/bills/{found[0]['id']}")
        assert detail.status == 200
        assert detail.json()["data"]["id"] == found[0]["id"]


@pytest.mark.parametrize("path", [*EXAMPLES, *(path for _, path in PAGES)])
def test_every_address_that_the_welcome_names_answers(legis, path: str) -> None:
    assert legis.get(path).status == 200


def test_sample_data_have_a_database_of_their_own(legis) -> None:
    assert legis.database_url.endswith("/legislativo_sample")


def test_dead_letters_are_listed_beside_the_run(legis) -> None:
    ours = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    command = [sys.executable, "-m", "legis_launcher", "dead-letters", "--run-dir", str(legis.folder.path)]
    for words in ([], ["list", "--limit", "5"], ["list", "--source", "senado"]):
        done = subprocess.run([*command, *words], env=ours, capture_output=True, text=True, timeout=240, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert "dead letters" in done.stdout or "camara" in done.stdout or "senado" in done.stdout
    unknown = subprocess.run([*command, "show", "4711"], env=ours, capture_output=True, text=True, check=False)
    assert (unknown.returncode, unknown.stderr) == (1, "dead-letters: no dead letter 4711\n")


def test_each_process_goes_to_the_database_as_its_own_role(legis) -> None:
    asked = "SELECT DISTINCT application_name, usename FROM pg_stat_activity WHERE usename LIKE 'legis%'"
    said = set(psql(legis.database_url, asked).splitlines())
    assert {"legis-web|legis_web", "worker|legis_worker", "indexer|legis_indexer"} <= said
    others = "SELECT application_name FROM pg_stat_activity WHERE usename = 'postgres' AND application_name IN ({})"
    assert psql(legis.database_url, others.format("'legis-web', 'legis-web-fixed', 'worker', 'indexer'")) == ""


def test_api_keys_are_made_beside_the_run(legis) -> None:
    ours = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    command = [sys.executable, "-m", "legis_launcher", "api-keys", "--run-dir", str(legis.folder.path)]
    for words, said in ((["create", "--name", "beside"], "key, shown this once: legis_"), ([], "beside")):
        done = subprocess.run([*command, *words], env=ours, capture_output=True, text=True, timeout=240, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert said in done.stdout


def test_a_killed_process_comes_back_by_itself(legis) -> None:
    before = legis.pids["web"]
    child = legis.state.processes["web"]
    os.kill(before, signal.SIGKILL)
    legis.until(lambda: legis.pids["web"] != before, 20, "a new web process")
    legis.until(lambda: health_of(legis.state.processes["web"]) == "ready", 60, "the new web process ready")
    assert legis.state.processes["web"].port == child.port
    assert legis.get("/api/v1/bills?limit=1").status == 200
    assert "web ended unasked" in legis.launcher.log_tail(200)
