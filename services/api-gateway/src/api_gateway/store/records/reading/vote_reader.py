"""Reads votings and members' votes by keyset, newest first unless asked otherwise."""

from dataclasses import dataclass
from datetime import date

from api_gateway.store.bills.bill_reader import READ_WHOLE, HistoryPage
from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.list_conditions import Conditions
from api_gateway.store.records.reading.record_reader import Key, RecordPage
from api_gateway.store.records.vote_rows import OPTIONS


@dataclass(frozen=True, slots=True)
class VoteEventFilter:
    """Votings that match all that is set; days are Brasília's, both included. `nominal_unknown` selects votings of
    which the source does not say. `bill_ids`: about any of these bills. With `legislator_id` only votings in which that
    member's vote is known, and with `options` only where it is one of these.
    """

    house: str | None = None
    organization_id: str | None = None
    bill_ids: tuple[str, ...] = ()
    event_id: str | None = None
    purposes: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    nominal: bool | None = None
    nominal_unknown: bool = False
    plenary: bool | None = None
    since: date | None = None
    until: date | None = None
    legislator_id: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberVoteItem:
    """A member's vote in one voting; `summary` is the voting as a list item. `option` is a word of `VoteOption`."""

    vote_event_id: str
    option: str
    party: str | None
    state: str | None
    summary: bytes


@dataclass(frozen=True, slots=True)
class MemberVotePage:
    """A member's votes with the key of each; `more` where others follow."""

    items: list[MemberVoteItem]
    keys: list[Key]
    more: bool


_LIST = """
SELECT v.id, {at} AS sort_at, r.summary FROM {tables} JOIN record r ON r.id = v.id
WHERE r.removed_at IS NULL AND {conditions} ORDER BY {at} {order}, v.id {order} LIMIT $1
"""
_ABOUT = "SELECT DISTINCT vote_event_id, sort_at FROM vote_event_bill WHERE bill_id = ANY({}::text[])"
_KEY = "(SELECT k.key FROM legislator_key k WHERE k.id = {})"
_OF_BILL = f"""
SELECT b.id, v.items, v.total, {READ_WHOLE} AS read_whole FROM bill b CROSS JOIN LATERAL (
    SELECT (SELECT array_agg(p.document ORDER BY p.sort_at, p.vote_event_id) FROM (
                SELECT convert_from(r.document, 'UTF8') AS document, x.sort_at, x.vote_event_id
                FROM (SELECT DISTINCT vote_event_id, sort_at FROM vote_event_bill WHERE bill_id = b.id) AS x
                JOIN record r ON r.id = x.vote_event_id WHERE r.removed_at IS NULL
                ORDER BY x.sort_at, x.vote_event_id OFFSET $2 LIMIT $3) AS p) AS items,
           (SELECT count(DISTINCT x.vote_event_id) FROM vote_event_bill x JOIN record r ON r.id = x.vote_event_id
            WHERE x.bill_id = b.id AND r.removed_at IS NULL) AS total
) AS v WHERE b.id = $1
"""
_OF_MEMBER = """
SELECT v.id, m.vote_key, m.option, m.party, m.state, m.sort_at, r.summary
FROM member_vote m JOIN vote_event v ON v.key = m.vote_key JOIN record r ON r.id = v.id
WHERE r.removed_at IS NULL AND {conditions} ORDER BY m.sort_at DESC, m.vote_key DESC LIMIT $1
"""
_COUNT = """
SELECT count(*) AS n FROM member_vote WHERE legislator_key = (SELECT key FROM legislator_key WHERE id = $1)
"""


async def list_vote_events(
    database: Database, wanted: VoteEventFilter, *, after: Key | None, limit: int, oldest_first: bool = False
) -> RecordPage:
    """Votings by instant; `after` is the key (`sort_at`, id) of the last one of the page before."""
    where, tables, at = Conditions(limit + 1), "vote_event v", "v.sort_at"
    if wanted.legislator_id is not None:
        tables, at = "member_vote m JOIN vote_event v ON v.key = m.vote_key", "m.sort_at"
        where.add("m.legislator_key = " + _KEY, wanted.legislator_id)
        options = [place for place, option in enumerate(OPTIONS) if option.value in wanted.options]
        if wanted.options:
            where.add("m.option = ANY({}::smallint[])", options)
        if wanted.bill_ids:
            where.add(f"v.id IN (SELECT b.vote_event_id FROM ({_ABOUT}) AS b)", list(wanted.bill_ids))
    elif wanted.bill_ids:
        about = _ABOUT.format(where.place(list(wanted.bill_ids)))
        tables, at = f"({about}) AS b JOIN vote_event v ON v.id = b.vote_event_id", "b.sort_at"
    where.add_known("v.house = {}", wanted.house)
    where.add_known("v.organization_id = {}", wanted.organization_id)
    where.add_known("v.event_id = {}", wanted.event_id)
    where.add_known("v.purpose = ANY({}::text[])", wanted.purposes)
    where.add_known("v.result = ANY({}::text[])", wanted.results)
    where.add_known("v.plenary = {}", wanted.plenary)
    if wanted.nominal is not None:
        where.add("v.nominal" if wanted.nominal else "NOT v.nominal")
    elif wanted.nominal_unknown:
        where.add("v.nominal IS NULL")
    where.add_days(at, wanted.since, wanted.until)
    if after is not None:
        where.add(f"({at}, v.id) {'>' if oldest_first else '<'} ({{}}, {{}})", *after)
    sql = _LIST.format(tables=tables, at=at, conditions=where.sql, order="ASC" if oldest_first else "DESC")
    rows = await database.rows(sql, where.values)
    kept = rows[:limit]
    return RecordPage([row["summary"] for row in kept], [(r["sort_at"], r["id"]) for r in kept], len(rows) > limit)


async def load_bill_votes(database: Database, bill_id: str, *, offset: int, limit: int) -> HistoryPage | None:
    """Whole documents of the votings of a bill, oldest first, as JSON texts. None if there is no such bill."""
    row = await database.row(_OF_BILL, [bill_id, offset, limit], fixed=True)
    return None if row is None else HistoryPage(row["items"] or [], row["total"], row["read_whole"])


async def list_member_votes(
    database: Database,
    legislator_id: str,
    *,
    after: Key | None,
    limit: int,
    since: date | None = None,
    until: date | None = None,
) -> MemberVotePage:
    """A member's votes, newest first; `after` is the key (`sort_at`, `vote_key`) of the last one of the page before."""
    where = Conditions(limit + 1)
    where.add("m.legislator_key = " + _KEY, legislator_id)
    where.add_days("m.sort_at", since, until)
    if after is not None:
        where.add("(m.sort_at, m.vote_key) < ({}, {})", *after)
    rows = await database.rows(_OF_MEMBER.format(conditions=where.sql), where.values)
    kept = rows[:limit]
    items = [MemberVoteItem(r["id"], OPTIONS[r["option"]].value, r["party"], r["state"], r["summary"]) for r in kept]
    return MemberVotePage(items, [(r["sort_at"], r["vote_key"]) for r in kept], len(rows) > limit)


async def count_member_votes(database: Database, legislator_id: str) -> int:
    """Number of votes of a member."""
    row = await database.row(_COUNT, [legislator_id], fixed=True)
    return int(row["n"]) if row else 0
