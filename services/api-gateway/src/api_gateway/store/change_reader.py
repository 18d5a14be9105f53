"""The change log as readers see it: in order of `seq`, whole or of the bills that a filter matches."""

from dataclasses import dataclass
from datetime import datetime

from api_gateway.store.bill_filter import BillFilter
from api_gateway.store.conditions import Arguments, where
from api_gateway.store.database import Database
from api_gateway.store.match import Match
from api_gateway.store.page_ways import gathered

LOG_SLICE = 5000
"""Entries of the log that one filtered page looks at: such a page may be short, but is never slow."""

FEW_BILLS = 2000
"""So many bills' own entries may be looked up for one page."""

VERSIONS_LIMIT = 1000
"""Later versions that one past reading is folded back over; more than any bill has had."""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Entries after a position, and the position to go on from: `next_after` moves even where nothing matched."""

    documents: list[bytes]
    seqs: list[int]
    next_after: int
    more: bool


@dataclass(frozen=True, slots=True)
class PastChange:
    """What undoing one change takes: the old values as JSON, and what the record was stamped with before and after."""

    seq: int
    version: int
    kind: str
    changed_at: datetime
    before: bytes


async def load_changes(database: Database, match: Match | None, *, after: int, limit: int) -> ChangePage:
    """At most `limit` entries with `seq` above `after`, in order, of the bills that match now; None asks for all.

    One statement; another where a slice of the log gave less than a page and few bills match: then their own entries
    are looked up instead, so that a rare filter need not be followed through the whole log slice by slice.
    """
    if match is None:
        return await _unfiltered(database, after, limit)
    page = await _of_a_slice(database, match.asked, after, limit)
    if page.more and len(page.seqs) < limit and _matches_few(match):
        return await _of_few(database, match, after, limit)
    return page


async def _unfiltered(database: Database, after: int, limit: int) -> ChangePage:
    rows = await database.rows(
        "SELECT seq, document FROM bill_change WHERE seq > $1 ORDER BY seq LIMIT $2", [after, limit + 1]
    )
    page = rows[:limit]
    seqs = [row["seq"] for row in page]
    return ChangePage([row["document"] for row in page], seqs, seqs[-1] if seqs else after, len(rows) > limit)


async def _of_a_slice(database: Database, asked: BillFilter, after: int, limit: int) -> ChangePage:
    arguments = Arguments()
    start = arguments.bind(after)
    seen = f"SELECT max(seq) AS last, count(*) = {LOG_SLICE} AS more FROM ({_slice('seq', start)}) AS s"
    # entry by entry, until the page is full: OFFSET 0 keeps all bills that match from being gathered for a join
    matching = (
        f"SELECT s.seq FROM ({_slice('seq, bill_id', start)}) AS s CROSS JOIN LATERAL ("
        f"SELECT FROM bill b WHERE b.id = s.bill_id AND {where(asked, arguments)} OFFSET 0) AS b ORDER BY s.seq"
    )
    return await _found(database, seen, matching, arguments, after, limit)


async def _of_few(database: Database, match: Match, after: int, limit: int) -> ChangePage:
    arguments = Arguments()
    start = arguments.bind(after)
    seen = "SELECT max(seq) AS last, false AS more FROM bill_change"
    matching = (
        f"SELECT c.seq FROM ({gathered(match, arguments, 'b.id')}) AS b"
        f" JOIN bill_change c ON c.bill_id = b.id WHERE c.seq > {start} ORDER BY c.seq"
    )
    return await _found(database, seen, matching, arguments, after, limit)


def _matches_few(match: Match) -> bool:
    if match.has_phrase:  # the order of its words would have to be looked at in each bill
        return False
    return bool(match.asked.ids) or (bool(match.by_terms) and match.share * match.frequencies.bills <= FEW_BILLS)


async def _found(
    database: Database, seen: str, matching: str, arguments: Arguments, after: int, limit: int
) -> ChangePage:
    """The page of the entries `matching` gives in order; `seen` says how far was looked, and whether there is more."""
    rows = await database.rows(
        f"""
        WITH seen AS ({seen}), page AS ({matching} LIMIT {arguments.bind(limit + 1)})
        SELECT seen.last, seen.more, c.seq, c.document
        FROM seen LEFT JOIN (page JOIN bill_change c ON c.seq = page.seq) ON true ORDER BY c.seq
        """,
        arguments.values,
    )
    found = [row for row in rows if row["seq"] is not None]
    documents, seqs = [row["document"] for row in found[:limit]], [row["seq"] for row in found[:limit]]
    if len(found) > limit:
        return ChangePage(documents, seqs, seqs[-1], True)
    last = rows[0]["last"]
    return ChangePage(documents, seqs, after if last is None else max(after, last), rows[0]["more"])


def _slice(columns: str, start: str) -> str:
    return f"SELECT {columns} FROM bill_change WHERE seq > {start} ORDER BY seq LIMIT {LOG_SLICE}"


async def load_versions(database: Database, bill_id: str, *, after: int, limit: int) -> tuple[bool, list[bytes]]:
    """Whether the bill exists, and its changes from version `after` + 1 on, oldest first, at most `limit`."""
    rows = await database.rows(
        """
        SELECT c.document FROM bill b LEFT JOIN LATERAL (
            SELECT version, document FROM bill_change WHERE bill_id = b.id AND version > $2 ORDER BY version LIMIT $3
        ) AS c ON true WHERE b.id = $1 ORDER BY c.version
        """,
        [bill_id, after, limit],
    )
    return bool(rows), [row["document"] for row in rows if row["document"] is not None]


async def load_changes_since(database: Database, bill_id: str, instant: datetime) -> list[PastChange]:
    """The last change at or before `instant`, where there was one, and all later ones: newest first."""
    rows = await database.rows(
        """
        (SELECT seq, version, kind, changed_at, before FROM bill_change
         WHERE bill_id = $1 AND changed_at > $2 ORDER BY version DESC LIMIT $3)
        UNION ALL
        (SELECT seq, version, kind, changed_at, ''::bytea FROM bill_change
         WHERE bill_id = $1 AND changed_at <= $2 ORDER BY version DESC LIMIT 1)
        ORDER BY version DESC
        """,
        [bill_id, instant, VERSIONS_LIMIT],
    )
    return [PastChange(r["seq"], r["version"], r["kind"], r["changed_at"], r["before"]) for r in rows]
