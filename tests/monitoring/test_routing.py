"""Every severity reaches its channels, and on every weekday those who are on call, by the runbook's table."""

from datetime import UTC, datetime, timedelta

import pytest
from monitoring.files import alerts
from monitoring.rotation import CHANNELS, ROTATION
from monitoring.routing import CONFIGURATION, receivers

MONDAY = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
"""Midnight in Brasília, where the week of the rotation begins."""

DAYS = {day: MONDAY + timedelta(days=number) for number, day in enumerate(ROTATION)}
HOURS = (0, 9, 23.99)
KINDS = {"slack_configs": "slack", "email_configs": "email", "webhook_configs": "sms"}
BY_NAME = {one["name"]: one for one in CONFIGURATION["receivers"]}


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("severity", CHANNELS)
@pytest.mark.parametrize("hour", HOURS)
def test_each_severity_reaches_its_channels_on_each_day(severity: str, day: str, hour: float) -> None:
    heard = receivers({"severity": severity, "priority": "P1"}, DAYS[day] + timedelta(hours=hour))
    assert {KINDS[kind] for name in heard for kind in BY_NAME[name] if kind in KINDS} == CHANNELS[severity]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("hour", HOURS)
def test_sms_goes_to_who_is_on_call(day: str, hour: float) -> None:
    heard = receivers({"severity": "critical", "priority": "P0"}, DAYS[day] + timedelta(hours=hour))
    assert [name.removeprefix("sms-") for name in heard if name.startswith("sms-")] == list(ROTATION[day])


def test_the_secondary_hears_a_quarter_of_an_hour_later() -> None:
    waits = [(one["active_time_intervals"], one["group_wait"]) for one in _sms_routes()]
    weekdays = {tuple(days) for days, _ in waits} - {("weekend",)}
    for days in weekdays:
        assert [wait for these, wait in waits if tuple(these) == days] == ["0s", "15m"]
    assert [wait for days, wait in waits if days == ["weekend"]] == ["0s"]


@pytest.mark.parametrize(
    ("labels", "heard"),
    [
        ({"severity": "critical", "priority": "P0"}, ["everybody"]),
        ({"severity": "critical", "priority": "P1"}, ["technical-team-and-management"]),
        ({"severity": "warning", "priority": "P1"}, ["technical-team-and-management"]),
        ({"severity": "warning", "priority": "P2"}, ["technical-team"]),
        ({"severity": "warning", "priority": "P3"}, ["technical-team"]),
        ({"severity": "info", "priority": "P3"}, ["slack"]),
        (
            {"severity": "warning", "priority": "P1", "scenario": "security-incident"},
            ["security-team", "technical-team-and-management"],
        ),
        ({"alertname": "IncidentUpdate"}, ["update"]),
        ({"alertname": "Unknown"}, ["slack"]),
    ],
)
def test_each_priority_is_told_to_whom_the_runbook_says(labels: dict[str, str], heard: list[str]) -> None:
    assert [name for name in receivers(labels, MONDAY) if not name.startswith("sms-")] == heard


def test_the_heartbeat_goes_to_the_switch_alone_and_every_minute() -> None:
    (watchdog,) = [one for one in alerts() if one.name == "Watchdog"]
    assert receivers({"alertname": "Watchdog", **watchdog.labels}, MONDAY) == ["dead-mans-switch"]
    first = CONFIGURATION["route"]["routes"][0]
    assert (first["receiver"], first["repeat_interval"]) == ("dead-mans-switch", "1m")


@pytest.mark.parametrize("alert", [one for one in alerts() if one.name != "Watchdog"], ids=lambda alert: alert.name)
def test_no_alert_of_ours_ends_where_nobody_meant_it_to(alert) -> None:
    heard = receivers({"alertname": alert.name, **alert.labels}, MONDAY)
    assert {KINDS[kind] for name in heard for kind in BY_NAME[name] if kind in KINDS} == CHANNELS[
        alert.labels["severity"]
    ]


def _sms_routes() -> list[dict]:
    return [one for one in CONFIGURATION["route"]["routes"] if one["receiver"].startswith("sms-")]
