"""Rates of agreement in SQL: two members, a member and a party, two parties; and how united a party votes.

All count votings with `in_agreement` only: plenary, not secret, sound, no duplicate. Options are YES and NO; with
`all_options` ABSTAIN and OBSTRUCTION too.
"""

from dataclasses import dataclass
from datetime import date

from api_gateway.store.database.reader import Database


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


async def agreement_of_members(
    database: Database, one: str, other: str, *, period: Period = Period(), all_options: bool = False
) -> Agreement:
    """How often two legislators chose alike."""
    raise NotImplementedError


async def agreement_member_party(
    database: Database, legislator_id: str, party: str, *, period: Period = Period(), all_options: bool = False
) -> Agreement:
    """How often a legislator chose as the majority of the others who voted for a party; a tie is left out."""
    raise NotImplementedError


async def agreement_parties(
    database: Database, one: str, other: str, *, period: Period = Period(), all_options: bool = False
) -> Agreement:
    """How often the majorities of two parties chose alike; votings with a tie in one of them are left out."""
    raise NotImplementedError


async def rice(database: Database, party: str, *, period: Period = Period()) -> Cohesion:
    """How united the members of a party vote."""
    raise NotImplementedError
