"""The parts of the API's items that an answer has. A field keeps the API's name; null means that the source does not
tell it.
"""

from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Any]

_BILL = ("id", "identifier", "nickname", "title", "status", "status_text", "in_progress", "introduced_on")
_BILL_MORE = ("abstract", "regime_text", "conclusive", "decision", "enactment", "rapporteurs", "keywords", "urn_lex")
_VOTING = ("id", "house", "date", "description", "purpose", "result", "result_text", "nominal", "secret", "counts")
_EVENT = ("id", "house", "classification", "name", "start", "end", "location", "status", "status_text")
_PERSON = ("id", "house", "name", "state", "party", "in_office", "condition", "legislatures")
_PERSON_MORE = ("civil_name", "gender", "birth_date", "birth_place", "condition_text")


def bill_item(bill: Item) -> dict[str, Any]:
    """A bill of a list."""
    return {
        **_parts(bill, _BILL),
        "latest_action": _action(bill["latest_action"]),
        "organization": _acronym(bill["organization"]),
        "authors": [_sponsor(one) for one in bill["sponsors"]],
        "authors_count": bill["authors_count"],
        "next_event": bill["next_event"],
        "source_url": bill["url"],
    }


def bill_detail(bill: Item) -> dict[str, Any]:
    """One bill."""
    sponsors = bill["sponsorships"]
    return {
        **_parts(bill, (*_BILL, *_BILL_MORE)),
        "latest_action": _action(bill["latest_action"]),
        "organization": _acronym(bill["organization"]),
        "authors": [_sponsor(one) for one in sponsors],
        "authors_count": len(sponsors),
        "subjects": [one["name"] for one in bill["subjects"]],
        "documents": [_parts(one, ("kind", "url")) for one in bill["documents"]],
        "related_bills": [_parts(one, ("kind", "identifier", "upstream_id", "url")) for one in bill["related_bills"]],
        "counterparts": [_parts(one, ("id", "identifier", "rule", "confidence")) for one in bill["counterparts"]],
        "quality_flags": [one["code"] for one in bill["quality_flags"]],
        "next_event": bill["next_event"],
        "version": bill["version"],
        "changed_at": bill["changed_at"],
        "removed_at": bill["removed_at"],
        "source_url": bill["url"],
    }


def journey_step(step: Item) -> dict[str, Any]:
    """A step of a bill's way."""
    kept = _parts(step, ("type", "date", "house", "bill_id", "kind", "text", "stage", "id"))
    return {**kept, "organization": _acronym(step.get("organization")), "source_url": step.get("url")}


def voting_item(voting: Item) -> dict[str, Any]:
    """A voting without members' votes."""
    return {
        **_parts(voting, _VOTING),
        "organization": _acronym(voting["organization"]),
        "bills": [one["id"] for one in voting["bills"]],
        "flags": [one["code"] for one in voting["flags"]],
        "source_url": voting["url"],
    }


def member_vote(vote: Item) -> dict[str, Any]:
    """A member's vote in a voting."""
    return _parts(vote, ("legislator_id", "name", "party", "state", "option"))


def person_item(person: Item) -> dict[str, Any]:
    """A legislator of a list."""
    return {**_parts(person, _PERSON), "source_url": person["url"]}


def person_detail(person: Item) -> dict[str, Any]:
    """One legislator, with offices and memberships."""
    memberships = [
        {**_parts(one, ("kind", "role", "start_date", "end_date")), "organization": _acronym(one["organization"])}
        for one in person["memberships"]
    ]
    return {**_parts(person, (*_PERSON, *_PERSON_MORE)), "memberships": memberships, "source_url": person["url"]}


def vote_of_member(vote: Item) -> dict[str, Any]:
    """A legislator's vote, with the voting."""
    return {**_parts(vote, ("option", "party", "state")), "voting": voting_item(vote["vote_event"])}


def event_item(event: Item) -> dict[str, Any]:
    """A session or meeting."""
    bodies = [_acronym(one) for one in event["organizations"]]
    return {**_parts(event, _EVENT), "organizations": bodies, "source_url": event["url"]}


def change_entry(entry: Item) -> dict[str, Any]:
    """An entry of the change log, with old and new values."""
    kept = _parts(entry, ("seq", "bill_id", "identifier", "kind", "version", "changed_at", "source"))
    return {**kept, "changes": [_parts(one, ("field", "old", "new")) for one in entry["changes"]]}


def organization_item(organization: Item) -> dict[str, Any]:
    """A committee, plenary, party or other body."""
    return _parts(organization, ("id", "acronym", "name", "house", "classification", "active"))


def _parts(item: Item, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: item.get(name) for name in names}


def _acronym(organization: Item | None) -> str | None:
    return None if organization is None else organization["acronym"] or organization["name"] or organization.get("id")


def _action(action: Item | None) -> dict[str, Any] | None:
    return None if action is None else _parts(action, ("date", "kind", "description"))


def _sponsor(one: Item) -> str:
    place = "/".join(part for part in (one["party"], one["state"]) if part)
    return f"{one['name']} ({place})" if place else str(one["name"])
