"""Rates of agreement in SQL: two members, a member and a party, two parties; and how united a party votes.

All count votings with `in_agreement` only: plenary, not secret, sound, no duplicate. Options are YES and NO; with
`all_options` ABSTAIN and OBSTRUCTION too.
"""

from dataclasses import dataclass
from datetime import date

from legis.domain.voting import VoteOption

from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.list_conditions import Conditions
from api_gateway.store.records.vote_rows import OPTIONS


@dataclass(frozen=True, slots=True)
class Period:
    """Days of Brasília, both included; None: open. `house` limits to one house."""

    since: date | None = None
    until: date | None = None
    house: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """`common` votings in which both chose, `same` of them in which both chose alike; `one_sided` of them in which at
    least 90 % of all members chose alike.
    """

    same: int
    common: int
    one_sided: int


@dataclass(frozen=True, slots=True)
class Cohesion:
    """Rice's index of a party: the mean of |yes − no| / (yes + no) over its `votings` with at least two members' YES or
    NO; None without such votings.
    """

    rice: float | None
    votings: int


_TALLY = "count(*) AS common, count(*) FILTER (WHERE {same}) AS same, count(*) FILTER (WHERE v.one_sided) AS one_sided"
_KEYS = "SELECT id, key FROM legislator_key WHERE id = ANY($1::text[])"
_MEMBERS = f"""
SELECT {_TALLY.format(same="a.option = b.option")}
FROM member_vote a JOIN member_vote b ON b.vote_key = a.vote_key JOIN vote_event v ON v.key = a.vote_key
WHERE v.in_agreement AND {{conditions}}
"""
_MEMBER_PARTY = f"""
SELECT {_TALLY.format(same="a.option = p.choice")}
FROM member_vote a JOIN vote_event v ON v.key = a.vote_key JOIN LATERAL (
    SELECT {{choice}} AS choice FROM (
        SELECT q.yes - (own AND a.option = {OPTIONS.index(VoteOption.YES)})::integer AS yes,
               q.no - (own AND a.option = {OPTIONS.index(VoteOption.NO)})::integer AS no,
               q.abstain - (own AND a.option = {OPTIONS.index(VoteOption.ABSTAIN)})::integer AS abstain,
               q.obstruction - (own AND a.option = {OPTIONS.index(VoteOption.OBSTRUCTION)})::integer AS obstruction
        FROM party_vote q CROSS JOIN LATERAL (SELECT coalesce(a.party = q.party, false) AS own) AS o
        WHERE q.vote_key = a.vote_key AND q.party = {{party}}
    ) AS c
) AS p ON p.choice IS NOT NULL
WHERE v.in_agreement AND {{conditions}}
"""
_PARTIES = f"""
SELECT {_TALLY.format(same="a.choice = b.choice")}
FROM (SELECT c.vote_key, {{choice}} AS choice FROM party_vote c WHERE c.party = {{one}}) AS a
JOIN (SELECT c.vote_key, {{choice}} AS choice FROM party_vote c WHERE c.party = {{other}}) AS b USING (vote_key)
JOIN vote_event v ON v.key = a.vote_key
WHERE a.choice IS NOT NULL AND b.choice IS NOT NULL AND v.in_agreement AND {{conditions}}
"""
_RICE = """
SELECT avg(abs(c.yes - c.no)::float8 / (c.yes + c.no)) AS rice, count(*) AS votings
FROM party_vote c JOIN vote_event v ON v.key = c.vote_key
WHERE c.yes + c.no >= 2 AND v.in_agreement AND {conditions}
"""
_CHOICE = "CASE WHEN c.yes > c.no THEN 0 WHEN c.no > c.yes THEN 1 END"
_ALL_CHOICE = """CASE WHEN c.yes > greatest(c.no, c.abstain, c.obstruction) THEN 0
                 WHEN c.no > greatest(c.yes, c.abstain, c.obstruction) THEN 1
                 WHEN c.abstain > greatest(c.yes, c.no, c.obstruction) THEN 2
                 WHEN c.obstruction > greatest(c.yes, c.no, c.abstain) THEN 3 END"""


async def agreement_of_members(
    database: Database, one: str, other: str, *, period: Period = Period(), all_options: bool = False
) -> Agreement:
    """How often two legislators chose alike."""
    where = _in_period(period)
    keys = await _keys(database, one, other)
    if len(keys) < len({one, other}):
        return Agreement(0, 0, 0)
    where.add("a.legislator_key = {} AND b.legislator_key = {}", keys[one], keys[other])
    where.add("a.option = ANY({}::smallint[]) AND b.option = ANY({}::smallint[])", *2 * [_options(all_options)])
    return await _agreement(database, _MEMBERS.format(conditions=where.sql), where)


async def agreement_member_party(
    database: Database, legislator_id: str, party: str | None, *, period: Period = Period(), all_options: bool = False
) -> Agreement:
    """How often a legislator chose as the majority of the others who voted for a party; a tie is left out. Without a
    party, each vote is compared with the party that the legislator had then.
    """
    where = _in_period(period, *([] if party is None else [party]))
    keys = await _keys(database, legislator_id)
    if not keys:
        return Agreement(0, 0, 0)
    where.add("a.legislator_key = {}", keys[legislator_id])
    where.add("a.option = ANY({}::smallint[])", _options(all_options))
    whose = "a.party" if party is None else "$1"
    sql = _MEMBER_PARTY.format(conditions=where.sql, party=whose, choice=_choice(all_options))
    return await _agreement(database, sql, where)


async def agreement_parties(
    database: Database, one: str, other: str, *, period: Period = Period(), all_options: bool = False
) -> Agreement:
    """How often the majorities of two parties chose alike; votings with a tie in one of them are left out."""
    where = _in_period(period, one, other)
    sql = _PARTIES.format(conditions=where.sql, one="$1", other="$2", choice=_choice(all_options))
    return await _agreement(database, sql, where)


async def rice(database: Database, party: str, *, period: Period = Period()) -> Cohesion:
    """How united the members of a party vote."""
    where = _in_period(period)
    where.add("c.party = {}", party)
    row = await database.row(_RICE.format(conditions=where.sql), where.values)
    return Cohesion(row["rice"], row["votings"]) if row else Cohesion(None, 0)


async def _keys(database: Database, *ids: str) -> dict[str, int]:
    """The small numbers of members with votes. Asked for first: with a number PostgreSQL knows how many votes there
    are, and joins accordingly.
    """
    return {row["id"]: row["key"] for row in await database.rows(_KEYS, [list(ids)], fixed=True)}


async def _agreement(database: Database, sql: str, where: Conditions) -> Agreement:
    row = await database.row(sql, where.values)
    return Agreement(row["same"], row["common"], row["one_sided"]) if row else Agreement(0, 0, 0)


def _in_period(period: Period, *values: str) -> Conditions:
    where = Conditions(*values)
    where.add_known("v.house = {}", period.house)
    where.add_days("v.sort_at", period.since, period.until)
    return where


def _options(all_options: bool) -> list[int]:
    words = [VoteOption.YES, VoteOption.NO]
    words += [VoteOption.ABSTAIN, VoteOption.OBSTRUCTION] if all_options else []
    return [OPTIONS.index(word) for word in words]


def _choice(all_options: bool) -> str:
    return _ALL_CHOICE if all_options else _CHOICE
