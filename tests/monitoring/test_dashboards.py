"""Dashboards: made from their panels, each found by Grafana and by Kubernetes, with nothing in them that is nowhere."""

import importlib.util
import json
from types import ModuleType
from typing import Any

import pytest
from legis.telemetry.telemetry_reference import declared
from monitoring.files import DASHBOARDS, HOME, panel_expressions, read

GRAFANA = HOME / "grafana"
SOURCES = {path.stem: path for path in (GRAFANA / "panels").glob("*.yml")}
BOARDS: dict[str, Any] = {path.stem: json.loads(path.read_text()) for path in DASHBOARDS}
SUBJECTS = {"service-health", "ingest", "index", "data", "nginx", "postgresql", "redis"}


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The program behind `make dashboards`, which is no part of any package."""
    spec = importlib.util.spec_from_file_location("make_dashboards", GRAFANA / "make_dashboards.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_is_one_of_each_subject() -> None:
    assert set(BOARDS) == set(SOURCES) == SUBJECTS


@pytest.mark.parametrize("name", sorted(SUBJECTS))
def test_dashboards_are_as_their_panels_say(maker: ModuleType, name: str) -> None:
    assert (GRAFANA / "dashboards" / f"{name}.json").read_text() == maker.rendered(SOURCES[name]), "make dashboards"


@pytest.mark.parametrize("name", sorted(SUBJECTS))
def test_panel_files_say_nothing_that_is_not_understood(name: str) -> None:
    known = {"title", "what", "kind", "unit", "limits", "below", "queries"}
    panels = [panel for row in read(SOURCES[name])["rows"] for panel in row["panels"]]
    assert not [panel for panel in panels if set(panel) - known or panel.get("kind", "stat") not in {"stat", "table"}]


def test_no_two_dashboards_have_one_uid() -> None:
    assert len({board["uid"] for board in BOARDS.values()}) == len(BOARDS)


@pytest.mark.parametrize("name", sorted(SUBJECTS))
def test_panels_stand_side_by_side(name: str) -> None:
    """No two overlap, none is wider than the page, and no two have one id."""
    taken: set[tuple[int, int]] = set()
    panels = BOARDS[name]["panels"]
    for panel in panels:
        at = panel["gridPos"]
        cells = {(at["x"] + dx, at["y"] + dy) for dx in range(at["w"]) for dy in range(at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_every_panel_reads_a_source_that_is_provisioned() -> None:
    given = {one["uid"] for one in read(GRAFANA / "provisioning/datasources/datasources.yml")["datasources"]}
    asked = {
        target["datasource"]["uid"]
        for board in BOARDS.values()
        for panel in board["panels"]
        for target in panel.get("targets", ())
    }
    assert given == {"prometheus", "loki", "jaeger"}
    assert asked == {"prometheus"}


def test_the_issues_subjects_are_shown() -> None:
    """Rate, errors, p95 and p99, saturation; freshness, breaker, backlog, windows, dead letters; bills and changes."""
    shown = "\n".join(f"{where} {text}" for where, text in panel_expressions().items())
    for wanted in (
        "legis:http_requests:rate5m",
        "legis:http_errors:ratio_rate5m",
        "legis:http_duration_seconds:p95_5m",
        "legis:http_duration_seconds:p99_5m",
        "legis_pool_in_use",
        "legis_shed_total",
        "legis_ingest_last_success_timestamp_seconds",
        "legis_breaker_state",
        "legis_stream_backlog",
        "legis_ingest_windows_total",
        "legis_dead_letters_open",
        'outcome="inserted"}[1d]',
        "legis_changes_total",
    ):
        assert wanted in shown


def test_all_that_is_measured_of_the_index_is_shown_and_its_lag_on_the_first_page() -> None:
    measured = {family.name for metric in declared() for family in metric.describe()}
    of_the_index = {name for name in measured if name.startswith("legis_index_")}
    shown = "\n".join(text for where, text in panel_expressions().items() if where.startswith("index.json"))
    assert not {name for name in of_the_index if name not in shown}
    assert len(of_the_index) >= 11
    first = [text for where, text in panel_expressions().items() if where.startswith("service-health.json Lists are")]
    assert first == ['max(legis_index_lag_seconds{job="indexer"})']


def test_kubernetes_gets_every_dashboard() -> None:
    maps = read(HOME / "kustomization.yaml")["configMapGenerator"]
    assert {file for one in maps for file in one["files"]} == {f"grafana/dashboards/{name}.json" for name in BOARDS}
    assert {one["name"] for one in maps} == {f"legis-dashboard-{name}" for name in BOARDS}
