"""Reasons of a rebuild and stages of indexer work that may fail: label values of the indexer's metrics."""

from legis.telemetry.metrics import INDEX_FAILURES, INDEX_REBUILDS

FIRST, SCHEMA, EPOCH, LOG_WENT_BACK, DAMAGED, MISSING = REASONS = (
    "first",
    "schema",
    "epoch",
    "log_went_back",
    "damaged",
    "missing",
)
BUILD, FOLLOW, RECORD = STAGES = ("build", "follow", "record")


class RebuildNeeded(Exception):
    """The build cannot be continued. `reason` is one of `REASONS`; the message has details."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def create_series() -> None:
    """Creates every metric series at zero, so that its first increase is visible."""
    for reason in REASONS:
        INDEX_REBUILDS.labels(reason)
    for stage in STAGES:
        INDEX_FAILURES.labels(stage)
