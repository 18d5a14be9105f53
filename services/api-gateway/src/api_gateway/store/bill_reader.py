"""Single bills: the whole document, its histories, its links, and what a name resolves to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from legis.domain.identifiers import BillLabel

from api_gateway.store.conditions import Arguments, written_label
from api_gateway.store.database import Database
from api_gateway.store.terms import term
from api_gateway.store.tsquery import quoted

RESOLVE_LIMIT = 100
"""Bills that one name may resolve to."""


@dataclass(frozen=True, slots=True)
class CounterpartLink:
    """The other house's record of a bill, with what links the two."""

    id: str
    source: str
    identifier: str
    title: str | None
    rule: str
    confidence: float
    evidence: list[str]


@dataclass(frozen=True, slots=True)
class StoredBill:
    """A bill as rendered when it was written (`document`, without counterparts), and its links of now."""

    document: bytes
    version: int
    change_seq: int
    created_at: datetime
    changed_at: datetime
    counterparts: tuple[CounterpartLink, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Part of a bill's history: rendered entries, oldest first, and how many there are in all."""

    items: list[str]
    total: int


@dataclass(frozen=True, slots=True)
class Reference:
    """What somebody may call a bill by; fields that are set are alternatives."""

    label: BillLabel | None = None
    urn: str | None = None
    id: str | None = None
    source: str | None = None
    upstream_id: str | None = None


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


async def load_bill(database: Database, bill_id: str) -> StoredBill | None:
    """One bill with its links, or None. One statement."""
    rows = await database.rows(_DETAIL, [bill_id], fixed=True)
    if not rows:
        return None
    first = rows[0]
    links = tuple(
        CounterpartLink(r["id"], r["source"], r["identifier"], r["title"], r["rule"], r["confidence"], r["evidence"])
        for r in rows
        if r["id"] is not None
    )
    return StoredBill(
        first["document"], first["version"], first["change_seq"], first["created_at"], first["changed_at"], links
    )


async def load_history(
    database: Database, bill_id: str, field: str, *, offset: int, limit: int, kinds: Sequence[str] = ()
) -> HistoryPage | None:
    """Entries of a history from `offset` on, of the given kinds where some are; None for no such bill."""
    arguments = Arguments()
    bill, name = arguments.bind(bill_id), arguments.bind(field)
    first, last = arguments.bind(offset), arguments.bind(offset + limit)
    kept = f" WHERE i.item::jsonb ->> 'kind' = ANY({arguments.bind(list(kinds))}::text[])" if kinds else ""
    row = await database.row(
        f"""
        SELECT (SELECT array_agg(n.item ORDER BY n.place)
                FILTER (WHERE n.place > {first}::int AND n.place <= {last}::int)
                FROM (SELECT i.item, row_number() OVER (ORDER BY i.place) AS place
                      FROM unnest(h.items) WITH ORDINALITY AS i(item, place){kept}) AS n) AS items,
               (SELECT count(*) FROM unnest(h.items) AS i(item){kept}) AS total
        FROM bill b LEFT JOIN bill_history h ON h.bill_id = b.id AND h.field = {name} WHERE b.id = {bill}
        """,
        arguments.values,
    )
    return None if row is None else HistoryPage(row["items"] or [], row["total"])


async def load_type_codes(database: Database) -> frozenset[str]:
    """Every official type code in the store, by jumping along the index from code to code."""
    rows = await database.rows(
        """
        WITH RECURSIVE code AS (
            (SELECT type_code FROM bill ORDER BY type_code LIMIT 1)
            UNION ALL
            SELECT (SELECT b.type_code FROM bill b WHERE b.type_code > code.type_code ORDER BY b.type_code LIMIT 1)
            FROM code WHERE code.type_code IS NOT NULL
        )
        SELECT type_code FROM code WHERE type_code IS NOT NULL LIMIT 2000
        """
    )
    return frozenset(row["type_code"] for row in rows)


async def resolve(database: Database, reference: Reference) -> list[bytes]:
    """Summaries of the bills that a reference names and of their counterparts in the other house. One statement."""
    arguments = Arguments()
    conditions = _reference_conditions(reference, arguments)
    if not conditions:
        return []
    rows = await database.rows(
        f"""
        WITH hit AS MATERIALIZED (
            SELECT b.id FROM bill b WHERE {" OR ".join(conditions)}
            ORDER BY b.last_action_at DESC, b.id LIMIT {RESOLVE_LIMIT}
        ), whole AS (
            SELECT id, 0 AS rank FROM hit
            UNION ALL SELECT c.counterpart_id, 1 FROM bill_counterpart c WHERE c.bill_id IN (SELECT id FROM hit)
        )
        SELECT b.summary FROM bill b JOIN (SELECT id, min(rank) AS rank FROM whole GROUP BY id) AS w USING (id)
        ORDER BY w.rank, b.last_action_at DESC, b.id LIMIT {RESOLVE_LIMIT}
        """,
        arguments.values,
    )
    return [row["summary"] for row in rows]


def _reference_conditions(reference: Reference, arguments: Arguments) -> list[str]:
    parts: list[str] = []
    label = reference.label
    if label is not None:
        parts.append(f"b.search @@ {arguments.bind(quoted(term('label', written_label(label))))}::text::tsquery")
    if reference.urn is not None:
        parts.append(f"b.search @@ {arguments.bind(quoted(term('urn', reference.urn)))}::text::tsquery")
    if reference.id is not None:
        parts.append(f"b.id = {arguments.bind(reference.id)}")
    if reference.upstream_id is not None:
        source = f"b.source = {arguments.bind(reference.source)} AND " if reference.source else ""
        key = arguments.bind(reference.upstream_id)
        keys = "b.id = ANY(ARRAY['camara-' || {0}, 'senado-' || {0}])".format(f"{key}::text")
        parts.append(f"({source}({keys} OR b.legacy_id = {key}))")
    return parts
