"""A voting of the API: what it was on, what came out, and the same as a row of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.bills.tally import Tally, tally
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label, Words

_FEMININE = frozenset({"PEC", "MPV", "MSC", "MSG", "MSF", "EMC", "EMP", "EMS", "ECD", "SUG", "INC", "INS", "PFC"})
"""Types of bills whose Portuguese name is feminine."""

MEMBERS = {"CAMARA": 513, "SENADO": 81}
"""Seats of each house: Lei Complementar 78/1993, and three for each of 27 federal units (Constitution, article 46)."""


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
    description: str
    purpose: Label
    result: Label
    tally: Tally | None
    bills: tuple[VotedBill, ...]
    duplicate: bool


def voting_row(visit: Visit, vote: Mapping[str, Any]) -> VotingRow:
    """The row of one item of a list of votings."""
    words = visit.words
    purpose = words.label("VotePurpose", vote["purpose"])
    return VotingRow(
        visit.url(f"/votes/{vote['id']}"),
        words.label("Chamber", vote["house"]),
        body_name(vote.get("organization")),
        vote.get("date"),
        vote.get("at"),
        vote.get("description") or purpose.text,
        purpose,
        words.label("VoteResult", vote["result"]),
        tally(visit, totals(vote)),
        voted_bills(visit, vote.get("bills") or ()),
        bool(vote.get("duplicate_of")),
    )


def totals(vote: Mapping[str, Any]) -> Mapping[str, int] | None:
    """The totals that a page says first: those that the house publishes, else those of the votes counted."""
    found: Mapping[str, int] | None = vote.get("counts_published") or vote.get("counts")
    return found


def body_name(body: Mapping[str, Any] | None) -> str | None:
    """The name of a body, or its acronym."""
    return ((body or {}).get("name") or (body or {}).get("acronym")) or None


def voted_bills(
    visit: Visit, bills: Sequence[Mapping[str, Any]], titles: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[VotedBill, ...]:
    """The bills of a voting. `titles` are the API's bills, by id."""
    return tuple(_voted_bill(visit, one, (titles or {}).get(one["id"])) for one in bills)


def needed(vote: Mapping[str, Any]) -> int | None:
    """The votes that were needed, only where the Constitution says it and the record is clear: of the whole house three
    fifths for a constitutional amendment (article 60, § 2), more than half for a complementary law (article 69), when a
    plenary votes on the text. None where this contradicts the result.
    """
    bill_type = subject(vote).partition(" ")[0]
    members = MEMBERS.get(vote.get("house") or "")
    plenary = vote.get("plenary") or is_plenary(vote.get("organization"))
    if members is None or not plenary or vote["purpose"] != "PASSAGE" or bill_type not in ("PEC", "PLP"):
        return None
    least = -(-members * 3 // 5) if bill_type == "PEC" else members // 2 + 1
    yes = (totals(vote) or {}).get("yes") or 0
    agrees = vote["result"] == ("PASSED" if yes >= least else "FAILED")
    return least if agrees else None


def is_plenary(body: Mapping[str, Any] | None) -> bool:
    """Whether a body is the plenary of a house."""
    return ((body or {}).get("acronym") or "") in ("PLEN", "PLENARIO")


def subject(vote: Mapping[str, Any]) -> str:
    """The number of what was voted on; empty where it is not known."""
    known = [one["identifier"] for one in vote.get("bills") or () if one.get("identifier")]
    return vote.get("subject_identifier") or (known[0] if known else "")


def with_article(words: Words, identifier: str) -> str:
    """`o PL 1/2026`, `a PEC 3/2025`; in English without article."""
    if words.short != "pt":
        return identifier
    return f"{'a' if identifier.partition(' ')[0] in _FEMININE else 'o'} {identifier}"


def _voted_bill(visit: Visit, one: Mapping[str, Any], found: Mapping[str, Any] | None) -> VotedBill:
    text = one.get("identifier") or (found or {}).get("identifier")
    return VotedBill(
        text or visit.words.t("votes.bill_unread"),
        visit.url(f"/bills/{one['id']}"),
        ((found or {}).get("nickname") or (found or {}).get("title")) if found else None,
        bool(text),
    )
