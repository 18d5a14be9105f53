"""Finds legislators and organizations by words of their names, for completions."""

from collections.abc import Sequence
from dataclasses import dataclass

from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.list_conditions import Conditions

_FOUND = """
SELECT n.kind, n.summary FROM (
    (SELECT 'LEGISLATOR' AS kind, r.summary, x.in_office IS NOT TRUE AS former, x.folded_name, x.id
     FROM legislator x JOIN record r ON r.id = x.id WHERE r.removed_at IS NULL AND {legislators}
     ORDER BY former, x.folded_name, x.id LIMIT $1)
    UNION ALL
    (SELECT 'ORGANIZATION', r.summary, x.active IS NOT TRUE AS former, x.folded_name, x.id
     FROM organization x JOIN record r ON r.id = x.id WHERE r.removed_at IS NULL AND {organizations}
     ORDER BY former, x.folded_name, x.id LIMIT $1)
) AS n ORDER BY n.kind, n.former, n.folded_name, n.id
"""


@dataclass(frozen=True, slots=True)
class NamedRecords:
    """List items whose names have the words; present ones first, then by name."""

    legislators: list[bytes]
    organizations: list[bytes]


async def find_by_name(database: Database, words: Sequence[str], limit: int) -> NamedRecords:
    """At most `limit` of each kind. `words` are without case and marks; the last one may be the beginning of a word."""
    people = Conditions(limit)
    people.add_words("x.folded_name || ' ' || coalesce(x.folded_civil_name, '')", words)
    bodies = Conditions(*people.values)
    bodies.add_words("x.folded_name || ' ' || lower(coalesce(x.acronym, ''))", words)
    sql = _FOUND.format(legislators=people.sql, organizations=bodies.sql)
    rows = await database.rows(sql, bodies.values)
    found: dict[str, list[bytes]] = {"LEGISLATOR": [], "ORGANIZATION": []}
    for row in rows:
        found[row["kind"]].append(row["summary"])
    return NamedRecords(found["LEGISLATOR"], found["ORGANIZATION"])
