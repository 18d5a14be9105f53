"""`/legislators/{id}`: one legislator now, with votes, bills, parties by date, committees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api_gateway.site.api_client import Api, ApiReply, if_there, together
from api_gateway.site.bills.shown_bill import BillRow, bill_row
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.records.list_query import Choice
from api_gateway.site.records.party_marks import party_colours
from api_gateway.site.records.people import MembershipRow, memberships, office
from api_gateway.site.records.voting import VotingRow, voting_row
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.texts.evidence_text import Evidence, evidence_texts
from api_gateway.site.visit import Visit, outside
from api_gateway.site.wording import Label

VOTES, BILLS = 8, 5
ROLES = (("author", "authored"), ("coauthor", "coauthored"), ("rapporteur", "rapporteur"))
"""Each role of `/legislators/{id}/bills`, with the name of its count."""


@dataclass(frozen=True, slots=True)
class OwnVote:
    """How the legislator voted, with the voting. Party and state are of that day."""

    option: Label
    party: str | None
    voting: VotingRow


@dataclass(frozen=True, slots=True)
class RoleLink:
    """A role in bills with how many there are; None where the API has not counted."""

    text: str
    count: int | None
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class SamePerson:
    """The same person's record in the other house, with how that is known."""

    address: str
    rule: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class LegislatorView:
    """The content of the legislator page. `votes` and `bills` are None where the API did not give them."""

    id: str
    name: str
    house: Label
    party: str | None
    state: str | None
    office: Label
    condition: str | None
    facts: tuple[tuple[str, str, bool], ...]
    votes: tuple[OwnVote, ...] | None
    votes_count: int
    bills: tuple[BillRow, ...] | None
    roles: tuple[RoleLink, ...]
    role: str
    terms: tuple[MembershipRow, ...]
    parties: tuple[MembershipRow, ...]
    bodies: tuple[MembershipRow, ...]
    leaves: tuple[MembershipRow, ...]
    same_person: tuple[SamePerson, ...]
    compare: tuple[Choice, ...]
    flags: tuple[str, ...]
    all_votes: str
    votes_csv: str
    all_bills: str
    json: str
    official: str | None
    removed: bool


async def show_legislator(visit: Visit, api: Api) -> Shown:
    """The page: three requests at once."""
    path = f"/api/v1/legislators/{visit.params['legislator_id']}"
    role = visit.one("role")
    asked_bills = api.get(f"{path}/bills", [*([("role", role)] if role else []), ("limit", str(BILLS))])
    known = role in ("", *(name for name, _ in ROLES))
    reply, votes, bills = await together(
        api.get(path),
        if_there(api.get(f"{path}/votes", [("limit", str(VOTES))])),
        if_there(asked_bills) if known else asked_bills,  # a role that there is not is an error, not a missing part
    )
    assert reply is not None
    return shown_legislator(visit, reply, votes, bills)


def shown_legislator(visit: Visit, reply: ApiReply, votes: ApiReply | None, bills: ApiReply | None) -> Shown:
    """The page, from the replies that it is made of."""
    view = legislator_view(visit, reply.data, votes, bills)
    side = visit.formats.side(view.party, view.state) or view.house.text
    return Shown(
        "legislator.html",
        view,
        f"{view.name} ({side})" if side else view.name,
        (reply, votes, bills),
        visit.words.t("people.page_description", name=view.name, side=side),
        alternates=(Alternate("application/json", view.json, "JSON"),),
    )


