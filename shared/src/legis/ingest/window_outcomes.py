"""How a window may end, and the metric series of a source that are there before anything happens."""

from typing import Final

from legis.domain.vocabulary import Source
from legis.events import Walk
from legis.telemetry.metrics import UNKNOWN_CODES, WINDOWS

STORED, UNAVAILABLE, SCHEMA_CHANGED, FAILED, CRASHED, LOST = OUTCOMES = (
    "stored",
    "unavailable",
    "schema_changed",
    "failed",
    "crashed",
    "lost",
)
"""Label values of `WINDOWS`."""

PARTY: Final = "party"
"""The list of `UNKNOWN_CODES` for party names that no party of ours has."""


def create_source_series(source: Source) -> None:
    """Creates the series at zero, so that their first increase is visible. A source's own code lists create theirs."""
    for walk in Walk:
        for outcome in OUTCOMES:
            WINDOWS.labels(source, walk, outcome)
    UNKNOWN_CODES.labels(source, PARTY)
