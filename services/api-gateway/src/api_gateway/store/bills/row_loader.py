"""Loads and locks the rows of the bills in a batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from legis.clock import utc_now
from legis.domain.vocabulary import QualityFlagCode

from api_gateway.store.bill_state.apply_observations import BillState, StoredBill
from api_gateway.store.bill_state.bill_snapshot import Snapshot
from api_gateway.store.bill_state.known_fields import infer_known_fields
from api_gateway.store.bill_state.rendered_histories import History
from api_gateway.store.bill_state.stored_fingerprints import EMPTY, Fingerprint
from api_gateway.store.bills.doubt_rows import load_doubts
from api_gateway.store.bills.next_events import load_next_events
from api_gateway.store.database.connections import Connection

# Ordered by id, so that two workers with common bills wait for each other instead of running into a deadlock.
_LOCK = """
SELECT id, source, record, provenance, known_fields, fingerprint, version, read_seq, source_at, pending_fingerprint,
       pending_at, created_at, last_seen_at, removed_at, change_seq, changed_at
FROM bill WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE
"""
_HISTORIES = "SELECT bill_id, field, items FROM bill_history WHERE bill_id = ANY($1::text[])"

_FLAG = QualityFlagCode.LIST_IN_DOUBT.value.encode()
"""Occurs in the record of every bill with an open doubt, so that the doubts of other bills need not be loaded."""


async def lock_bills(connection: Connection, ids: Sequence[str], now: datetime | None = None) -> dict[str, BillState]:
    """The state of every id; stored bills are locked until the transaction ends. At most four statements. Their next
    events are those after `now`.
    """
    rows = await connection.fetch(_LOCK, sorted(ids))
    prints = {row["id"]: Fingerprint.parse(row["fingerprint"]) for row in rows}
    with_history = [key for key, value in prints.items() if (value.actions, value.vote_events) != (EMPTY, EMPTY)]
    items: dict[tuple[str, str], Sequence[str]] = {}
    if with_history:
        items = {(r["bill_id"], r["field"]): r["items"] for r in await connection.fetch(_HISTORIES, with_history)}
    states = {key: BillState(key) for key in ids}
    for row in rows:
        states[row["id"]].stored = _stored(row, prints[row["id"]], items)
        states[row["id"]].source_at = row["source_at"]
        states[row["id"]].seen_at = row["last_seen_at"]
    for key, doubts in (await load_doubts(connection, [r["id"] for r in rows if _FLAG in r["record"]])).items():
        states[key].lists.load(doubts)
    for key, event in (await load_next_events(connection, sorted(ids), now or utc_now())).items():
        states[key].next_event = event
    return states


def _stored(row: Any, prints: Fingerprint, items: Mapping[tuple[str, str], Sequence[str]]) -> StoredBill:
    histories = {
        "actions": History("actions", items.get((row["id"], "actions"), ()), prints.actions),
        "vote_events": History("vote_events", items.get((row["id"], "vote_events"), ()), prints.vote_events),
    }
    provenance, known = orjson.loads(row["provenance"]), row["known_fields"]
    return StoredBill(
        snapshot=Snapshot(row["id"], row["record"], histories, row["last_seen_at"]),
        fingerprint=prints,
        version=row["version"],
        read_seq=row["read_seq"],
        created_at=row["created_at"],
        provenance=provenance,
        pending_fingerprint=row["pending_fingerprint"],
        pending_at=row["pending_at"],
        removed_at=row["removed_at"],
        known=infer_known_fields(row["source"], row["record"], prints, provenance)
        if known is None
        else frozenset(known),
        change_seq=row["change_seq"],
        changed_at=row["changed_at"],
    )
