"""The statements that write bills, and the values of their parameters."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from api_gateway.documents import render
from api_gateway.documents.render import Stamp
from api_gateway.store.bill_state.apply_observations import BillState, provenance_bytes, provenance_list

SEPARATOR = "\x1f"
"""Separates the elements of an array that is sent as one text; PostgreSQL requires arrays of arrays to have equal
lengths.
"""

NEVER = datetime(1000, 1, 1, tzinfo=UTC)
"""Stored for an unknown date; older than any bill."""


class WrittenBill:
    """Everything that a row is made of. The stamp is set last, when the change log is locked; the rest is rendered
    before.
    """

    def __init__(self, state: BillState) -> None:
        snapshot = state.now.snapshot
        self.state = state
        self.bill = snapshot.bill
        self.derived = snapshot.derived
        self.stamp: Stamp | None = None
        event = state.next_event.shown if state.next_event else None
        self._document = render.document_body(snapshot.content, provenance_list(state.now.provenance), event)
        self._summary = render.summary_body(snapshot.content, snapshot.derived, event)
        self.early = (described(self), orjson.dumps(snapshot.sparse), provenance_bytes(state.now.provenance))
        """The values known before the stamp: the columns of `described`, the record, the provenance."""

    @property
    def sealed(self) -> Stamp:
        """The stamp of the last version. Raises LookupError before it is set."""
        if self.stamp is None:
            raise LookupError(f"{self.state.bill_id} has no stamp yet")
        return self.stamp

    @property
    def document(self) -> bytes:
        """The complete detail document."""
        return render.seal_document(self._document, self.sealed)

    @property
    def summary(self) -> bytes:
        """The complete list item."""
        return render.seal_summary(self._summary, self.sealed)


def joined(values: Sequence[str]) -> str:
    """Elements as one text. Separators inside elements are replaced by blanks."""
    return SEPARATOR.join(value.replace(SEPARATOR, " ") for value in values)


ARRAY_OF = f"string_to_array(n.{{0}}, E'\\x{ord(SEPARATOR):02x}')"


def described(written: WrittenBill) -> dict[str, Any]:
    """The columns known before the stamp, by name; `_DESCRIBED` has their types."""
    bill, derived, now = written.bill, written.derived, written.state.now
    urn = derived.urns.urn_lex
    urns = derived.urns.aliases if urn is None else (urn, *derived.urns.aliases)
    return {
        "id": written.state.bill_id,
        "source": bill.source,
        "upstream_id": bill.upstream_id,
        "legacy_id": bill.legacy_id,
        "chamber": bill.chamber,
        "type": bill.type,
        "type_code": bill.type_code,
        "number": bill.number,
        "year": bill.year,
        "identifier": bill.identifier,
        "labels": derived.labels,
        "status": derived.status,
        "in_progress": derived.in_progress,
        "organization": derived.organization,
        "introduced_on": bill.introduced_on or NEVER.date(),
        "last_action_at": derived.last_action_at or NEVER,
        "parties": derived.parties,
        "states": derived.states,
        "subjects": derived.subjects,
        "urns": urns,
        "first_days": {stage.value: day for stage, day in derived.first_days.items()},
        "known_fields": _sorted(now.known),
        "fingerprint": str(now.fingerprint),
        "read_seq": now.read_seq,
        "source_at": written.state.source_at,
        "pending_fingerprint": now.pending_fingerprint,
        "pending_at": now.pending_at,
        "last_seen_at": written.state.seen_at,
        "next_event_at": written.state.next_event.start_at if written.state.next_event else None,
    }


@lru_cache(1024)  # few different sets of fields occur
def _sorted(names: frozenset[str]) -> list[str]:
    return sorted(names)


_DESCRIBED = {
    "id": "text", "source": "text", "upstream_id": "text", "legacy_id": "text", "chamber": "text", "type": "text",
    "type_code": "text", "number": "integer", "year": "integer", "identifier": "text", "labels": "text[]",
    "status": "text", "in_progress": "boolean", "organization": "text", "introduced_on": "date",
    "last_action_at": "timestamptz", "parties": "text[]", "states": "text[]", "subjects": "text[]", "urns": "text[]",
    "first_days": "jsonb", "known_fields": "text[]", "fingerprint": "text", "read_seq": "bigint",
    "source_at": "timestamptz", "pending_fingerprint": "text", "pending_at": "timestamptz",
    "last_seen_at": "timestamptz", "next_event_at": "timestamptz",
}  # fmt: skip
_STAMPED: Mapping[str, tuple[str, Callable[[WrittenBill], Any]]] = {
    "version": ("integer", lambda w: w.sealed.version),
    "change_seq": ("bigint", lambda w: w.sealed.change_seq),
    "created_at": ("timestamptz", lambda w: w.sealed.created_at),
    "changed_at": ("timestamptz", lambda w: w.sealed.changed_at),
    "removed_at": ("timestamptz", lambda w: w.sealed.removed_at),
    "document": ("bytea", lambda w: w.document),
    "summary": ("bytea", lambda w: w.summary),
}
_RAW = ("record", "provenance")
_COLUMNS = (*_DESCRIBED, *_RAW, *_STAMPED)
_UNCHANGING = frozenset({"id", "source", "upstream_id", "created_at"})

# One JSON document for the short columns, arrays for those that are binary or known late. Measured against one array
# per column, this saves the client more time than it costs the server.
_ROWS = f"""
ROWS FROM (
    json_to_recordset($1::json) AS ({", ".join(f"{name} {kind}" for name, kind in _DESCRIBED.items())}),
    unnest($2::bytea[]), unnest($3::bytea[]),
    {", ".join(f"unnest(${i}::{kind}[])" for i, (kind, _) in enumerate(_STAMPED.values(), 4))}
) AS n({", ".join(_COLUMNS)})
"""

# For bills that had no row to lock. If another worker has inserted one meanwhile, it may hold that row and wait for the
# change log, which this transaction holds. DO NOTHING, unlike DO UPDATE, does not lock that row; the id missing in the
# result shows the conflict.
INSERT = f"""
INSERT INTO bill AS b ({", ".join(_COLUMNS)}) SELECT {", ".join(f"n.{name}" for name in _COLUMNS)} FROM {_ROWS}
ON CONFLICT DO NOTHING RETURNING b.id
"""

# For bills that this transaction has locked; the condition repeats what was decided on the locked rows. No upsert: each
# attempt to insert would use up an ordinal.
_UPDATE = f"""
UPDATE bill AS b SET {", ".join(f"{name} = n.{name}" for name in _COLUMNS if name not in _UNCHANGING)} FROM {_ROWS}
WHERE b.id = n.id AND b.created_at = n.created_at AND b.version {{0}} n.version AND b.read_seq <= n.read_seq
RETURNING b.id
"""
UPDATE = _UPDATE.format("<")

# For bills that are rewritten without a new version.
REWRITE = _UPDATE.format("=")


class Rows:
    """The parameters of `INSERT`, `UPDATE` or `REWRITE`. Those that do not depend on stamps are built at once."""

    def __init__(self, bills: Sequence[WrittenBill]) -> None:
        self.bills = bills
        short, records, provenances = zip(*(bill.early for bill in bills), strict=True) if bills else ((), (), ())
        self._early = (orjson.dumps(short).decode(), list(records), list(provenances))

    def arguments(self) -> list[Any]:
        """The parameters in the order of the placeholders. Every bill must have its stamp."""
        return [*self._early, *([value(bill) for bill in self.bills] for _, value in _STAMPED.values())]
