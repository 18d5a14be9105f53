"""Links the records of one person in both houses, with rule and evidence; never by a name alone.

Strongest first: a register of one house names the other house's id, and birth date or civil name agree
(HOUSE_REGISTER); a reviewed list has the pair (REVIEWED); birth date, civil name and gender agree and no birth place
contradicts (BIRTH_AND_CIVIL_NAME).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from legis.domain.identity.evidence import sentence
from legis.domain.identity.reviewed_people import REVIEWED
from legis.domain.records.any_record import load_record
from legis.domain.records.legislator import LegislatorRecord

from api_gateway.store.database.connections import Connection
from api_gateway.store.record_state.record_fields import folded
from api_gateway.store.records.record_rows import WrittenRecord
from api_gateway.store.records.row_values import execute_rows

CAMARA_IDS = frozenset({"camara-id", "senado-codigo-na-camara"})
"""Schemes of external ids that name a deputy in the Câmara's numbering."""

BIRTH_AND_CIVIL_NAME = "BIRTH_AND_CIVIL_NAME"

# Two workers that store the two records of one person at once would each miss the other's.
_LOCK = "SELECT pg_advisory_xact_lock(7305004002)"
_CANDIDATES = """
SELECT DISTINCT r.id, r.record FROM legislator l JOIN record r ON r.id = l.id
WHERE r.removed_at IS NULL AND l.id <> ALL($4::text[])
  AND (l.id = ANY($1::text[]) OR l.birth_date = ANY($2::date[]) OR l.folded_civil_name = ANY($3::text[]))
"""
_DROP = """
DELETE FROM legislator_link WHERE legislator_id = ANY($1::text[]) OR other_id = ANY($1::text[])
   OR (legislator_id = ANY($2::text[]) AND other_id = ANY($2::text[]))
"""
_PUT = """
INSERT INTO legislator_link (legislator_id, other_id, rule, evidence)
SELECT n.one, n.other, n.rule, string_to_array(n.evidence, E'\\n')
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS n(one, other, rule, evidence)
ORDER BY n.one, n.other ON CONFLICT (legislator_id, other_id) DO UPDATE SET rule = excluded.rule,
    evidence = excluded.evidence
"""


async def link_people(connection: Connection, written: Sequence[WrittenRecord]) -> None:
    """Computes the links of the legislators of a batch again. Other batches with legislators wait until commit."""
    changed = {w.shown.id: w.shown for w in written if isinstance(w.shown, LegislatorRecord) and not w.state.is_removed}
    gone = [w.state.bill_id for w in written if isinstance(w.shown, LegislatorRecord)]
    if not gone:
        return
    await connection.execute(_LOCK)
    rows = await connection.fetch(
        _CANDIDATES,
        sorted({one for record in changed.values() for one in _named_ids(record)}),
        sorted({record.birth_date for record in changed.values() if record.birth_date}),
        sorted({name for record in changed.values() if (name := folded(record.civil_name))}),
        sorted(gone),
    )
    others = {row["id"]: record for row in rows if isinstance(record := load_record(row["record"]), LegislatorRecord)}
    await connection.execute(_DROP, sorted(gone), sorted(others))
    await execute_rows(connection, _PUT, sorted(_links({**others, **changed})))


def _links(people: Mapping[str, LegislatorRecord]) -> Iterator[tuple[str, str, str, str]]:
    """The links among these people, in both directions. Of two who fit equally well by birth and name, neither is
    linked.
    """
    pairs = [
        (one.id, other.id, *link)
        for one, other in combinations(people.values(), 2)
        if one.house != other.house and (link := link_between(one, other)) is not None
    ]
    times = Counter(key for pair in pairs for key in pair[:2])
    for one, other, rule, evidence in pairs:
        if rule != BIRTH_AND_CIVIL_NAME or times[one] == times[other] == 1:
            yield one, other, rule, evidence
            yield other, one, rule, evidence


def link_between(one: LegislatorRecord, other: LegislatorRecord) -> tuple[str, str] | None:
    """The rule by which two records are one person, and its evidence, one line each; None where none applies."""
    same_birth = one.birth_date is not None and one.birth_date == other.birth_date
    same_name = bool(folded(one.civil_name)) and folded(one.civil_name) == folded(other.civil_name)
    agree = [sentence("BIRTH_DATE", value=one.birth_date)] if same_birth else []
    agree += [sentence("CIVIL_NAME", value=one.civil_name)] if same_name else []
    named = [key for a, b in ((one, other), (other, one)) for key in _named_ids(a) if key == b.id]
    if named and agree:
        return "HOUSE_REGISTER", "\n".join([sentence("REGISTER", value=named[0]), *agree])
    if frozenset({one.id, other.id}) in REVIEWED:
        return "REVIEWED", REVIEWED[frozenset({one.id, other.id})]
    if same_birth and same_name and one.gender and one.gender == other.gender and not _born_elsewhere(one, other):
        return BIRTH_AND_CIVIL_NAME, "\n".join([*agree, sentence("GENDER", value=one.gender)])
    return None


def _named_ids(record: LegislatorRecord) -> list[str]:
    return [f"camara-deputy-{one.identifier}" for one in record.identifiers if one.scheme in CAMARA_IDS]


def _born_elsewhere(one: LegislatorRecord, other: LegislatorRecord) -> bool:
    def place(record: LegislatorRecord) -> tuple[Any, Any]:
        born = record.birth_place
        return (folded(born.municipality) or None, born.state) if born else (None, None)

    return any(a is not None and b is not None and a != b for a, b in zip(place(one), place(other), strict=True))
