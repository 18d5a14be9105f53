"""Creates the worker's metric series that alerts watch, before there is anything to count."""

from legis.domain.change_kind import ChangeKind
from legis.domain.identity.source_registry import ROWS
from legis.telemetry.metrics import CHANGES, REMOVALS

REMOVAL_OUTCOMES = ("removed", "refused", "not_due", "list_doubted")


def create_worker_series() -> None:
    """Creates every series at zero, for each source, so that its first increase is visible."""
    for row in ROWS:
        for outcome in REMOVAL_OUTCOMES:
            REMOVALS.labels(row.source.value, outcome)
        for kind in ChangeKind:
            CHANGES.labels(row.source.value, kind)