def legislator_view(
    visit: Visit, person: Mapping[str, Any], votes: ApiReply | None, bills: ApiReply | None
) -> LegislatorView:
    """The content of the legislator page, from replies of `/legislators/{id}`, its `/votes` and its `/bills`."""
    words, stays = visit.words, person["memberships"]
    path = f"/api/v1/legislators/{person['id']}"
    role = visit.one("role")
    return LegislatorView(
        person["id"],
        person["name"] or words.t("people.no_name"),
        words.label("Chamber", person["house"]),
        person.get("party") or person.get("party_text"),
        person.get("state"),
        office(visit, person.get("in_office")),
        words.label("Condition", person["condition"]).text if person.get("condition") else None,
        _facts(visit, person),
        None if votes is None else tuple(own_vote(visit, one) for one in votes.data),
        person["counts"]["votes"],
        None if bills is None else tuple(bill_row(visit, one) for one in bills.data),
        _roles(visit, person, role),
        role,
        memberships(visit, stays, "TERM"),
        memberships(visit, stays, "PARTY"),
        memberships(visit, stays, "COMMITTEE", "LEADERSHIP", "BOARD"),
        memberships(visit, stays, "LEAVE"),
        tuple(_same_person(visit, one) for one in person["same_person"]),
        party_choices(visit, person.get("party")),
        tuple(dict.fromkeys(words.label("QualityFlagCode", one["code"]).text for one in person["flags"])),
        visit.url(f"/legislators/{person['id']}/votes"),
        visit.api(f"{path}/votes", [("format", "csv")]),
        visit.url("/", [("legislator_id", person["id"])]),
        visit.full_api(path),
        outside(person.get("url")),
        bool(person.get("removed_at")),
    )


def party_choices(visit: Visit, chosen: str | None) -> tuple[Choice, ...]:
    """Parties to compare with, by acronym."""
    parties = sorted({*party_colours(), *([chosen] if chosen else [])})
    return tuple(Choice(name, visit.formats.party(name), name == chosen) for name in parties)


def _facts(visit: Visit, person: Mapping[str, Any]) -> tuple[tuple[str, str, bool], ...]:
    """What is known of the person: words, value, and whether the value is Portuguese text."""
    t, formats, place = visit.words.t, visit.formats, person.get("birth_place") or {}
    born = [
        formats.day(person["birth_date"]) if person.get("birth_date") else None,
        "-".join(part for part in (place.get("municipality"), place.get("state")) if part) or None,
    ]
    others = [one["name"] for one in person["other_names"] if one.get("name")]
    told = (
        (t("people.civil_name"), person.get("civil_name"), True),
        (t("people.born"), ", ".join(part for part in born if part), False),
        (t("people.died"), formats.day(person["death_date"]) if person.get("death_date") else None, False),
        (t("people.other_names"), ", ".join(dict.fromkeys(others)), True),
        (t("people.legislatures"), ", ".join(formats.ordinal(number) for number in person["legislatures"]), False),
    )
    return tuple((words, value, portuguese) for words, value, portuguese in told if value)


def own_vote(visit: Visit, one: Mapping[str, Any]) -> OwnVote:
    """One item of the list of votes."""
    option = visit.words.label("VoteOption", one["option"])
    return OwnVote(option, one.get("party"), voting_row(visit, one["vote_event"]))


def _roles(visit: Visit, person: Mapping[str, Any], chosen: str) -> tuple[RoleLink, ...]:
    path, t, counts = f"/legislators/{person['id']}", visit.words.t, person["counts"]
    links = [RoleLink(t("people.role_any"), None, visit.url(path) + "#pj", not chosen)]
    for role, count in ROLES:
        address = visit.url(path, [("role", role)]) + "#pj"
        links.append(RoleLink(t(f"people.role_{role}"), counts.get(count), address, chosen == role))
    return tuple(links)


def _same_person(visit: Visit, one: Mapping[str, Any]) -> SamePerson:
    key = f"rule_{one['rule'].lower()}"
    rule = visit.words.t(f"people.{key}") if visit.words.has("people", key) else one["rule"]
    return SamePerson(
        visit.url(f"/legislators/{one['id']}"), rule, evidence_texts(visit, one.get("evidence_parts", ()))
    )


ROUTES = (PageRoute("/legislators/{legislator_id}", show_legislator),)
