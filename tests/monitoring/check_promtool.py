"""promtool accepts configuration, rules and every dashboard's expressions; the cases hold, and can fail."""

import shutil
from pathlib import Path

import pytest
import yaml
from monitoring.files import CASES, HOME, RULES, Alert, alerts, panel_expressions
from monitoring.programs import good, prometheus_configuration, run

LIMITS = {
    "ErrorRateCritical": ("> 0.05", "> 0.045", "> 0.065"),
    "ErrorRateHigh": ("> 0.01", "> 0.008", "> 0.012"),
    "LatencyCritical": ("> 5", "> 4.9", "> 6"),
    "LatencyHigh": ("> 2", "> 1.9", "> 3"),
    "DiskSpaceLow": ("< 0.10", "< 0.12", "< 0.08"),
    "CpuHigh": ("> 0.80", "> 0.78", "> 0.82"),
    "MemoryHigh": ("> 0.85", "> 0.83", "> 0.87"),
    "IndexBehind": ("> 30", "> 28", "> 33"),
    "IndexFarBehind": ("> 600", "> 580", "> 640"),
}
"""The limits of the runbook and of the index, one too eager and one too patient."""

WAITS = {
    "IndexBehind": ("3m", "6m"),
    "IndexFarBehind": ("3m", "6m"),
    "IndexRebuilding": ("8m", "13m"),
    "IndexCopiesDiffer": ("3m", "12m"),
    "IndexFailing": ("5m", "30m"),
}
"""How long the index may be late or at work before anybody hears of it, one too eager and one too patient."""


def test_configuration_and_rules_are_accepted(tmp_path: Path) -> None:
    said = good("promtool", "check", "config", "--lint=all", "--lint-fatal", prometheus_configuration(tmp_path))
    assert f"{len(RULES)} rule files found" in said


def test_the_cases_hold() -> None:
    said = good("promtool", "test", "rules", *CASES)
    assert said.count("SUCCESS") == len(CASES)


def test_every_expression_of_a_dashboard_is_promql(tmp_path: Path) -> None:
    rules = [
        {"record": f"panel_{at}", "expr": text.replace("$__rate_interval", "5m")}
        for at, text in enumerate(panel_expressions().values())
    ]
    assert len(rules) > 60
    made = tmp_path / "panels.yml"
    made.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    good("promtool", "check", "rules", made)


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert.name)
def test_a_case_notices_an_alert_that_never_or_always_fires(alert: Alert, tmp_path: Path) -> None:
    for instead in ("vector(1) > 2", "vector(1)"):
        assert _cases_fail(alert, instead, tmp_path), instead


@pytest.mark.parametrize("name", LIMITS)
def test_a_case_notices_a_limit_that_moved(name: str, tmp_path: Path) -> None:
    (alert,) = [one for one in alerts() if one.name == name]
    limit, eager, patient = LIMITS[name]
    for moved in (eager, patient):
        assert alert.expression.count(limit) == 1
        assert _cases_fail(alert, alert.expression.replace(limit, moved), tmp_path), moved


@pytest.mark.parametrize("name", WAITS)
def test_a_case_notices_a_wait_that_changed(name: str, tmp_path: Path) -> None:
    (alert,) = [one for one in alerts() if one.name == name]
    for wait in WAITS[name]:
        assert _cases_fail(alert, alert.expression, tmp_path, wait), wait


def _cases_fail(alert: Alert, instead: str, folder: Path, wait: str | None = None) -> bool:
    """Whether the alert's cases fail when it has that expression, and that wait if one is named, instead of its own."""
    rules = shutil.copytree(HOME / "prometheus" / "rules", folder / f"rules-{len(list(folder.iterdir()))}")
    changed = yaml.safe_load((rules / alert.file.name).read_text())
    for group in changed["groups"]:
        for rule in group["rules"]:
            if rule.get("alert") == alert.name:
                rule |= {"expr": instead} | ({"for": wait} if wait else {})
    (rules / alert.file.name).write_text(yaml.safe_dump(changed))
    cases = rules / "tests" / alert.file.name
    mine = yaml.safe_load(cases.read_text())
    mine["tests"] = [one for one in mine["tests"] if one["alert_rule_test"][0]["alertname"] == alert.name]
    cases.write_text(yaml.safe_dump(mine))
    return run("promtool", "test", "rules", cases).returncode != 0
