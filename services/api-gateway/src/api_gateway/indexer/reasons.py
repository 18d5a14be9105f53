"""Why an index is built anew, and what work of the indexer may fail: the labels of its metrics."""

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
    """The build cannot be followed on. `reason` is one of `REASONS`, the message says more."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def show_zeros() -> None:
    """Makes every series exist from the start, so that its first rise is seen as one."""
    for reason in REASONS:
        INDEX_REBUILDS.labels(reason)
    for stage in STAGES:
        INDEX_FAILURES.labels(stage)
