"""What hangs on something that is down is held back; what says more than the cause is not."""

import pytest
from monitoring.files import alerts
from monitoring.routing import silenced

ALL = {alert.name: {"alertname": alert.name, **alert.labels} for alert in alerts()}
HELD_BACK = {
    "ServiceDown of indexer": {
        *("IndexBehind", "IndexFarBehind", "IndexStalled", "IndexRebuilding", "IndexFailing", "IndexCopiesDiffer"),
    },
    "PostgresDown": {"IndexBehind", "IndexFarBehind", "IndexStalled", "IndexRebuilding", "IndexFailing"},
    "IndexStalled": {"IndexBehind", "IndexFarBehind", "IndexCopiesDiffer"},
    "IndexFarBehind": {"IndexBehind", "IndexCopiesDiffer"},
    "IndexRebuilding": {"IndexBehind"},
    "ServiceDown of worker": set[str](),
}
"""Alerts about the index by what holds them back."""


@pytest.mark.parametrize("cause", HELD_BACK)
def test_alerts_about_the_index_are_held_back_by_their_causes(cause: str) -> None:
    of_the_index = {name for name in ALL if name.startswith("Index")} | {"ChangeLogWentBack"}
    held_back = {name for name in of_the_index if name != cause and silenced(ALL[name], _firing(cause))}
    assert held_back == HELD_BACK[cause]


@pytest.mark.parametrize("cause", ["ServiceDown of indexer", "IndexRebuilding"])
def test_the_check_of_the_index_is_held_back_and_no_other_check(cause: str) -> None:
    red = {check: ALL["HealthCheckRed"] | {"job": "web", "check": check} for check in ("index", "redis")}
    assert silenced(red["index"], _firing(cause))
    assert not silenced(red["redis"], _firing(cause))


def test_no_alert_of_the_index_holds_back_that_users_get_errors() -> None:
    users_see = [ALL[name] for name in ("HealthCheckFailing", "ErrorRateCritical", "LatencyCritical", "ServiceDown")]
    causes = [labels for name, labels in ALL.items() if name.startswith("Index")]
    assert not [(one, cause) for one in users_see for cause in causes if silenced(one, cause)]


def test_what_a_damaged_disk_or_a_lost_change_says_is_never_held_back() -> None:
    never = [ALL["IndexDamaged"], ALL["ChangeLogWentBack"]]
    causes = [_firing(cause) for cause in HELD_BACK]
    assert not [(one, cause) for one in never for cause in causes if silenced(one, cause)]


def test_a_label_that_neither_has_is_equal() -> None:
    assert silenced(ALL["ErrorRateHigh"], ALL["ErrorRateCritical"])
    assert not silenced(ALL["ErrorRateHigh"], ALL["LatencyCritical"])


def _firing(cause: str) -> dict[str, str]:
    name, _, job = cause.partition(" of ")
    return ALL[name] | ({"job": job} if job else {})
