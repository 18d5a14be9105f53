"""Who voted what: seats for the picture, and every member by party and option."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.bills.tally import Share, shares_of
from api_gateway.site.records.hemicycle import Hemicycle, hemicycle
from api_gateway.site.records.party_marks import party_colour
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label

OPTIONS = ("YES", "ABSTAIN", "OBSTRUCTION", "PRESENT", "PRESIDING", "SECRET", "OTHER", "NO", "ABSENT")
"""The order of options from the left of the picture; one that is not known yet stands with OTHER."""

FEW = 60
"""Votes below which the picture is small: of a committee, whose seats would stand far apart."""

_SIDES = ("sim", "abst", "nao", "aus")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a vote; `text` is the name and the state. `address` is None where the source names nobody known."""

    text: str
    address: str | None


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Those who chose alike."""

    option: Label
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class PartyVotes:
    """A party as of the day of the voting. `party` is None for those without one."""

    party: str | None
    colour: str | None
    count: int
    shares: tuple[Share, ...]
    groups: tuple[OptionGroup, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture with its legend: each option that somebody chose, with its number."""

    picture: Hemicycle | None
    key: tuple[tuple[Label, int], ...]
    yes: int
    no: int
    few: bool


def chart(visit: Visit, votes: Sequence[Mapping[str, Any]], needed: int | None) -> Chart | None:
    """The picture of the votes; None where there is none."""
    if not votes:
        return None
    key = _counted(visit, votes)
    by_side = Counter[str]()
    for label, count in key:
        by_side[label.shape] += count
    picture = hemicycle([(side, by_side[side]) for side in _SIDES], needed)
    return Chart(picture, key, by_side["sim"], by_side["nao"], len(votes) < FEW)


def party_votes(visit: Visit, votes: Sequence[Mapping[str, Any]]) -> tuple[PartyVotes, ...]:
    """Every member, by party: the largest first, those without a party last."""
    parties: dict[str | None, list[Mapping[str, Any]]] = defaultdict(list)
    for vote in votes:
        parties[vote.get("party") or vote.get("party_text")].append(vote)
    order = sorted(parties, key=lambda name: (name is None, -len(parties[name]), name or ""))
    return tuple(_party(visit, name, parties[name]) for name in order)


def _party(visit: Visit, name: str | None, votes: Sequence[Mapping[str, Any]]) -> PartyVotes:
    options = _counted(visit, votes)
    return PartyVotes(
        name,
        party_colour(name),
        len(votes),
        shares_of((label.shape, label.text, count) for label, count in options),
        tuple(OptionGroup(label, _members(visit, label, votes)) for label, _ in options),
    )


def _members(visit: Visit, label: Label, votes: Iterable[Mapping[str, Any]]) -> tuple[Member, ...]:
    chosen = [vote for vote in votes if vote["option"] == label.code]
    return tuple(
        Member(
            " ".join(part for part in (one["name"], one.get("state")) if part),
            visit.url(f"/legislators/{one['legislator_id']}") if one.get("legislator_id") else None,
        )
        for one in sorted(chosen, key=lambda one: one["name"])
    )


def _counted(visit: Visit, votes: Iterable[Mapping[str, Any]]) -> tuple[tuple[Label, int], ...]:
    counts = Counter(vote["option"] for vote in votes)
    order = sorted(counts, key=lambda option: (OPTIONS.index(option if option in OPTIONS else "OTHER"), option))
    return tuple((_option(visit, option), counts[option]) for option in order)


def _option(visit: Visit, option: str) -> Label:
    label = visit.words.label("VoteOption", option)
    return label if label.shape in _SIDES else Label(label.code, label.text, label.note, "abst")
