"""A voting of the API: what it was on, what came out, and the same as a row of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.bills.tally import Tally, tally
from api_gateway.site.records.vote_facts import body_name, totals
from api_gateway.site.records.vote_sentence import vote_sentence
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label


@dataclass(frozen=True, slots=True)
class VotedBill:
    """A bill that was voted on. `title` is None where the API has no such bill, or was not asked."""

    text: str
    address: str
    title: str | None
    known: bool


@dataclass(frozen=True, slots=True)
class VotingRow:
    """A voting as a row of a list."""

    address: str
    house: Label
    body: str | None
    date: str | None
    at: str | None
    sentence: str
    description: str | None
    result: Label
    tally: Tally | None
    bills: tuple[VotedBill, ...]
    duplicate: bool


def voting_row(visit: Visit, vote: Mapping[str, Any]) -> VotingRow:
    """The row of one item of a list of votings."""
    words = visit.words
    return VotingRow(
        visit.url(f"/votes/{vote['id']}"),
        words.label("Chamber", vote["house"]),
        body_name(vote.get("organization")),
        vote.get("date"),
        vote.get("at"),
        vote_sentence(visit, vote),
        vote.get("description"),
        words.label("VoteResult", vote["result"]),
        tally(visit, totals(vote)),
        voted_bills(visit, vote.get("bills") or ()),
        bool(vote.get("duplicate_of")),
    )


def voted_bills(
    visit: Visit, bills: Sequence[Mapping[str, Any]], titles: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[VotedBill, ...]:
    """The bills of a voting. `titles` are the API's bills, by id."""
    return tuple(_voted_bill(visit, one, (titles or {}).get(one["id"])) for one in bills)


def _voted_bill(visit: Visit, one: Mapping[str, Any], found: Mapping[str, Any] | None) -> VotedBill:
    text = one.get("identifier") or (found or {}).get("identifier")
    return VotedBill(
        text or visit.words.t("votes.bill_unread"),
        visit.url(f"/bills/{one['id']}"),
        ((found or {}).get("nickname") or (found or {}).get("title")) if found else None,
        bool(text),
    )
