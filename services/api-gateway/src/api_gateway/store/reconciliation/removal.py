"""Marks bills that their source no longer has; they are never deleted, and come back when they are seen again."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from legis.events import BillGone
from legis.telemetry.metrics import REMOVALS

from api_gateway.store.bill_state.write_items import ChangeMade
from api_gateway.store.bills.commit import commit_changes
from api_gateway.store.bills.row_loader import lock_bills
from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.reconciliation.removal_rule import RemovalRule, allowance

ACQUIRE_SECONDS = 5.0

# All that the rule asks for, again, on what is stored now. A reading that is newer than the 404 outweighs it.
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
class Taken:
    """What came of absences: the changes made, and how many ended how, by source and outcome. To be counted when the
    transaction is committed: one that is rolled back removed nothing."""

    changes: tuple[ChangeMade, ...] = ()
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self) -> None:
        """Adds them to the figures."""
        for (source, outcome), number in self.outcomes.items():
            REMOVALS.labels(source, outcome).inc(number)


async def mark_removed(pool: Pool, ids: Sequence[str]) -> tuple[ChangeMade, ...]:
    """Logs a REMOVED version of each bill that is stored and not removed yet, whatever the rule says: for an operator
    who knows better. Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
            states = await lock_bills(connection, sorted(set(ids)))
            removed = [states[key] for key in sorted(states) if states[key].remove()]
            return await commit_changes(connection, removed) if removed else ()


async def take_absences(connection: Connection, absences: Sequence[BillGone], rule: RemovalRule) -> Taken:
    """Logs a REMOVED version of each bill that the rule allows, now that its source answered 404.

    Nothing is removed of a source where more than the rule's share would be. Whatever comes of it, the questions are
    answered. To be called in a transaction.
    """
    by_source: defaultdict[str, dict[str, BillGone]] = defaultdict(dict)
    for absence in sorted(absences, key=lambda absence: absence.read_seq):
        by_source[absence.source.value][absence.upstream_id] = absence
    taken = Taken()
    for source, gone in sorted(by_source.items()):
        ids, news = list(gone), list(gone.values())
        await _remove(connection, source, news, rule, taken)
        sequences, times = [x.read_seq for x in news], [x.fetched_at for x in news]
        await connection.execute(_ANSWERED, source, ids, sequences, times)
    return taken


async def _remove(
    connection: Connection, source: str, gone: Sequence[BillGone], rule: RemovalRule, taken: Taken
) -> None:
    ids, sequences = [x.upstream_id for x in gone], [x.read_seq for x in gone]
    rows = await connection.fetch(_DUE, source, ids, sequences, rule.misses, rule.least_span)
    due = {row["id"]: row["read_seq"] for row in rows}
    taken.outcomes[source, "not_due"] += len(gone) - len(due)
    if not due:
        return
    if (await allowance(connection, source, rule)).exceeded:
        taken.outcomes[source, "refused"] += len(due)
        return
    states = await lock_bills(connection, sorted(due))
    removed = [states[key] for key in sorted(states) if states[key].remove(due[key])]
    taken.outcomes[source, "removed"] += len(removed)
    if removed:
        taken.changes += await commit_changes(connection, removed)
