"""Rules: the runbook's thresholds, what every alert says, and that each is proved to fire and to be silent."""

import re
from collections import Counter

import pytest
from monitoring.files import alerts, cases, recorded, rule_expressions
from monitoring.promql import named

THRESHOLDS = {
    "HealthCheckFailing": ("critical", 'probe_success{job="blackbox"}) == 0'),
    "ErrorRateCritical": ("critical", "legis:http_errors:ratio_rate5m > 0.05 "),
    "LatencyCritical": ("critical", "legis:http_duration_seconds:p95_5m > 5"),
    "DiskSpaceLow": ("critical", ") < 0.10"),
    "ErrorRateHigh": ("warning", "legis:http_errors:ratio_rate5m > 0.01 "),
    "LatencyHigh": ("warning", "legis:http_duration_seconds:p95_5m > 2"),
    "CpuHigh": ("warning", "> 0.80"),
    "MemoryHigh": ("warning", "> 0.85"),
}
"""The runbook's "Alert Thresholds", all eight."""

SCENARIOS = {
    "application-down",
    "high-response-times",
    "external-api-failures",
    "database-issues",
    "security-incident",
    "certificate-expired",
    "index-lost",
    "primary-lost",
}
PAGE = "https://github.com/legis-br/legis/blob/main/docs/runbooks/alerts/{}.md"
ALL = {alert.name: alert for alert in alerts()}


def test_no_two_alerts_have_one_name() -> None:
    assert len(ALL) == len(alerts()) >= 20


@pytest.mark.parametrize("name", THRESHOLDS)
def test_thresholds_are_the_runbooks(name: str) -> None:
    severity, condition = THRESHOLDS[name]
    expression = ALL[name].expression.strip()
    assert ALL[name].labels["severity"] == severity
    assert expression.endswith(condition) or (condition in expression and condition.endswith(" "))


@pytest.mark.parametrize("name", ALL)
def test_every_alert_says_how_bad_it_is_and_where_to_read_on(name: str) -> None:
    alert = ALL[name]
    assert re.fullmatch(r"(?:[A-Z][a-z]+)+", name)
    assert set(alert.labels) <= {"severity", "priority", "scenario", "symptom"}
    assert (alert.labels["severity"], alert.labels["priority"]) in {
        *(("critical", priority) for priority in ("P0", "P1")),
        *(("warning", priority) for priority in ("P1", "P2", "P3")),
        ("info", "P3"),
    }
    assert alert.labels.get("scenario", "application-down") in SCENARIOS
    assert set(alert.annotations) == {"summary", "impact", "description", "runbook_url"}
    assert alert.annotations["runbook_url"] == PAGE.format(name)


def test_every_scenario_of_the_runbook_has_an_alert() -> None:
    assert {alert.labels["scenario"] for alert in ALL.values() if "scenario" in alert.labels} == SCENARIOS


@pytest.mark.parametrize("name", ALL)
def test_every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_is_silent(name: str) -> None:
    mine = [case for case in cases() if case.alert == name]
    assert {case.fires for case in mine} == {True, False}


def test_a_silent_case_has_series_that_the_alert_looks_at() -> None:
    """Else it would be silent for want of anything to look at."""
    deaf = []
    for case in cases():
        looked_at = _metrics_below(ALL[case.alert].expression)
        if not case.fires and not any(one.split("{")[0] in looked_at for one in case.series):
            deaf.append(case)
    assert not deaf


def test_cases_name_alerts_that_exist() -> None:
    assert {case.alert for case in cases()} == set(ALL)


def test_every_recorded_series_is_used_or_shown() -> None:
    used = Counter(one.metric for text in rule_expressions().values() for one in named(text).selectors)
    shown = {"legis:http_duration_seconds:p99_5m"}  # on the dashboard of the service's health
    assert recorded() <= set(used) | shown


def _metrics_below(expression: str) -> set[str]:
    """Metrics of an expression, with those that the recorded series in it are made from."""
    found: set[str] = set()
    open_names = [one.metric for one in named(expression).selectors]
    while open_names:
        metric = open_names.pop()
        if metric in found:
            continue
        found.add(metric)
        for where, text in rule_expressions().items():
            if f" {metric} #" in where:
                open_names += [one.metric for one in named(text).selectors]
    return found
