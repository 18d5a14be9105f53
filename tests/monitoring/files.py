"""The monitoring's files as data: rules, cases, dashboards."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
HOME = ROOT / "deploy" / "monitoring"
RULES = sorted((HOME / "prometheus" / "rules").glob("*.yml"))
CASES = sorted((HOME / "prometheus" / "rules" / "tests").glob("*.yml"))
DASHBOARDS = sorted((HOME / "grafana" / "dashboards").glob("*.json"))
PAGES = ROOT / "docs" / "runbooks" / "alerts"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alerting rule."""

    name: str
    expression: str
    wait: str | None
    labels: dict[str, str]
    annotations: dict[str, str]
    file: Path


@dataclass(frozen=True, slots=True)
class Case:
    """One case of `promtool test rules`: does this alert fire on these series?"""

    alert: str
    fires: bool
    series: tuple[str, ...]


def read(path: Path) -> Any:
    """A YAML file as data."""
    return yaml.safe_load(path.read_text())


@cache
def alerts() -> list[Alert]:
    """Every alert, in the order of the files."""
    return [
        Alert(rule["alert"], rule["expr"], rule.get("for"), rule["labels"], rule["annotations"], path)
        for path, rule in _rules()
        if "alert" in rule
    ]


@cache
def recorded() -> set[str]:
    """Names of the series that recording rules make."""
    return {rule["record"] for _, rule in _rules() if "record" in rule}


@cache
def rule_expressions() -> dict[str, str]:
    """Every expression of a rule, by where it stands."""
    found: dict[str, str] = {}
    for at, (path, rule) in enumerate(_rules()):
        found[f"{path.name} {rule.get('alert') or rule['record']} #{at}"] = rule["expr"]
    return found


@cache
def panel_expressions() -> dict[str, str]:
    """Every expression of a dashboard, by where it stands."""
    found: dict[str, str] = {}
    for path in DASHBOARDS:
        board = json.loads(path.read_text())
        for panel in board["panels"]:
            for target in panel.get("targets", ()):
                found[f"{path.name} {panel['title']} {target['refId']}"] = target["expr"]
        for one in board["annotations"]["list"]:
            found[f"{path.name} {one['name']}"] = one["expr"]
    return found


@cache
def cases() -> list[Case]:
    """Every case for an alert."""
    found = []
    for path in CASES:
        for test in read(path)["tests"]:
            series = tuple(one["series"] for one in test["input_series"])
            found += [Case(one["alertname"], bool(one["exp_alerts"]), series) for one in test["alert_rule_test"]]
    return found


@cache
def _rules() -> list[tuple[Path, dict[str, Any]]]:
    return [(path, rule) for path in RULES for group in read(path)["groups"] for rule in group["rules"]]
