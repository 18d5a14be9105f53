"""What the API says of a voting, read for a page: totals, subject, body, the majority that was needed."""

from collections.abc import Mapping, Sequence
from typing import Any

from api_gateway.site.visit import Visit
from api_gateway.site.wording import Words

_FEMININE = frozenset({"PEC", "MPV", "MSC", "MSG", "MSF", "EMC", "EMP", "EMS", "ECD", "SUG", "INC", "INS", "PFC"})
"""Types of bills whose Portuguese name is feminine."""

MEMBERS = {"CAMARA": 513, "SENADO": 81}
"""Seats of each house: Lei Complementar 78/1993, and three for each of 27 federal units (Constitution, article 46)."""

PLENARY = "Plenário"
"""Name of a plenary that its house gives only as an acronym."""


def totals(vote: Mapping[str, Any]) -> Mapping[str, int] | None:
    """The totals that a page says first: those that the house publishes, else those of the votes counted."""
    found: Mapping[str, int] | None = vote.get("counts_published") or vote.get("counts")
    return found


def body_name(body: Mapping[str, Any] | None) -> str | None:
    """The name of a body, or its acronym."""
    if not body:
        return None
    return body.get("name") or (PLENARY if is_plenary(body) else body.get("acronym")) or None


def names_told(vote: Mapping[str, Any]) -> bool:
    """Whether the page of a voting, an item of `/vote-events`, tells how each member voted."""
    missing = any(flag["code"] == "VOTES_MISSING" for flag in vote.get("flags") or ())
    return vote.get("nominal") is True and not vote.get("secret") and bool(totals(vote)) and not missing


def numbers_in_words(visit: Visit, vote: Mapping[str, Any], counts: Sequence[tuple[str, int]]) -> str:
    """Every number of a voting's half circle in a sentence; `counts` are its options in words, with their votes."""
    body = body_name(vote.get("organization")) or visit.words.label("Chamber", vote["house"]).text
    parts = ", ".join(f"{text} {visit.formats.number(count)}" for text, count in counts)
    return visit.words.t("votes.seats", n=sum(count for _, count in counts), body=body, parts=parts)


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


def was_voted(vote: Mapping[str, Any]) -> bool:
    """Whether there was a vote at all: the houses publish other entries among their votings."""
    return not {vote["result"], vote["purpose"]} & {"NO_VOTE", "NOT_A_VOTE"}


def subject(vote: Mapping[str, Any]) -> str:
    """The number of what was voted on; empty where it is not known."""
    known = [one["identifier"] for one in vote.get("bills") or () if one.get("identifier")]
    return vote.get("subject_identifier") or (known[0] if known else "")


def with_article(words: Words, identifier: str) -> str:
    """`o PL 1/2026`, `a PEC 3/2025`; in English without article."""
    if words.short != "pt":
        return identifier
    return f"{'a' if identifier.partition(' ')[0] in _FEMININE else 'o'} {identifier}"
