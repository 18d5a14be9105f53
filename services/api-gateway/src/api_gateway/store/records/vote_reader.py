"""Reads votings and members' votes by keyset, newest first unless asked otherwise."""

from dataclasses import dataclass
from datetime import date

from api_gateway.store.bills.bill_reader import HistoryPage
from api_gateway.store.database.reader import Database
from api_gateway.store.records.record_reader import Key, RecordPage


@dataclass(frozen=True, slots=True)
class VoteEventFilter:
    """Votings that match all that is set; days are Brasília's, both included. `nominal_unknown` selects votings of
    which the source does not say. With `legislator_id` only votings in which that member's vote is known, and with
    `options` only where it is one of these.
    """

    house: str | None = None
    organization_id: str | None = None
    bill_id: str | None = None
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


async def list_vote_events(
    database: Database, wanted: VoteEventFilter, *, after: Key | None, limit: int, oldest_first: bool = False
) -> RecordPage:
    """Votings by instant; `after` is the key (`sort_at`, id) of the last one of the page before."""
    raise NotImplementedError


async def load_bill_votes(database: Database, bill_id: str, *, offset: int, limit: int) -> HistoryPage | None:
    """Whole documents of the votings of a bill, oldest first, as JSON texts. None if there is no such bill."""
    raise NotImplementedError


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
    raise NotImplementedError


async def count_member_votes(database: Database, legislator_id: str) -> int:
    """Number of votes of a member."""
    raise NotImplementedError
