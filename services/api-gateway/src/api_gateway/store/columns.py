"""The statement that writes bills, and the values of its columns, each named once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import orjson
from legis.domain.bill import Bill
from legis.domain.search_text import fold

from api_gateway.documents import render
from api_gateway.documents.derive import Derived
from api_gateway.documents.render import Stamp
from api_gateway.store.bill_state import BillState, provenance_bytes, provenance_list

NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""Sorts before every bill that has a date; stands where a sort column has none."""

SEPARATOR = "\x1f"
"""Joins the elements of an array in a parameter, since arrays of arrays would have to be of equal length."""

_SEARCHED = 20_000
"""Characters of text behind the title that are searched; far below the limit of a text search vector."""


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


@dataclass(frozen=True, slots=True)
class _Column:
    """`kind` is the parameter's element type, `value` makes it, `sql` turns the parameter into the column.

    A `late` value needs the stamp.
    """

    name: str
    kind: str
    value: Callable[[WrittenBill], Any]
    sql: str = "n.{0}"
    late: bool = False


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


def authors_text(bill: Bill) -> str:
    """The sponsors' names."""
    return folded(" ".join(sponsor.name for sponsor in bill.sponsorships)[:_SEARCHED])


_SEARCH = (
    "setweight(to_tsvector('legis', n.names), 'A') || setweight(to_tsvector('legis', n.{0}), 'B')"
    " || setweight(to_tsvector('legis', n.others), 'C')"
)

_COLUMNS = (
    _Column("id", "text", lambda w: w.state.bill_id),
    _Column("source", "text", lambda w: w.bill.source.value),
    _Column("upstream_id", "text", lambda w: w.bill.upstream_id),
    _Column("legacy_id", "text", lambda w: w.bill.legacy_id),
    _Column("chamber", "text", lambda w: w.bill.chamber.value if w.bill.chamber else None),
    _Column("type", "text", lambda w: w.bill.type.value),
    _Column("type_code", "text", lambda w: w.bill.type_code),
    _Column("number", "integer", lambda w: w.bill.number),
    _Column("year", "integer", lambda w: w.bill.year),
    _Column("identifier", "text", lambda w: w.bill.identifier),
    _Column("labels", "text", lambda w: joined(w.derived.labels), ARRAY_OF),
    _Column("status", "text", lambda w: w.derived.status.value),
    _Column("in_progress", "boolean", lambda w: w.bill.in_progress),
    _Column("organization", "text", lambda w: w.derived.organization),
    _Column("introduced_on", "date", lambda w: w.bill.introduced_on or date.min),
    _Column("last_action_at", "timestamptz", lambda w: w.derived.last_action_at or NEVER),
    _Column("parties", "text", lambda w: joined(w.derived.parties), ARRAY_OF),
    _Column("states", "text", lambda w: joined(w.derived.states), ARRAY_OF),
    _Column("subjects", "text", lambda w: joined(w.derived.subjects), ARRAY_OF),
    _Column("urns", "text", lambda w: joined(_urns(w.derived)), ARRAY_OF),
    _Column("search", "text", lambda w: folded((w.bill.title or "")[:_SEARCHED]), _SEARCH),
    _Column("author_search", "text", lambda w: authors_text(w.bill), "to_tsvector('simple', n.{0})"),
    _Column("record", "bytea", lambda w: orjson.dumps(w.state.now.snapshot.said)),
    _Column("document", "bytea", lambda w: w.document, late=True),
    _Column("summary", "bytea", lambda w: w.summary, late=True),
    _Column("provenance", "bytea", lambda w: provenance_bytes(w.state.now.provenance)),
    _Column("fingerprint", "text", lambda w: str(w.state.now.fingerprint)),
    _Column("version", "integer", lambda w: w.sealed.version, late=True),
    _Column("change_seq", "bigint", lambda w: w.sealed.change_seq, late=True),
    _Column("read_seq", "bigint", lambda w: w.state.now.read_seq),
    _Column("source_at", "timestamptz", lambda w: w.state.source_at),
    _Column("pending_fingerprint", "text", lambda w: w.state.now.pending_fingerprint),
    _Column("pending_at", "timestamptz", lambda w: w.state.now.pending_at),
    _Column("created_at", "timestamptz", lambda w: w.sealed.created_at, late=True),
    _Column("changed_at", "timestamptz", lambda w: w.sealed.changed_at, late=True),
    _Column("last_seen_at", "timestamptz", lambda w: w.state.seen_at),
    _Column("removed_at", "timestamptz", lambda w: w.sealed.removed_at, late=True),
)
_PARAMETERS = (
    *_COLUMNS,
    _Column("names", "text", names_text),
    _Column("others", "text", lambda w: other_text(w.bill)),
)

_KEPT = frozenset({"id", "source", "upstream_id", "created_at"})

_WRITE = f"""
INSERT INTO bill AS b ({", ".join(c.name for c in _COLUMNS)})
SELECT {", ".join(c.sql.format(c.name) for c in _COLUMNS)}
FROM unnest({", ".join(f"${i}::{c.kind}[]" for i, c in enumerate(_PARAMETERS, 1))})
     AS n({", ".join(c.name for c in _PARAMETERS)})
"""

# For bills that were not there to be locked. Whoever made one meanwhile may hold its row and wait for the change log,
# which this transaction holds: so do not wait for the row, only notice it.
INSERT = _WRITE + "ON CONFLICT DO NOTHING RETURNING b.id"

# For bills that this transaction has locked; the guard repeats what was decided on the locked rows.
UPSERT = f"""{_WRITE}
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{c.name} = excluded.{c.name}" for c in _COLUMNS if c.name not in _KEPT)}
WHERE b.created_at = excluded.created_at AND b.version < excluded.version AND b.read_seq <= excluded.read_seq
RETURNING b.id
"""


class Rows:
    """The parameters of `INSERT` or `UPSERT`, one array a column; all that can be made before the stamps is made at
    once, so that nobody waits for it."""

    def __init__(self, bills: Sequence[WrittenBill]) -> None:
        self.bills = bills
        self._early = {c.name: [c.value(bill) for bill in bills] for c in _PARAMETERS if not c.late}

    def arguments(self) -> list[list[Any]]:
        """The arrays, in the order of the placeholders; every bill must have its stamp."""
        return [self._early.get(c.name) or [c.value(bill) for bill in self.bills] for c in _PARAMETERS]


def _urns(derived: Derived) -> tuple[str, ...]:
    urn = derived.urns.urn_lex
    return derived.urns.aliases if urn is None else (urn, *derived.urns.aliases)
