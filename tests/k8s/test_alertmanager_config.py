"""The AlertmanagerConfig is alertmanager.yml, made again: the same routes, and Brasília's days in UTC."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from alertmanager_config import SECRET, render

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@pytest.fixture
def told(root: Path) -> str:
    return (root / "deploy/monitoring/alertmanager/alertmanager.yml").read_text()


@pytest.fixture
def made(told: str) -> dict[str, Any]:
    spec: dict[str, Any] = yaml.safe_load(render(told))["spec"]
    return spec


def test_the_object_of_the_component_is_the_configuration(told: str, k8s: Path) -> None:
    written = (k8s / "components/alerting/alertmanager-config.yaml").read_text()
    assert written == render(told), "run `make k8s-rules` and read the difference"


def test_every_route_and_receiver_is_there(told: str, made: dict[str, Any]) -> None:
    before = yaml.safe_load(told)
    routes = before["route"]["routes"]
    assert [one["receiver"] for one in made["route"]["routes"]] == [one["receiver"] for one in routes]
    assert [one.get("continue", False) for one in made["route"]["routes"]] == [
        one.get("continue", False) for one in routes
    ]
    matchers = [
        [f'{m["name"]}{m.get("matchType", "=")}"{m["value"]}"' for m in one["matchers"]]
        for one in made["route"]["routes"]
    ]
    assert matchers == [one["matchers"] for one in routes]
    assert [one["name"] for one in made["receivers"]] == [one["name"] for one in before["receivers"]]
    assert len(made["inhibitRules"]) == len(before["inhibit_rules"])
    assert "secrets/" not in render(told)
    assert SECRET in render(told)


def test_every_hour_of_a_week_is_the_same_persons_as_in_brasilia(told: str, made: dict[str, Any]) -> None:
    brasilia = {one["name"]: one["time_intervals"][0]["weekdays"] for one in yaml.safe_load(told)["time_intervals"]}
    start = datetime(2026, 11, 2, tzinfo=UTC)
    for hour, interval in itertools.product(range(7 * 24), made["muteTimeIntervals"]):
        moment = start + timedelta(hours=hour, minutes=30)
        there = WEEK[moment.astimezone(ZoneInfo("America/Sao_Paulo")).weekday()]
        assert _within(interval, moment) == (there in brasilia[interval["name"]]), (interval["name"], moment)


def _within(interval: dict[str, Any], moment: datetime) -> bool:
    clock = moment.strftime("%H:%M")
    return any(
        WEEK[moment.weekday()] in one["weekdays"]
        and any(span["startTime"] <= clock < span["endTime"] for span in one["times"])
        for one in interval["timeIntervals"]
    )
