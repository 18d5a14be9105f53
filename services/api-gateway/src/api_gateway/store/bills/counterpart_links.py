"""Links the records that the two houses have of one bill, whichever is stored first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence, Set
from typing import Any

from legis.domain.bill import Bill
from legis.domain.identity.counterparts import CounterpartMatch, candidate_labels, match
from legis.domain.identity.source_registry import counterpart_of

from api_gateway.documents.derive import label_key
from api_gateway.store.bill_state.apply_observations import BillState
from api_gateway.store.bills.bill_columns import ARRAY_OF, joined
from api_gateway.store.database.connections import Connection

DECIDING = frozenset(
    {"type_code", "number", "number_text", "year", "identifier", "other_identifiers", "counterpart_hints", "title",
     "sponsorships", "sponsors_text", "chamber", "originating_chamber", "chamber_role", "introduced_on", "legacy_id"}
)  # fmt: skip
"""Fields whose change may create or break a link."""

# One look-up per label: for many labels at once, PostgreSQL expects so many bills that it reads the whole table.
_CANDIDATES = """
SELECT DISTINCT b.id, b.source, b.labels, b.record
FROM unnest($1::text[]) AS l(label) JOIN bill b ON b.labels @> ARRAY[l.label] WHERE b.source = ANY($2::text[])
"""

_DROP = """
DELETE FROM bill_counterpart c
WHERE (c.bill_id = ANY($1::text[]) OR c.counterpart_id = ANY($1::text[]))
  AND NOT EXISTS (SELECT FROM unnest($2::text[], $3::text[]) AS n(a, b)
                  WHERE (n.a = c.bill_id AND n.b = c.counterpart_id) OR (n.b = c.bill_id AND n.a = c.counterpart_id))
"""

_PUT = f"""
INSERT INTO bill_counterpart (bill_id, counterpart_id, rule, confidence, evidence)
SELECT n.bill_id, n.counterpart_id, n.rule, n.confidence, {ARRAY_OF.format("evidence")}
FROM unnest($1::text[], $2::text[], $3::text[], $4::double precision[], $5::text[])
     AS n(bill_id, counterpart_id, rule, confidence, evidence)
ON CONFLICT (bill_id, counterpart_id) DO UPDATE SET
    rule = excluded.rule, confidence = excluded.confidence, evidence = excluded.evidence
"""


def needs_linking(state: BillState) -> bool:
    """Whether the new versions of a bill may change its links."""
    logged = (draft.diff.unlogged_fields.union(draft.diff.fields) for draft in state.drafts)
    return state.created or any(not DECIDING.isdisjoint(fields) for fields in (state.unlogged_fields, *logged))


async def relink(connection: Connection, states: Sequence[BillState]) -> None:
    """Computes the links of these bills again in both directions, and those of their partners: what was a partner's
    best match may not be the best any more.

    To be called after the bills are written and before another worker may commit bills: so if two workers store the two
    records of one bill, the later one sees the other's.
    """
    bills = {state.bill_id: state.now.snapshot.bill for state in states if needs_linking(state)}
    found, met = await _matched(connection, bills.values())
    partners = {link.counterpart_id: met[link.counterpart_id] for link in found if link.counterpart_id not in bills}
    theirs, _ = await _matched(connection, partners.values())
    links = _mutual([*found, *theirs], {*bills, *partners})
    known = [state.bill_id for state in states if needs_linking(state) and not state.created]
    if known or partners:
        ends = [link.bill_id for link in links], [link.counterpart_id for link in links]
        await connection.execute(_DROP, sorted({*known, *partners}), *ends)
    if links:
        await connection.execute(_PUT, *_columns(links))


async def _matched(connection: Connection, bills: Collection[Bill]) -> tuple[list[CounterpartMatch], dict[str, Bill]]:
    """The links of these bills as seen from their side, and all candidates by id. At most one statement."""
    labels_of = {bill.id: frozenset(label_key(label) for label in candidate_labels(bill)) for bill in bills}
    candidates = await _candidates(connection, bills, frozenset().union(*labels_of.values())) if bills else {}
    links = [link for bill in bills for link in match(bill, _of(labels_of[bill.id], candidates))]
    return links, {bill.id: bill for some in candidates.values() for bill in some}


def _mutual(links: Sequence[CounterpartMatch], computed: Set[str]) -> list[CounterpartMatch]:
    """The links that both sides agree on, where both sides were computed."""
    seen = {(link.bill_id, link.counterpart_id) for link in links}
    return [
        link for link in links if link.counterpart_id not in computed or (link.counterpart_id, link.bill_id) in seen
    ]


async def _candidates(connection: Connection, bills: Iterable[Bill], labels: frozenset[str]) -> dict[str, list[Bill]]:
    """Possible counterparts by label. One statement."""
    if not labels:
        return {}
    others = sorted({other.value for bill in bills if (other := counterpart_of(bill.source))})
    found: defaultdict[str, list[Bill]] = defaultdict(list)
    for row in await connection.fetch(_CANDIDATES, sorted(labels), others):
        bill = Bill.model_validate_json(row["record"])
        for label in labels.intersection(row["labels"]):
            found[label].append(bill)
    return found


def _of(labels: Iterable[str], candidates: dict[str, list[Bill]]) -> list[Bill]:
    return list({bill.id: bill for label in sorted(labels) for bill in candidates.get(label, ())}.values())


def _columns(links: Sequence[CounterpartMatch]) -> list[list[Any]]:
    rows: dict[tuple[str, str], tuple[Any, ...]] = {}
    for link in links:
        value = (link.rule.value, link.confidence, joined(link.evidence))
        rows[link.bill_id, link.counterpart_id] = value
        rows[link.counterpart_id, link.bill_id] = value
    ordered = [(*key, *value) for key, value in sorted(rows.items())]
    return [list(column) for column in zip(*ordered, strict=True)]
