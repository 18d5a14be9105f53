"""`/votes/{id}`: what was decided, by how many, and how each legislator voted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.api_client import Api, ApiReply, if_there
from api_gateway.site.bills.tally import Tally, tally
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.records.hemicycle import MOST_SEATS
from api_gateway.site.records.list_query import csv_pairs
from api_gateway.site.records.member_votes import Chart, PartyVotes, chart, party_votes
from api_gateway.site.records.vote_facts import (
    body_name,
    needed,
    numbers_in_words,
    subject,
    totals,
    was_voted,
    with_article,
)
from api_gateway.site.records.vote_sentence import vote_sentence
from api_gateway.site.records.voting import VotedBill, voted_bills
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Visit, outside
from api_gateway.site.wording import Label

MOST_BILLS = 20
"""Bills of a voting whose titles are asked for; few have more than two."""

_SAID_ELSEWHERE = frozenset({"COUNTS_DIFFER", "DUPLICATE", "NOT_A_VOTE", "VOTES_OF_ANOTHER"})
_NUMBERS = (("yes", "frame.yes"), ("no", "frame.no"), ("abstain", "votes.abstain"), ("other", "frame.others"))


@dataclass(frozen=True, slots=True)
class Advice:
    """What some asked their members to do: `who` are parties, blocs and leaderships in the house's own words."""

    option: Label
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One total, as published and as counted; None where the API has none."""

    text: str
    published: int | None
    counted: int | None


@dataclass(frozen=True, slots=True)
class Majority:
    """How many votes were needed, where that is known."""

    needed: int
    tick: str
    rule: str


@dataclass(frozen=True, slots=True)
class VoteView:
    """The content of the vote page. `without_names` is why it shows no member's vote: `missing`, `not_recorded`
    or `not_told`.
    """

    sentence: str
    house: Label
    body: str | None
    body_address: str | None
    at: str | None
    date: str | None
    kind: str | None
    purpose: Label
    result: Label
    description: str | None
    result_text: str | None
    bills: tuple[VotedBill, ...]
    chart: Chart | None
    chart_title: str
    majority: Majority | None
    parties: tuple[PartyVotes, ...]
    secret: bool
    without_names: str | None
    of_another: bool
    unlisted: bool
    differ: bool
    numbers: tuple[NumberRow, ...]
    tally: Tally | None
    advice: tuple[Advice, ...]
    flags: tuple[str, ...]
    duplicate: str | None
    duplicated: bool
    meeting: str | None
    others: str | None
    json: str
    csv: str | None
    csv_bill: str
    official: str | None
    removed: bool


async def show_vote(visit: Visit, api: Api) -> Shown:
    """The page. The titles of the bills are a second request; without them the numbers stand alone."""
    reply = await api.get(f"/api/v1/vote-events/{visit.params['vote_id']}")
    return shown_vote(visit, reply, await _bills(api, reply.data))


def shown_vote(visit: Visit, reply: ApiReply, bills: ApiReply | None) -> Shown:
    """The page, from the replies that it is made of."""
    view = vote_view(visit, reply.data, bills)
    t = visit.words.t
    day = reply.data.get("date")
    described = (
        t("votes.page_description", sentence=view.sentence, day=visit.formats.day(day))
        if day
        else t("votes.page_description_undated", sentence=view.sentence)
    )
    return Shown(
        "vote.html",
        view,
        view.sentence,
        (reply, bills),
        described,
        alternates=(Alternate("application/json", view.json, "JSON"),),
    )


def vote_view(visit: Visit, vote: Mapping[str, Any], bills: ApiReply | None = None) -> VoteView:
    """The content of the vote page, from the item of `/vote-events/{id}` and the reply of `/bills` for its bills."""
    titles = {one["id"]: one for one in bills.data} if bills else {}
    vote = _with_numbers(vote, titles)
    words, votes, body = visit.words, vote["votes"], vote.get("organization") or {}
    found = needed(vote)
    drawn = chart(visit, votes, found)
    flags = {one["code"] for one in vote["flags"]}
    listed = _listed_bill(vote, titles)
    return VoteView(
        vote_sentence(visit, vote),
        words.label("Chamber", vote["house"]),
        body_name(body),
        visit.url(f"/committees/{body['id']}") if body.get("id") else None,
        vote.get("at"),
        vote.get("date"),
        _kind(visit, vote),
        words.label("VotePurpose", vote["purpose"]),
        words.label("VoteResult", vote["result"]),
        vote.get("description"),
        _official_result(visit, vote),
        voted_bills(visit, vote["bills"], titles),
        drawn,
        numbers_in_words(visit, vote, [(label.text, count) for label, count in drawn.key]) if drawn else "",
        _majority(visit, vote, found),
        party_votes(visit, votes) if len(votes) <= MOST_SEATS else (),
        bool(vote.get("secret")),
        None if votes else _without_names(vote, flags),
        "VOTES_OF_ANOTHER" in flags,
        bool(votes) and vote["house"] == "CAMARA" and all(one["option"] != "ABSENT" for one in votes),
        _differ(vote, flags),
        _numbers(visit, vote),
        tally(visit, totals(vote)),
        _advice(visit, vote["orientations"]),
        tuple(words.label("VotingFlagCode", code).text for code in sorted(flags - _SAID_ELSEWHERE)),
        visit.url(f"/votes/{vote['duplicate_of']}") if vote.get("duplicate_of") else None,
        "DUPLICATE" in flags or bool(vote.get("duplicate_of")),
        visit.url(f"/agenda/{vote['event_id']}") if vote.get("event_id") else None,
        visit.url("/votes", [("organization", body["id"])]) if body.get("id") else None,
        visit.full_api(f"/api/v1/vote-events/{vote['id']}"),
        visit.api(f"/api/v1/bills/{listed['id']}/votes", csv_pairs(visit)) if listed else None,
        with_article(words, listed["identifier"]) if listed else "",
        outside(vote.get("url")),
        bool(vote.get("removed_at")),
    )


def _listed_bill(vote: Mapping[str, Any], found: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The first bill that has a file of its votings: one that the API has, by its number where it was not asked."""
    named = (one for one in vote["bills"] if one["identifier"])
    return next((one for one in named if one["id"] in found or not found), None)


