"""What a voting decided, in one sentence: who, what, by how many."""

from collections.abc import Mapping
from typing import Any

from api_gateway.site.records.body_words import body_in_sentence
from api_gateway.site.records.vote_facts import is_plenary, subject, totals, was_voted, with_article
from api_gateway.site.visit import Visit

_DECIDED = {"PASSED": "passes", "FAILED": "rejects", "KEPT": "keeps", "REMOVED": "removes"}


def vote_sentence(visit: Visit, vote: Mapping[str, Any]) -> str:
    """`Por 318 a 126, a Câmara aprova o PL 1/2026`. The larger number comes first only where it won: some votings fail
    with more Yes than No, and then both are named.
    """
    t = visit.words.t
    if not was_voted(vote):
        return t("votes.no_vote", what=_what(visit, vote))
    verb, who, what = _DECIDED.get(vote["result"]), _who(visit, vote), _what(visit, vote)
    deed = t(f"votes.{verb}", who=who, what=what) if verb else t("votes.voted", who=who, what=what)
    counts = totals(vote)
    if not counts:
        return _capital(deed)
    yes, no = counts.get("yes") or 0, counts.get("no") or 0
    text = visit.formats.number
    if verb in ("passes", "keeps") and yes > no:
        return t("votes.by", more=text(yes), less=text(no), deed=deed)
    if verb in ("rejects", "removes") and no > yes:
        return t("votes.by", more=text(no), less=text(yes), deed=deed)
    return t("votes.with", yes=text(yes), no=text(no), deed=deed)


def _who(visit: Visit, vote: Mapping[str, Any]) -> str:
    """The house where its plenary voted, else the committee."""
    body = vote.get("organization") or {}
    of_body = None if vote.get("plenary") or is_plenary(body) else body_in_sentence(visit.words, body)
    if of_body is not None:
        return of_body
    key = f"who_{(vote.get('house') or 'unknown').lower()}"
    return visit.words.t(f"votes.{key}" if visit.words.has("votes", key) else "votes.who_unknown")


def _what(visit: Visit, vote: Mapping[str, Any]) -> str:
    """The text of a bill by its number, anything else by its kind with the bill in brackets."""
    words, number = visit.words, subject(vote)
    if vote["purpose"] == "PASSAGE" and number:
        what = with_article(words, number)
        return words.t("votes.in_turn", what=what, turn=vote["turn"]) if vote.get("turn") else what
    key = f"what_{vote['purpose'].lower()}"
    kind = words.t(f"votes.{key}" if words.has("votes", key) else "votes.what_unknown")
    return words.t("votes.what_of", kind=kind, bill=number) if number else kind


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
