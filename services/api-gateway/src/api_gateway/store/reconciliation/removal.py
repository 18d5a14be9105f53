"""Marks bills as removed that their source no longer has. They are never deleted, and return when they are read
again.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from legis.events import BillGone
from legis.telemetry.metrics import REMOVALS

from api_gateway.store.bill_state.write_items import ChangeMade
from api_gateway.store.bills.commit_versions import commit_changes
from api_gateway.store.bills.row_loader import lock_bills
from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.reconciliation.removal_rule import RemovalRule, allowance

ACQUIRE_SECONDS = 5.0

# Checks the whole rule again on the rows as they are now. A reading newer than the 404 answer prevents the removal.
_DUE = """
SELECT b.id, n.read_seq FROM unnest($2::text[], $3::bigint[]) AS n(upstream_id, read_seq)
JOIN bill b ON b.source = $1 AND b.upstream_id = n.upstream_id
JOIN bill_sighting s ON s.bill_id = b.id
WHERE s.misses > 0 AND s.misses >= $4 AND s.last_missed_on - s.first_missed_on >= $5
  AND b.removed_at IS NULL AND s.missed_seq < n.read_seq AND b.read_seq < n.read_seq
"""
_ANSWERED = """
WITH n AS MATERIALIZED (
    SELECT * FROM unnest($2::text[], $3::bigint[], $4::timestamptz[]) AS n(upstream_id, read_seq, fetched_at)
), answered AS (
    DELETE FROM source_question q USING n
    WHERE q.source = $1 AND q.upstream_id = n.upstream_id AND q.after_seq < n.read_seq
)
UPDATE dead_letter d SET resolved_at = now(), note = 'its source has it no more (404)'
FROM n WHERE d.resolved_at IS NULL AND d.source = $1 AND d.upstream_id = n.upstream_id AND d.last_at < n.fetched_at
"""


@dataclass(slots=True)
class AppliedAbsences:
    """The result of absences: the changes made, and counts by source and outcome.

    The counts go to the metrics after commit, since a transaction that is rolled back removed nothing.
    """

    changes: tuple[ChangeMade, ...] = ()
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self) -> None:
        """Adds the counts to the metrics."""
        for (source, outcome), number in self.outcomes.items():
            REMOVALS.labels(source, outcome).inc(number)


async def mark_removed(pool: Pool, ids: Sequence[str]) -> tuple[ChangeMade, ...]:
    """Logs a REMOVED version of each of these bills that is stored and not removed, without checking the rule: for an
    operator who knows that they are gone. Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
            states = await lock_bills(connection, sorted(set(ids)))
            removed = [states[key] for key in sorted(states) if states[key].remove()]
            return await commit_changes(connection, removed) if removed else ()


async def apply_absences(connection: Connection, absences: Sequence[BillGone], rule: RemovalRule) -> AppliedAbsences:
    """Logs a REMOVED version of each bill that the rule allows, now that its source has answered 404.

    No bill of a source is removed if more than the rule's share would be. The refetch requests are completed in any
    case. To be called in a transaction.
    """
    by_source: defaultdict[str, dict[str, BillGone]] = defaultdict(dict)
    for absence in sorted(absences, key=lambda absence: absence.read_seq):
        by_source[absence.source.value][absence.upstream_id] = absence
    applied = AppliedAbsences()
    for source, gone in sorted(by_source.items()):
        ids, events = list(gone), list(gone.values())
        await _remove(connection, source, events, rule, applied)
        sequences, times = [x.read_seq for x in events], [x.fetched_at for x in events]
        await connection.execute(_ANSWERED, source, ids, sequences, times)
    return applied


async def _remove(
    connection: Connection, source: str, gone: Sequence[BillGone], rule: RemovalRule, applied: AppliedAbsences
) -> None:
    ids, sequences = [x.upstream_id for x in gone], [x.read_seq for x in gone]
    rows = await connection.fetch(_DUE, source, ids, sequences, rule.misses, rule.least_span)
    due = {row["id"]: row["read_seq"] for row in rows}
    applied.outcomes[source, "not_due"] += len(gone) - len(due)
    if not due:
        return
    if (await allowance(connection, source, rule)).exceeded:
        applied.outcomes[source, "refused"] += len(due)
        return
    states = await lock_bills(connection, sorted(due))
    removed = [states[key] for key in sorted(states) if states[key].remove(due[key])]
    applied.outcomes[source, "removed"] += len(removed)
    if removed:
        applied.changes += await commit_changes(connection, removed)
