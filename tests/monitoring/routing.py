"""Who hears of an alert at a given moment, read off alertmanager.yml: `amtool config routes test` knows no time.

`make monitoring-check` holds this reading against amtool (without time) and against a running Alertmanager (with it).
"""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitoring.files import HOME, read

CONFIGURATION = read(HOME / "alertmanager" / "alertmanager.yml")
_MATCHER = re.compile(r'(\w+)(=~|!=|!~|=)"(.*)"')


def receivers(labels: dict[str, str], at: datetime | None = None) -> list[str]:
    """Receivers in the order of their routes; without a moment, as if every time interval were active."""
    return _below(CONFIGURATION["route"], labels, at)


def intervals_at(at: datetime) -> set[str]:
    """The time intervals that are active at a moment."""
    return {
        one["name"]
        for one in CONFIGURATION["time_intervals"]
        if any(
            at.astimezone(ZoneInfo(part["location"])).strftime("%A").lower() in part["weekdays"]
            for part in one["time_intervals"]
        )
    }


def silenced(labels: dict[str, str], by: dict[str, str]) -> bool:
    """Whether an alert with these labels is held back while another one fires; a missing label counts as empty."""
    return any(
        all(_matches(one, by) for one in rule["source_matchers"])
        and all(_matches(one, labels) for one in rule["target_matchers"])
        and all(labels.get(name, "") == by.get(name, "") for name in rule.get("equal", ()))
        for rule in CONFIGURATION["inhibit_rules"]
    )


def _below(route: dict[str, Any], labels: dict[str, str], at: datetime | None) -> list[str]:
    if not all(_matches(one, labels) for one in route.get("matchers", ())):
        return []
    found: list[str] = []
    matched = False
    for child in route.get("routes", ()):
        if all(_matches(one, labels) for one in child.get("matchers", ())):
            matched = True
            found += _below(child, labels, at)
            if not child.get("continue", False):
                break
    if matched:
        return found
    wanted = set(route.get("active_time_intervals", ()))
    return [] if at is not None and wanted and not wanted & intervals_at(at) else [route["receiver"]]


def _matches(matcher: str, labels: dict[str, str]) -> bool:
    found = _MATCHER.fullmatch(matcher)
    assert found is not None, matcher
    name, operator, value = found.groups()
    given = labels.get(name, "")
    same = given == value if operator in ("=", "!=") else re.fullmatch(value, given) is not None
    return same if operator in ("=", "=~") else not same
