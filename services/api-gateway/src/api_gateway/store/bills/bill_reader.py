"""Reads single bills: the whole document, its histories and its counterparts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from legis.domain.identity.evidence import EvidencePart, evidence_part

from api_gateway.store.database.reader import Database

RESOLVE_LIMIT = 100
"""Bills returned for one reference, counterparts included."""


@dataclass(frozen=True, slots=True)
class CounterpartLink:
    """The other house's record of a bill, with the rule and the evidence that link the two."""

    id: str
    source: str
    identifier: str
    title: str | None
    rule: str
    confidence: float
    evidence: list[str]
    evidence_parts: list[EvidencePart]


@dataclass(frozen=True, slots=True)
class StoredBill:
    """A bill as it was rendered when it was written (`document`, without counterparts), and its current links."""

    document: bytes
    version: int
    change_seq: int
    created_at: datetime
    changed_at: datetime
    counterparts: tuple[CounterpartLink, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A part of a bill's history: rendered entries, oldest first, the total number of entries, and whether the bill was
    read whole; if not, entries may be missing.
    """

    items: list[str]
    total: int
    read_whole: bool


READ_WHOLE = "convert_from(b.provenance, 'UTF8')::jsonb ? 'DETAIL'"
"""Condition on a row `b` of `bill`: the details of the bill were read, not only its row in a list or file.
The same rule as that of the flag NOT_READ_WHOLE in `documents.render`.
"""

_DETAIL = """
SELECT b.document, b.version, b.change_seq, b.created_at, b.changed_at,
       o.id, o.source, o.identifier, convert_from(o.summary, 'UTF8')::jsonb ->> 'title' AS title,
       c.rule, c.confidence, c.evidence
FROM bill b
LEFT JOIN bill_counterpart c ON c.bill_id = b.id
LEFT JOIN bill o ON o.id = c.counterpart_id
WHERE b.id = $1
ORDER BY c.confidence DESC, o.id
"""


_WITH_COUNTERPARTS = """
WITH hit AS (SELECT id, place FROM unnest($1::text[]) WITH ORDINALITY AS h(id, place)), whole AS (
    SELECT id, 0 AS rank, place FROM hit
    UNION ALL
    SELECT c.counterpart_id, 1, hit.place FROM hit JOIN bill_counterpart c ON c.bill_id = hit.id
)
SELECT b.summary
FROM (SELECT id, min(rank) AS rank, min(place) AS place FROM whole GROUP BY id) AS w JOIN bill b USING (id)
ORDER BY w.rank, w.place, b.id LIMIT $2
"""
_LABELS = "SELECT id, identifier FROM bill WHERE id = ANY($1::text[]) AND identifier <> ''"


async def load_bill(database: Database, bill_id: str) -> StoredBill | None:
    """One bill with its links, or None. One statement."""
    rows = await database.rows(_DETAIL, [bill_id], fixed=True)
    if not rows:
        return None
    first = rows[0]
    links = tuple(
        CounterpartLink(
            r["id"],
            r["source"],
            r["identifier"],
            r["title"],
            r["rule"],
            r["confidence"],
            r["evidence"],
            [evidence_part(text) for text in r["evidence"]],
        )
        for r in rows
        if r["id"] is not None
    )
    return StoredBill(
        first["document"], first["version"], first["change_seq"], first["created_at"], first["changed_at"], links
    )


async def load_history(
    database: Database, bill_id: str, field: str, *, offset: int, limit: int, kinds: Sequence[str] = ()
) -> HistoryPage | None:
    """Entries of a history from `offset` on, only of the given kinds if there are any. None if there is no such
    bill.
    """
    kept = " WHERE i.item::jsonb ->> 'kind' = ANY($5::text[])" if kinds else ""
    row = await database.row(
        f"""
        SELECT (SELECT array_agg(n.item ORDER BY n.place)
                FILTER (WHERE n.place > $3::int AND n.place <= $4::int)
                FROM (SELECT i.item, row_number() OVER (ORDER BY i.place) AS place
                      FROM unnest(h.items) WITH ORDINALITY AS i(item, place){kept}) AS n) AS items,
               (SELECT count(*) FROM unnest(h.items) AS i(item){kept}) AS total,
               {READ_WHOLE} AS read_whole
        FROM bill b LEFT JOIN bill_history h ON h.bill_id = b.id AND h.field = $2 WHERE b.id = $1
        """,
        [bill_id, field, offset, offset + limit, *([list(kinds)] if kinds else [])],
    )
    return None if row is None else HistoryPage(row["items"] or [], row["total"], row["read_whole"])


async def load_with_counterparts(database: Database, ids: Sequence[str]) -> list[bytes]:
    """Summaries of these bills in this order, followed by those of their counterparts. One statement."""
    rows = await database.rows(_WITH_COUNTERPARTS, [list(ids), RESOLVE_LIMIT], fixed=True)
    return [row["summary"] for row in rows]


async def load_labels(database: Database, ids: Sequence[str]) -> dict[str, str]:
    """The labels of these bills, such as `PL 2630/2020`, by id, without bills that are not stored. One statement."""
    rows = await database.rows(_LABELS, [list(ids)], fixed=True)
    return {row["id"]: row["identifier"] for row in rows}
