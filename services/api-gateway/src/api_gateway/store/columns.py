"""The statement that writes bills, and the values of its columns."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from legis.domain.bill import Bill
from legis.domain.search_text import fold

from api_gateway.documents import render
from api_gateway.documents.derive import Derived
from api_gateway.documents.render import Stamp
from api_gateway.store.bill_state import BillState, provenance_bytes, provenance_list
from api_gateway.store.terms import names_searched, terms
from api_gateway.store.undated import NEVER

SEPARATOR = "\x1f"
"""Joins the elements of an array in a parameter, since arrays of arrays would have to be of equal length."""

_SEARCHED = 20_000
"""Characters of text behind the title that are searched; far below the limit of a text search vector."""

_SPONSORS_SEARCHED = 600
"""More than there are seats in either house."""


class WrittenBill:
    """All that a row is made of. The stamp comes last, when the change log is locked; all else is ready by then."""

    def __init__(self, state: BillState) -> None:
        snapshot = state.now.snapshot
        self.state = state
        self.bill = snapshot.bill
        self.derived = snapshot.derived
        self.stamp: Stamp | None = None
        self._document = render.document_body(snapshot.content, provenance_list(state.now.provenance))
        self._summary = render.summary_body(snapshot.content, snapshot.derived)
        self.early = (described(self), orjson.dumps(snapshot.said), provenance_bytes(state.now.provenance))
        """The columns that are known before the stamp: those of `described`, the record, the provenance."""

    @property
    def sealed(self) -> Stamp:
        """The stamp of the last version."""
        if self.stamp is None:
            raise LookupError(f"{self.state.bill_id} has no stamp yet")
        return self.stamp

    @property
    def document(self) -> bytes:
        """The finished detail."""
        return render.seal_document(self._document, self.sealed)

    @property
    def summary(self) -> bytes:
        """The finished list item."""
        return render.seal_summary(self._summary, self.sealed)


def joined(values: Sequence[str]) -> str:
    """Elements as one parameter; an element cannot hold the separator, which upstream text is freed of."""
    return SEPARATOR.join(value.replace(SEPARATOR, " ") for value in values)


ARRAY_OF = f"string_to_array(n.{{0}}, E'\\x{ord(SEPARATOR):02x}')"


@lru_cache(65_536)
def _fold_word(word: str) -> str:
    return fold(word)


def folded(text: str) -> str:
    """What `fold` gives, but for the width of blanks. Bills share their words, so each is folded once."""
    return " ".join(map(_fold_word, text.split()))


def names_text(written: WrittenBill) -> str:
    """The labels in every way that somebody may type them: whole, and as type, number and year."""
    bill = written.bill
    return folded(" ".join((*written.derived.labels, bill.type_code, bill.number_text or "", str(bill.year or ""))))


def other_text(bill: Bill) -> str:
    """What is searched behind labels and title."""
    words = (bill.nickname, *bill.keywords, *(subject.name for subject in bill.subjects), bill.abstract)
    return folded(" ".join(word for word in words if word)[:_SEARCHED])


def terms_of(bill: Bill, derived: Derived, urns: Sequence[str]) -> list[str]:
    """What the bill can be filtered by."""
    return terms(
        type=(bill.type_code, "OTHER") if bill.type == "OTHER" else bill.type_code,
        number=bill.number,
        year=bill.year,
        chamber=bill.chamber,
        status=derived.status,
        in_progress=bill.in_progress,
        organization=derived.organization,
        party=derived.parties,
        state=derived.states,
        subject=derived.subjects,
        label=derived.labels,
        urn=urns,
        author=names_searched(sponsor.name for sponsor in bill.sponsorships[:_SPONSORS_SEARCHED]),
    )


def described(written: WrittenBill) -> dict[str, Any]:
    """The columns that are known before the stamp, by name, as `_DESCRIBED` types them."""
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
        "in_progress": bill.in_progress,
        "organization": derived.organization,
        "introduced_on": bill.introduced_on or NEVER.date(),
        "last_action_at": derived.last_action_at or NEVER,
        "parties": derived.parties,
        "states": derived.states,
        "subjects": derived.subjects,
        "urns": urns,
        "names": names_text(written),
        "title": folded((bill.title or "")[:_SEARCHED]),
        "others": other_text(bill),
        "terms": terms_of(bill, derived, urns),
        "fingerprint": str(now.fingerprint),
        "read_seq": now.read_seq,
        "source_at": written.state.source_at,
        "pending_fingerprint": now.pending_fingerprint,
        "pending_at": now.pending_at,
        "last_seen_at": written.state.seen_at,
    }


_DESCRIBED = {
    "id": "text", "source": "text", "upstream_id": "text", "legacy_id": "text", "chamber": "text", "type": "text",
    "type_code": "text", "number": "integer", "year": "integer", "identifier": "text", "labels": "text[]",
    "status": "text", "in_progress": "boolean", "organization": "text", "introduced_on": "date",
    "last_action_at": "timestamptz", "parties": "text[]", "states": "text[]", "subjects": "text[]", "urns": "text[]",
    "names": "text", "title": "text", "others": "text", "terms": "text[]", "fingerprint": "text", "read_seq": "bigint",
    "source_at": "timestamptz", "pending_fingerprint": "text", "pending_at": "timestamptz",
    "last_seen_at": "timestamptz",
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
_COMPUTED = {
    "search": "setweight(to_tsvector('legis', n.names), 'A') || setweight(to_tsvector('legis', n.title), 'B')"
    " || setweight(to_tsvector('legis', n.others), 'C') || array_to_tsvector(n.terms)",
}
_RAW = ("record", "provenance")
_ONLY_SEARCHED = frozenset({"names", "title", "others", "terms"})
_COLUMNS = {
    **{name: f"n.{name}" for name in (*_DESCRIBED, *_RAW, *_STAMPED) if name not in _ONLY_SEARCHED},
    **_COMPUTED,
}
_UNCHANGING = frozenset({"id", "source", "upstream_id", "created_at"})

# One document for what is short, arrays beside it for what is binary or comes late: measured against one array a
# column, it saves the client more than it costs the server.
_WRITE = f"""
INSERT INTO bill AS b ({", ".join(_COLUMNS)})
SELECT {", ".join(_COLUMNS.values())}
FROM ROWS FROM (
    json_to_recordset($1::json) AS ({", ".join(f"{name} {kind}" for name, kind in _DESCRIBED.items())}),
    unnest($2::bytea[]), unnest($3::bytea[]),
    {", ".join(f"unnest(${i}::{kind}[])" for i, (kind, _) in enumerate(_STAMPED.values(), 4))}
) AS n({", ".join((*_DESCRIBED, *_RAW, *_STAMPED))})
"""

# For bills that were not there to be locked. Whoever made one meanwhile may hold its row and wait for the change log,
# which this transaction holds: so do not wait for the row, only notice it.
INSERT = _WRITE + "ON CONFLICT DO NOTHING RETURNING b.id"

# For bills that this transaction has locked; the guard repeats what was decided on the locked rows.
UPSERT = f"""{_WRITE}
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in _UNCHANGING)}
WHERE b.created_at = excluded.created_at AND b.version < excluded.version AND b.read_seq <= excluded.read_seq
RETURNING b.id
"""


class Rows:
    """The parameters of `INSERT` or `UPSERT`; all that can be made before the stamps is made at once."""

    def __init__(self, bills: Sequence[WrittenBill]) -> None:
        self.bills = bills
        short, records, provenances = zip(*(bill.early for bill in bills), strict=True) if bills else ((), (), ())
        self._early = (orjson.dumps(short).decode(), list(records), list(provenances))

    def arguments(self) -> list[Any]:
        """The parameters in the order of the placeholders; every bill must have its stamp."""
        return [*self._early, *([value(bill) for bill in self.bills] for _, value in _STAMPED.values())]
