"""What is done with the results of stored records: marks for ingest, and metrics by kind."""

from collections import Counter
from collections.abc import Sequence

from legis.clock import utc_now
from legis.streams.stored_marks import StoredReading
from legis.telemetry.metrics import CHANGES, DEAD_LETTERS, EVENTS_HANDLED, PUBLISH_TO_STORED, RECORDS_HANDLED

from api_gateway.store.bill_state.write_items import BatchResult, Outcome
from api_gateway.store.bills.bill_writer import REJECTED_BY_STORE
from api_gateway.store.record_state.observed_record import RecordItem

RECORD = "record"
"""Outcome of readings of records in the metric of all events; `legis_worker_records_total` has their own outcomes."""

_CHANGED = (Outcome.UPDATED, Outcome.STALE)


def record_marks(items: Sequence[RecordItem], result: BatchResult) -> list[StoredReading]:
    """The marks of stored readings, under the record's id.

    As for bills, a reading that changed the record, or may have, voids older marks of its other parts. `result` may
    have further results, of the votings of bills.
    """
    return [
        StoredReading(
            item.source,
            item.record.id,
            item.read_seq,
            item.event.marks if item.event is not None and outcome.remember else {},
            changed=outcome.outcome in _CHANGED,
        )
        for item, outcome in zip(items, result.results, strict=False)
        if outcome.remember or outcome.outcome in _CHANGED
    ]


def count_records(items: Sequence[RecordItem], result: BatchResult) -> None:
    """Adds the results to the metrics."""
    now, outcomes = utc_now().timestamp(), Counter[tuple[str, str, str]]()
    for item, outcome in zip(items, result.results, strict=False):
        source = item.source.value
        outcomes[source, item.record.kind.value, outcome.outcome.value] += 1
        if item.event is not None:
            PUBLISH_TO_STORED.labels(source).observe(max(0.0, now - item.event.published_at.timestamp()))
    for (source, kind, outcome_name), number in outcomes.items():
        RECORDS_HANDLED.labels(source, kind, outcome_name).inc(number)
        EVENTS_HANDLED.labels(source, RECORD).inc(number)
        if outcome_name == Outcome.DEAD:
            DEAD_LETTERS.labels(source, REJECTED_BY_STORE).inc(number)
    for change, number in Counter(result.changes).items():
        CHANGES.labels(change.source.value, change.kind).inc(number)