async def _bills(api: Api, vote: Mapping[str, Any]) -> ApiReply | None:
    ids = [("ids", one["id"]) for one in vote["bills"][:MOST_BILLS]]
    if not ids:
        return None
    asked = [*ids, ("limit", str(MOST_BILLS)), ("fields", "id,identifier,nickname,title")]
    return await if_there(api.get("/api/v1/bills", asked))


def _official_result(visit: Visit, vote: Mapping[str, Any]) -> str | None:
    """The result in the house's words, where they say more than the label."""
    told: str | None = vote.get("result_text")
    label = visit.words.label("VoteResult", vote["result"]).text
    return told if told and told.strip(" .").casefold() != label.casefold() else None


def _with_numbers(vote: Mapping[str, Any], bills: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """The voting, its bills with the numbers that the bills' own records have."""
    named = [
        {**one, "identifier": one.get("identifier") or bills.get(one["id"], {}).get("identifier")}
        for one in vote["bills"]
    ]
    return {**vote, "bills": named}


def _kind(visit: Visit, vote: Mapping[str, Any]) -> str | None:
    if vote.get("secret"):
        return visit.words.t("votes.secret_kind")
    nominal = vote.get("nominal")
    return None if nominal is None else visit.words.t("votes.recorded" if nominal else "votes.symbolic")


def _without_names(vote: Mapping[str, Any], flags: set[str]) -> str | None:
    """Why no member's vote is known; None for an entry of which the title says that nobody voted."""
    if not was_voted(vote):
        return None
    if totals(vote) and (vote.get("nominal") is True or "VOTES_MISSING" in flags):
        return "missing"
    return "not_recorded" if vote.get("nominal") is False else "not_told"


def _majority(visit: Visit, vote: Mapping[str, Any], found: int | None) -> Majority | None:
    if found is None:
        return None
    t, number = visit.words.t, visit.formats.number(found)
    tick = t("votes.enough" if vote["result"] == "PASSED" else "votes.were_needed", needed=number)
    rule = t("votes.majority_pec" if subject(vote).startswith("PEC") else "votes.majority_plp", needed=number)
    return Majority(found, tick, rule)


def _differ(vote: Mapping[str, Any], flags: set[str]) -> bool:
    """Whether published and counted totals contradict: absences and the chair are not always counted by the houses."""
    published, counted = vote.get("counts_published"), vote.get("counts")
    told = published and counted and any(published.get(name) != counted.get(name) for name in ("yes", "no"))
    return "COUNTS_DIFFER" in flags or bool(told)


def _numbers(visit: Visit, vote: Mapping[str, Any]) -> tuple[NumberRow, ...]:
    published, counted = vote.get("counts_published"), vote.get("counts")
    if not published and not counted:
        return ()
    rows = ((visit.words.t(key), (published or {}).get(name), (counted or {}).get(name)) for name, key in _NUMBERS)
    return tuple(NumberRow(*row) for row in rows)


def _advice(visit: Visit, orientations: Sequence[Mapping[str, Any]]) -> tuple[Advice, ...]:
    """Who asked for what: one entry for each option, those most asked for first."""
    by_option: dict[str, list[str]] = {}
    for one in orientations:
        by_option.setdefault(one["option"], []).append(one["label"])
    order = sorted(by_option, key=lambda option: -len(by_option[option]))
    return tuple(Advice(visit.words.label("OrientationOption", name), tuple(by_option[name])) for name in order)


ROUTES = (PageRoute("/votes/{vote_id}", show_vote),)
