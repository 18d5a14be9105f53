"""Makes Grafana's dashboards from the short files in panels/: one page of YAML in, one page of JSON out.

`make dashboards` writes dashboards/*.json; a test compares. To change a panel, edit its line in panels/, run that, and
commit both. A panel says `title`, `unit` and `queries` (legend: expression), and may say `what` (its description),
`kind` (timeseries, stat or table), `limits` (colour: from this value on) or `below` (colour: under this value).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
COLUMNS = 24
HEIGHTS = {"stat": 4, "timeseries": 8, "table": 8}
DATASOURCE = {"type": "prometheus", "uid": "prometheus"}
UNITS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "yesno": ("short", [{"0": ("no", "red"), "1": ("yes", "green")}]),
    "underway": ("short", [{"0": ("no", "green"), "1": ("yes", "orange")}]),
    "breaker": ("short", [{"0": ("closed", "green"), "1": ("half open", "orange"), "2": ("open", "red")}]),
}
"""Units of ours whose numbers are words: Grafana's unit and the words with their colours."""


def main() -> None:
    """Writes every dashboard."""
    for source in sorted((HERE / "panels").glob("*.yml")):
        (HERE / "dashboards" / f"{source.stem}.json").write_text(rendered(source))


def rendered(source: Path) -> str:
    """One dashboard as the text of its file."""
    return json.dumps(dashboard(yaml.safe_load(source.read_text())), indent=1, ensure_ascii=False) + "\n"


def dashboard(page: dict[str, Any]) -> dict[str, Any]:
    """The whole dashboard in Grafana's model."""
    return {
        "uid": page["uid"],
        "title": page["title"],
        "description": page["what"],
        "tags": ["legis"],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "timezone": "browser",
        "time": {"from": page.get("time", "now-6h"), "to": "now"},
        "templating": {"list": []},
        "annotations": {"list": [_firing_alerts()]},
        "links": [{"type": "dashboards", "tags": ["legis"], "title": "Legis", "asDropdown": True, "keepTime": True}],
        "panels": list(_panels(page["rows"])),
    }


def _panels(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows one below the other; in a row, panels of one width side by side, three at most (six of those with one
    number)."""
    top, number = 0, 1
    for row in rows:
        yield {"id": number, "type": "row", "title": row["title"], "collapsed": False, "gridPos": _at(0, top, 24, 1)}
        top, number, left, height = top + 1, number + 1, 0, 0
        for panel in row["panels"]:
            kind = panel.get("kind", "timeseries")
            width = 4 if kind == "stat" else 8
            if left + width > COLUMNS:
                top, left, height = top + height, 0, 0
            yield _panel(panel, kind, number, _at(left, top, width, HEIGHTS[kind]))
            number, left, height = number + 1, left + width, max(height, HEIGHTS[kind])
        top += height


def _panel(panel: dict[str, Any], kind: str, number: int, place: dict[str, int]) -> dict[str, Any]:
    unit, words = UNITS.get(panel["unit"], (panel["unit"], []))
    steps = _steps(panel)
    defaults: dict[str, Any] = {"unit": unit, "min": 0, "mappings": _mappings(words), "thresholds": steps}
    if kind == "timeseries":
        line = "line" if len(steps["steps"]) > 1 else "off"
        defaults["custom"] = {"fillOpacity": 8, "showPoints": "never", "thresholdsStyle": {"mode": line}}
    return {
        "id": number,
        "type": kind,
        "title": panel["title"],
        "description": panel.get("what", ""),
        "datasource": DATASOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": _options(kind),
        "targets": [_target(at, *query, kind) for at, query in enumerate(panel["queries"].items())],
    }


def _target(at: int, legend: str, expression: str, kind: str) -> dict[str, Any]:
    moment = kind != "timeseries"
    return {
        "refId": chr(ord("A") + at),
        "datasource": DATASOURCE,
        "expr": expression,
        "legendFormat": legend,
        "instant": moment,
        "range": not moment,
        **({"format": "table"} if kind == "table" else {}),
    }


def _steps(panel: dict[str, Any]) -> dict[str, Any]:
    """Colours by value: green, then each of `limits` from its value on; or the colour of `below`, then green."""
    if "below" in panel:
        ((colour, value),) = panel["below"].items()
        steps = [{"color": colour, "value": None}, {"color": "green", "value": value}]
    else:
        limits = panel.get("limits", {})
        steps = [{"color": "green", "value": None}, *({"color": c, "value": v} for c, v in limits.items())]
    return {"mode": "absolute", "steps": steps}


def _mappings(words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"type": "value", "options": {value: {"text": text, "color": colour} for value, (text, colour) in one.items()}}
        for one in words
    ]


def _options(kind: str) -> dict[str, Any]:
    if kind == "stat":
        return {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "background", "textMode": "value_and_name"}
    if kind == "timeseries":
        return {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}
    return {"showHeader": True}


def _firing_alerts() -> dict[str, Any]:
    return {
        "name": "Critical alerts",
        "datasource": DATASOURCE,
        "enable": True,
        "iconColor": "red",
        "expr": 'ALERTS{alertstate="firing",severity="critical"}',
        "titleFormat": "{{alertname}}",
    }


def _at(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": width, "h": height}


if __name__ == "__main__":
    main()
