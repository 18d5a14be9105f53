"""A real Prometheus scrapes a running system: every rule and panel is evaluated, and the figures are there."""

import json
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e.conftest import Legis, running
from legis_launcher.servers.ports import free_port
from monitoring.files import HOME, panel_expressions, recorded, rule_expressions
from monitoring.programs import program

OURS = ("web", "site", "worker", "indexer", "notifier", "ingest-camara", "ingest-senado")
FOREIGN = ("pg_", "redis_", "node_", "probe_", "legis_backup", "alertmanager_", "ALERTS")
"""Beginnings of what the exporters say, who are not here."""

QUIET = {
    "Dead letters parked",
    "Failures by stage",
    "Requests refused",
    "Removals",
    "Lists in doubt",
    "Doubts about lists a day",
    "Times a full stream made ingest wait",
    "Since the newest list was compared",
}
"""Panels that show something only after something happened."""


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Legis]]:
    """Its address, once it has scraped for a while a system that is asked for bills."""
    folder = tmp_path_factory.mktemp("prometheus")
    with running({"LEGIS_SAMPLE_BILLS": "200"}) as legis:
        port = free_port()
        command = [
            program("prometheus"), f"--config.file={_configured(folder, legis, port)}",
            f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}",
        ]  # fmt: skip
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
            try:
                _wait(f"http://127.0.0.1:{port}", legis, folder / "log")
                yield f"http://127.0.0.1:{port}", legis
            finally:
                process.terminate()
                process.wait(20)


def test_every_rule_is_evaluated(prometheus: tuple[str, Legis]) -> None:
    rules = [rule for group in _get(prometheus[0], "rules")["groups"] for rule in group["rules"]]
    assert len(rules) == len(rule_expressions())
    assert not [(rule["name"], rule["health"], rule.get("lastError")) for rule in rules if rule["health"] != "ok"]


def test_every_recorded_series_has_a_value(prometheus: tuple[str, Legis]) -> None:
    assert not {name for name in recorded() if not _ask(prometheus[0], name)}


def test_every_panel_of_ours_can_be_drawn(prometheus: tuple[str, Legis]) -> None:
    """None fails; and those about our own processes have something to show, but for what seldom happens."""
    empty = set()
    for where, text in panel_expressions().items():
        shown = _ask(prometheus[0], text.replace("$__rate_interval", "20s").replace("[1d]", "[20s]"))
        if not shown and not any(word in text for word in FOREIGN):
            empty.add(where.split(".json ")[1].rsplit(" ", 1)[0])
    assert empty <= QUIET


def test_what_is_well_does_not_fire_and_what_is_killed_does(prometheus: tuple[str, Legis]) -> None:
    url, legis = prometheus
    down = next(text for where, text in rule_expressions().items() if "ServiceDown" in where)
    assert "ingest-camara" not in {one["metric"]["job"] for one in _ask(url, down)}
    subprocess.run(["kill", "-STOP", str(legis.pids["ingest-camara"])], check=True)
    try:
        legis.until(lambda: "ingest-camara" in {one["metric"]["job"] for one in _ask(url, down)}, 30, "ServiceDown")
    finally:
        subprocess.run(["kill", "-CONT", str(legis.pids["ingest-camara"])], check=True)
    legis.until(lambda: "ingest-camara" not in {one["metric"]["job"] for one in _ask(url, down)}, 30, "its end")


def _configured(folder: Path, legis: Legis, port: int) -> Path:
    """prometheus.yml with addresses of this machine, looking every second."""
    ports = {name: record.port for name, record in legis.state.processes.items()}
    targets = {name: ports[name] for name in OURS} | {"prometheus": port}
    made = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(HOME / "prometheus" / "rules" / "*.yml")],
        "scrape_configs": [
            {"job_name": name, "static_configs": [{"targets": [f"127.0.0.1:{at}"]}]} for name, at in targets.items()
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(made))
    return folder / "prometheus.yml"


def _wait(url: str, legis: Legis, log: Path) -> None:
    deadline = time.monotonic() + 90
    while not all(_ask(url, name) for name in recorded()):
        assert time.monotonic() < deadline, log.read_text()[-2000:]
        legis.get("/api/v1/bills?limit=1")
        time.sleep(0.2)
    end = time.monotonic() + 15
    while time.monotonic() < end:
        legis.get("/api/v1/bills?limit=1")
        time.sleep(0.2)


def _ask(url: str, expression: str) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = _get(url, "query?" + urllib.parse.urlencode({"query": expression}))["result"]
    except ConnectionError:  # it has not begun to listen
        return []
    return found


def _get(url: str, path: str) -> Any:
    try:
        with urllib.request.urlopen(f"{url}/api/v1/{path}", timeout=10) as reply:
            return json.load(reply)["data"]
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(error.read().decode()) from None
    except urllib.error.URLError as error:
        raise ConnectionError(error.reason) from None
