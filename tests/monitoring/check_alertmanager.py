"""amtool accepts the configuration, routes as our own reading of it does, and renders the runbook's three messages."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from monitoring.files import alerts
from monitoring.programs import TEMPLATES, alertmanager_configuration, good
from monitoring.rotation import COMMANDERS, ROTATION
from monitoring.routing import receivers

BEGUN = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)
"""A Monday, half past eleven in Brasília."""

LABELS = {"alertname": "ErrorRateCritical", "severity": "critical", "priority": "P1", "scenario": "application-down"}
SAID = {
    "summary": "6% of requests fail",
    "impact": "More than one request in twenty is answered with an error of ours.",
    "description": "6% of the requests of the last five minutes were answered 5xx; the limit is 5 %.",
    "runbook_url": "https://example.org/ErrorRateCritical.md",
}
INITIAL = """\
INCIDENT ALERT - CRITICAL

System: Legislative Monitoring System
Time: 2026-11-02 11:30 (Brasília)
Severity: P1
Summary: 6% of requests fail
Impact: More than one request in twenty is answered with an error of ours.
Status: Investigating

Incident Commander: DevOps Lead
Next Update: 2026-11-02 12:30 (Brasília)

Incident: ErrorRateCritical-20261102-1130
- 6% of the requests of the last five minutes were answered 5xx; the limit is 5 %.
Runbook: https://example.org/ErrorRateCritical.md
"""
UPDATE = """\
INCIDENT UPDATE - ErrorRateCritical-20261102-1130

Summary: half of the web processes answer again
Actions Taken: restarted web
Next Steps: watch the error rate
ETA: 13:00
Next Update: 12:30
"""
RESOLVED = """\
INCIDENT RESOLVED - ErrorRateCritical-20261102-1130

Summary: 6% of requests fail
Resolution: The alert's condition holds no longer; the commander tells in the ticket what was done.
Duration: 42m0s
Prevention: Comes out of the post-mortem.

Post-mortem: to be held by 2026-11-03 12:12 (Brasília)
"""


def test_the_configuration_is_accepted(tmp_path: Path) -> None:
    said = good("amtool", "check-config", alertmanager_configuration(tmp_path))
    assert "SUCCESS" in said


def test_amtool_routes_as_we_read(tmp_path: Path) -> None:
    configuration = alertmanager_configuration(tmp_path)
    severities = itertools.product(("critical", "warning", "info", "other"), ("P0", "P1", "P2", "P3"))
    wanted = [{"severity": severity, "priority": priority} for severity, priority in severities]
    wanted += [{"alertname": alert.name, **alert.labels} for alert in alerts()]
    wanted += [{"alertname": "IncidentUpdate"}, {"severity": "warning", "scenario": "security-incident"}]
    for labels in wanted:
        given = [f"{name}={value}" for name, value in labels.items()]
        said = good("amtool", "config", "routes", "test", f"--config.file={configuration}", *given)
        assert said.strip().split(",") == receivers(labels), labels


def test_the_initial_message(tmp_path: Path) -> None:
    assert _rendered("initial", tmp_path).strip() == INITIAL.strip()


def test_the_update(tmp_path: Path) -> None:
    labels = {"alertname": "IncidentUpdate", "incident": "ErrorRateCritical-20261102-1130"}
    told = {
        "summary": "half of the web processes answer again",
        "actions": "restarted web",
        "next_steps": "watch the error rate",
        "eta": "13:00",
        "next_update": "12:30",
    }
    assert _rendered("update", tmp_path, labels=labels, said=told).strip() == UPDATE.strip()
    assert _rendered("subject", tmp_path, labels=labels).strip() == UPDATE.split("\n")[0]


def test_the_resolution(tmp_path: Path) -> None:
    ended = BEGUN + timedelta(minutes=42)
    assert _rendered("resolution", tmp_path, ended=ended).strip() == RESOLVED.strip()
    assert _rendered("message", tmp_path, ended=ended) == _rendered("resolution", tmp_path, ended=ended)
    assert _rendered("message", tmp_path) == _rendered("initial", tmp_path)


@pytest.mark.parametrize(("number", "day"), list(enumerate(ROTATION)))
def test_the_commander_is_who_is_on_call(number: int, day: str, tmp_path: Path) -> None:
    """At both ends of the day, which is Brasília's."""
    midnight = datetime(2026, 11, 2, 3, 0, tzinfo=UTC) + timedelta(days=number)
    for at in (midnight, midnight + timedelta(hours=23, minutes=59)):
        said = _rendered("initial", tmp_path, begun=at)
        assert f"Incident Commander: {COMMANDERS[ROTATION[day][0]]}\n" in said


@pytest.mark.parametrize(("priority", "minutes"), [("P0", 15), ("P1", 60), ("P2", 240), ("P3", 1440)])
def test_the_next_update_comes_within_the_priority_s_response_time(priority: str, minutes: int, tmp_path: Path) -> None:
    due = BEGUN + timedelta(minutes=minutes, hours=-3)
    said = _rendered("initial", tmp_path, labels={**LABELS, "priority": priority})
    assert f"Next Update: {due:%Y-%m-%d %H:%M} (Brasília)\n" in said


@pytest.mark.parametrize(
    ("severity", "ended", "colour"),
    [("critical", None, "danger"), ("warning", None, "warning"), ("info", None, "#439FE0"), ("info", BEGUN, "good")],
)
def test_colours(severity: str, ended: datetime | None, colour: str, tmp_path: Path) -> None:
    assert _rendered("colour", tmp_path, labels={**LABELS, "severity": severity}, ended=ended) == colour


def _rendered(
    name: str,
    folder: Path,
    *,
    labels: dict[str, str] | None = None,
    said: dict[str, str] | None = None,
    begun: datetime = BEGUN,
    ended: datetime | None = None,
) -> str:
    """What amtool makes of one of our templates for a group of one alert."""
    status = "resolved" if ended else "firing"
    alert = {
        "status": status,
        "labels": labels or LABELS,
        "annotations": said or SAID,
        "startsAt": begun.isoformat(),
        "endsAt": (ended or begun).isoformat(),
    }
    data = folder / "data.json"
    data.write_text(json.dumps({"status": status, "alerts": [alert]}))
    glob, text = f"--template.glob={TEMPLATES}/*.tmpl", f'--template.text={{{{ template "legis.{name}" . }}}}'
    return good("amtool", "template", "render", glob, text, f"--template.data={data}")
