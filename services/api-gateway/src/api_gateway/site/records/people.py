"""Legislators of the API as rows, and their memberships by kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from legis.domain.brasilia_time import local_day

from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label


@dataclass(frozen=True, slots=True)
class LegislatorRow:
    """A legislator as lists show it. `office` says whether in office now."""

    address: str
    name: str
    civil_name: str | None
    house: Label
    party: str | None
    state: str | None
    office: Label


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """A stay in a body, a party or an office. Days are None where the source does not tell them."""

    text: str
    address: str | None
    role: str | None
    house: Label | None
    start: str | None
    end: str | None
    now: bool
    note: str


def legislator_row(visit: Visit, one: Mapping[str, Any]) -> LegislatorRow:
    """The row of one item of a list of legislators."""
    return LegislatorRow(
        visit.url(f"/legislators/{one['id']}"),
        one["name"] or visit.words.t("people.no_name"),
        one.get("civil_name"),
        visit.words.label("Chamber", one["house"]),
        one.get("party") or one.get("party_text"),
        one.get("state"),
        office(visit, one.get("in_office")),
    )


def office(visit: Visit, in_office: bool | None) -> Label:
    """Whether somebody holds a seat now, as a pill."""
    t = visit.words.t
    if in_office is None:
        return Label("UNKNOWN", t("people.office_unknown"), shape="unk")
    return (
        Label("IN_OFFICE", t("people.in_office"), shape="ok")
        if in_office
        else Label("OUT", t("people.out_of_office"), shape="stop")
    )


def memberships(visit: Visit, all_of_them: Iterable[Mapping[str, Any]], *kinds: str) -> tuple[MembershipRow, ...]:
    """Those of some kinds, running ones first, then as the API orders them: newest first."""
    found = [_row(visit, one) for one in all_of_them if one["kind"] in kinds]
    return tuple(sorted(found, key=lambda row: not row.now))


def _row(visit: Visit, one: Mapping[str, Any]) -> MembershipRow:
    body = one.get("organization") or {}
    text = visit.formats.party(one.get("party") or one.get("party_text") or "") if one["kind"] == "PARTY" else None
    page = body.get("id") if one["kind"] != "TERM" else None
    return MembershipRow(
        text or body.get("name") or body.get("acronym") or visit.words.label("MembershipKind", one["kind"]).text,
        visit.url(f"/committees/{page}") if page else None,
        _role(visit, one),
        visit.words.label("Chamber", body["chamber"]) if body.get("chamber") else None,
        one.get("start_date"),
        one.get("end_date"),
        running(visit, one),
        _note(visit, one),
    )


def running(visit: Visit, one: Mapping[str, Any]) -> bool:
    """Whether a membership has no end, or one that is still to come."""
    end = one.get("end_date")
    return end is None or end >= local_day(visit.now).isoformat()


def _role(visit: Visit, one: Mapping[str, Any]) -> str | None:
    if one.get("role"):
        return str(one["role"])
    return visit.words.label("Condition", one["condition"]).text if one.get("condition") else None


def _note(visit: Visit, one: Mapping[str, Any]) -> str:
    """What else is told: the state of a term, the acronym as published, why it ended."""
    t = visit.words.t
    parts = [
        one.get("state") if one["kind"] == "TERM" else None,
        t("people.legislature", number=visit.formats.ordinal(one["legislature"]))
        if one.get("legislature") and one["kind"] == "TERM"
        else None,
        t("people.then", name=one["party_text"]) if one.get("party_text") and one.get("party") else None,
        one.get("end_reason"),
    ]
    return ", ".join(part for part in parts if part)
