"""Assigns change sequence numbers and writes the change log. The last step of a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from api_gateway.documents.render import ABOUT_BILL, Stamp, seal_change
from api_gateway.store.bill_state.apply_observations import Draft
from api_gateway.store.database.connections import Connection

# The row stays locked until commit, so no other writer can get a higher number and commit first. A rollback returns the
# numbers.
_TAKE = "UPDATE change_counter SET last_seq = last_seq + $1 RETURNING last_seq, clock_timestamp() AS now"

# One JSON document for the short columns, arrays for the binary ones, as for bills: one array per column takes the
# client more time.
_INSERT = """
INSERT INTO bill_change (seq, bill_id, source, version, kind, fields, changed_at, published_at, read_seq, trace_id,
                         movement, about, document, before)
SELECT n.*
FROM ROWS FROM (
    json_to_recordset($1::json) AS (seq bigint, bill_id text, source text, version integer, kind text, fields text[],
                                    changed_at timestamptz, published_at timestamptz, read_seq bigint, trace_id text,
                                    movement boolean, about text),
    unnest($2::bytea[]), unnest($3::bytea[])
) AS n(seq, bill_id, source, version, kind, fields, changed_at, published_at, read_seq, trace_id, movement, about,
       document, before)
"""


@dataclass(frozen=True, slots=True)
class Sequences:
    """Consecutive numbers from `first` on, and the time of the changes."""

    first: int
    now: datetime


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A draft with its stamp: one row of the log. `movement` marks the entries that followers receive by default.

    `about` is `BILL`, or the kind of the record whose id is in `bill_id`.
    """

    bill_id: str
    source: str
    draft: Draft
    stamp: Stamp
    movement: bool = False
    about: str = ABOUT_BILL


async def take_sequences(connection: Connection, count: int) -> Sequences:
    """Assigns `count` numbers. All other writers of changes wait from here to the end of the transaction."""
    row = await connection.fetchrow(_TAKE, count)
    assert row is not None  # the first migration inserts the row
    return Sequences(row["last_seq"] - count + 1, row["now"])


async def insert_changes(connection: Connection, changes: Sequence[LoggedChange]) -> None:
    """Writes entries with numbers assigned in this transaction. One statement."""
    if changes:
        described = orjson.dumps([_described(change) for change in changes]).decode()
        before = [orjson.dumps(change.draft.diff.before) for change in changes]
        await connection.execute(_INSERT, described, [_document(change) for change in changes], before)


def _described(change: LoggedChange) -> dict[str, Any]:
    draft, stamp = change.draft, change.stamp
    return {
        "seq": stamp.change_seq,
        "bill_id": change.bill_id,
        "source": change.source,
        "version": stamp.version,
        "kind": draft.kind,
        "fields": draft.diff.fields,
        "changed_at": stamp.changed_at,
        "published_at": draft.published_at,
        "read_seq": draft.read_seq,
        "trace_id": draft.trace_id,
        "movement": change.movement,
        "about": change.about,
    }


def _document(change: LoggedChange) -> bytes:
    draft = change.draft
    return seal_change(draft.body, change.bill_id, draft.kind, draft.trace_id, change.stamp, change.about)
