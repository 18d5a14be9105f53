"""Gives out change sequence numbers and writes the change log; the last step of a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from api_gateway.documents.render import Stamp, seal_change
from api_gateway.store.bill_state import Draft
from api_gateway.store.columns import ARRAY_OF, joined

# The row stays locked until commit, so nobody gets a higher number and commits first; a rollback gives all back.
_TAKE = "UPDATE change_counter SET last_seq = last_seq + $1 RETURNING last_seq, clock_timestamp() AS now"

_INSERT = f"""
INSERT INTO bill_change (seq, bill_id, source, version, kind, fields, changed_at, published_at, read_seq, trace_id,
                         document, before)
SELECT n.seq, n.bill_id, n.source, n.version, n.kind, {ARRAY_OF.format("fields")}, n.changed_at, n.published_at,
       n.read_seq, n.trace_id, n.document, n.before
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::timestamptz[],
            $8::timestamptz[], $9::bigint[], $10::text[], $11::bytea[], $12::bytea[])
     AS n(seq, bill_id, source, version, kind, fields, changed_at, published_at, read_seq, trace_id, document, before)
"""


@dataclass(frozen=True, slots=True)
class Sequences:
    """Consecutive numbers from `first` on, and the time that the changes bear."""

    first: int
    now: datetime


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A draft with its stamp: a row of the log."""

    bill_id: str
    source: str
    draft: Draft
    stamp: Stamp


async def take_sequences(connection: Any, count: int) -> Sequences:
    """Takes `count` numbers; every other writer of changes waits from here to the end of the transaction."""
    row = await connection.fetchrow(_TAKE, count)
    return Sequences(row["last_seq"] - count + 1, row["now"])


async def insert_changes(connection: Any, changes: Sequence[LoggedChange]) -> None:
    """Writes entries whose numbers were taken in this transaction. One statement."""
    rows = [_row(change) for change in changes]
    if rows:
        await connection.execute(_INSERT, *(list(column) for column in zip(*rows, strict=True)))


def _row(change: LoggedChange) -> tuple[Any, ...]:
    draft, stamp = change.draft, change.stamp
    return (
        stamp.change_seq,
        change.bill_id,
        change.source,
        stamp.version,
        draft.kind,
        joined(draft.diff.fields),
        stamp.changed_at,
        draft.published_at,
        draft.read_seq,
        draft.trace_id,
        seal_change(draft.body, change.bill_id, draft.kind, draft.trace_id, stamp),
        orjson.dumps(draft.diff.before),
    )
