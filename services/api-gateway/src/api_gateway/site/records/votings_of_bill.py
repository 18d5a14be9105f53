"""The votings of a bill in both houses, and the newest one with names as a half circle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.api_client import ApiReply
from api_gateway.site.bills.tally import Tally, tally
from api_gateway.site.records.hemicycle import Hemicycle, hemicycle
from api_gateway.site.records.vote_facts import body_name, names_told, numbers_in_words, totals
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label

MOST_VOTES = 5
ASKED_VOTES = 12
"""More than are shown, so that the newest voting with names is often among them."""


@dataclass(frozen=True, slots=True)
class VoteRow:
    """A voting of the bill. `names_told`: its page tells how each member voted."""

    address: str
    house: Label
    result: Label
    purpose: str
    description: str | None
    body: str | None
    date: str | None
    tally: Tally | None
    secret: bool
    names_told: bool


@dataclass(frozen=True, slots=True)
class PicturedVote:
    """A voting with its half circle, drawn of its totals; `title` has every number in words."""

    row: VoteRow
    picture: Hemicycle
    title: str


@dataclass(frozen=True, slots=True)
class BillVotings:
    """The newest voting with names as a picture, where one is among those that the API gave; other votings, newest
    first; the address of all of them where there are more.
    """

    pictured: PicturedVote | None
    rows: tuple[VoteRow, ...]
    all: str | None


def bill_votings(visit: Visit, ids: Sequence[str], votes: Sequence[Mapping[str, Any]], more: bool) -> BillVotings:
    """The votings about any of the bills `ids`, from items of `/vote-events`; `more` where the API has others."""
    pictured_at = next((place for place, one in enumerate(votes) if one.get("nominal") and not one.get("secret")), None)
    pictured = None if pictured_at is None else _pictured(visit, votes[pictured_at])
    others = [one for place, one in enumerate(votes) if pictured is None or place != pictured_at]
    room = MOST_VOTES - (pictured is not None)
    whole = visit.url("/votes", [("bill", one) for one in ids])
    rows = tuple(_row(visit, one) for one in others[:room])
    return BillVotings(pictured, rows, whole if more or len(others) > room else None)


def ids_with_names(votes: ApiReply | None) -> frozenset[str]:
    """The ids of the votings of a reply of `/vote-events` whose page tells how each member voted."""
    return frozenset() if votes is None else frozenset(one["id"] for one in votes.data if names_told(one))


def _pictured(visit: Visit, vote: Mapping[str, Any]) -> PicturedVote | None:
    row = _row(visit, vote)
    if row.tally is None:
        return None
    drawn = hemicycle([(share.shape, share.count) for share in row.tally.shares])
    if drawn is None:
        return None
    counts = [(share.text, share.count) for share in row.tally.shares]
    return PicturedVote(row, drawn, numbers_in_words(visit, vote, counts))


def _row(visit: Visit, vote: Mapping[str, Any]) -> VoteRow:
    return VoteRow(
        visit.url(f"/votes/{vote['id']}"),
        visit.words.label("Chamber", vote["house"]),
        visit.words.label("VoteResult", vote["result"]),
        visit.words.label("VotePurpose", vote["purpose"]).text,
        vote.get("description"),
        body_name(vote.get("organization")),
        vote.get("date"),
        tally(visit, totals(vote)),
        bool(vote.get("secret")),
        names_told(vote),
    )
