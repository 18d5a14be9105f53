"""The page of a bill, in both houses: where it is, what changed, what comes next, and all the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.api_client import Api, ApiReply, if_there, together
from api_gateway.site.bills.bill_address import readable
from api_gateway.site.bills.bill_changes import LastChange, field_label, last_change
from api_gateway.site.bills.bill_metadata import bill_page_title, legislation
from api_gateway.site.bills.bill_way import Entry, Path, entries_of, path_of
from api_gateway.site.bills.enacted_law import Law, enacted_law
from api_gateway.site.bills.house_records import (
    MOST_DOCUMENTS,
    DocumentRow,
    HouseRecord,
    documents_of,
    house_records,
    newest_text,
    open_rapporteurs,
    rapporteurs_of,
)
from api_gateway.site.bills.related_bills import RelatedBills, related_bills
from api_gateway.site.bills.shown_bill import BillRow, Person, bill_row, person, status_label
from api_gateway.site.following import FollowView, follow_search
from api_gateway.site.records.body_words import has_page
from api_gateway.site.records.votings_of_bill import ASKED_VOTES, BillVotings, bill_votings, ids_with_names
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Visit, outside
from api_gateway.site.wording import Label

FIRST_ENTRIES, MOST_ENTRIES = 8, 40
FIRST_AUTHORS, MOST_AUTHORS = 3, 60
MOST_FLAGS = 10
MOST_SIMILAR = 3
MOST_KEYWORDS = 40
LONGEST_DESCRIPTION = 200


@dataclass(frozen=True, slots=True)
class BillParts:
    """The replies that the page is made of; a part is None where the API did not give it. `other` is the record of the
    other house, None also where there is none.
    """

    bill: ApiReply
    journey: ApiReply | None
    versions: ApiReply | None
    votes: ApiReply | None
    similar: ApiReply | None
    other: ApiReply | None = None


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next session or meeting with the bill. `status` is None where it goes as planned."""

    start: str
    page: str
    body: str | None
    location: str | None
    status: Label | None


@dataclass(frozen=True, slots=True)
class BillView:
    """View of a bill's page. Histories are None where the API did not give them. `unread`: the bill's own details have
    not been read yet in one of its houses, so histories may lack entries.
    """

    bill: Mapping[str, Any]
    official: str | None
    text: str | None
    abstract: str | None
    chamber: Label
    status: Label
    reason: str | None
    body: str | None
    body_page: str | None
    rapporteurs: tuple[Person, ...]
    all_rapporteurs: tuple[tuple[Label, tuple[Person, ...]], ...]
    change: LastChange | None
    changes_known: bool
    next_meeting: NextMeeting | None
    path: Path | None
    first_entries: tuple[Entry, ...] | None
    more_entries: tuple[Entry, ...]
    entries: int
    votings: BillVotings | None
    documents: tuple[DocumentRow, ...]
    documents_more: int
    related: RelatedBills
    similar: tuple[BillRow, ...] | None
    first_authors: tuple[Person, ...]
    more_authors: tuple[Person, ...]
    authors_left: int
    subjects: tuple[tuple[str, str], ...]
    keywords: tuple[str, ...]
    law: Law | None
    records: tuple[HouseRecord, ...]
    flags: tuple[str, ...]
    unread: bool
    follow: FollowView
    calendar: str
    json: str
    curl: str
    all_entries: str


async def bill_parts(api: Api, bill: ApiReply) -> BillParts:
    """The other replies about a bill: five requests at once, four where no other house has it."""
    one, others = f"/api/v1/bills/{bill.data['id']}", bill.data["counterparts"]
    votes = [*_of_bills(bill.data), ("limit", str(ASKED_VOTES))]
    asked = [
        if_there(api.get(f"{one}/journey", [("sort", "-date"), ("limit", str(MOST_ENTRIES))])),
        if_there(api.get(f"{one}/versions", [("sort", "-version"), ("limit", "20")])),
        if_there(api.get("/api/v1/vote-events", votes)),
        if_there(api.get(f"{one}/similar", [("limit", str(MOST_SIMILAR + 2))])),
        *(if_there(api.get(f"/api/v1/bills/{other['id']}")) for other in others[:1]),
    ]
    return BillParts(bill, *await together(*asked))


def ids_of(bill: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the bill in both houses, its own first."""
    return (bill["id"], *(one["id"] for one in bill["counterparts"]))


def _of_bills(bill: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(("bill", one) for one in ids_of(bill))


def shown_bill(visit: Visit, parts: BillParts) -> Shown:
    """The page."""
    bill, words = parts.bill.data, visit.words
    path = readable(bill) if visit.path == readable(bill) else f"/bills/{bill['id']}"
    assert path is not None
    view = bill_view(visit, parts)
    text = bill.get("title") or words.t("frame.not_told")
    return Shown(
        "bill.html",
        view,
        bill_page_title(visit, bill, view.status, view.chamber),
        (parts.bill, parts.journey, parts.versions, parts.votes, parts.similar, parts.other),
        text if len(text) <= LONGEST_DESCRIPTION else f"{text[: LONGEST_DESCRIPTION - 1].rstrip()}…",
        canonical=path,
        alternates=(
            Alternate("application/json", view.json, "JSON"),
            Alternate("application/atom+xml", view.follow.atom, "Atom"),
            Alternate("text/calendar", view.calendar, "iCal"),
        ),
        structured=legislation(visit, bill, path, view.law),
    )


def bill_view(visit: Visit, parts: BillParts) -> BillView:
    """The content of the bill page, from the replies about the bill."""
    bill, words = parts.bill.data, visit.words
    one = f"/api/v1/bills/{bill['id']}"
    others = [parts.other.data] if parts.other else []
    journey = parts.journey.document if parts.journey else None
    entries = () if journey is None else entries_of(visit, journey["data"], ids_with_names(parts.votes))
    authors = tuple(person(visit, who) for who in bill["sponsorships"])
    documents = documents_of(visit, [bill, *others])
    calendar = _calendar(visit, bill)
    body = bill.get("organization") or {}
    return BillView(
        bill,
        outside(bill.get("url")),
        newest_text([bill, *others]),
        bill["abstract"] if bill.get("abstract") and bill["abstract"] != bill.get("title") else None,
        words.label("Chamber", bill["chamber"]),
        status_label(visit, bill),
        words.label("StatusReason", bill["status_reason"]).text if bill.get("status_reason") else None,
        body.get("name") or body.get("acronym"),
        visit.url(f"/committees/{body['id']}") if has_page(body) else None,
        rapporteurs_of(visit, bill),
        open_rapporteurs(visit, [bill, *others]),
        None if parts.versions is None else last_change(visit, parts.versions.data),
        parts.versions is not None,
        _next_meeting(visit, bill.get("next_event")),
        None if journey is None else path_of(visit, journey, bill),
        None if journey is None else entries[:FIRST_ENTRIES],
        entries[FIRST_ENTRIES:],
        0 if journey is None else journey["page"]["count"]["value"],
        None if parts.votes is None else _votings(visit, bill, parts.votes),
        documents[:MOST_DOCUMENTS],
        max(0, len(documents) - MOST_DOCUMENTS),
        related_bills(visit, bill),
        None if parts.similar is None else _similar(visit, bill, parts.similar.data),
        authors[:FIRST_AUTHORS],
        authors[FIRST_AUTHORS:MOST_AUTHORS],
        max(0, len(authors) - MOST_AUTHORS),
        tuple((one["name"], visit.url("/", [("subject", one["name"])])) for one in bill["subjects"]),
        tuple(bill.get("keywords") or ())[:MOST_KEYWORDS],
        enacted_law(bill.get("enactment")),
        house_records(visit, bill, others),
        _flags(visit, bill),
        any(flag["code"] == "NOT_READ_WHOLE" for one in (bill, *others) for flag in one["quality_flags"]),
        follow_search(visit, tuple(("ids", one) for one in ids_of(bill)), calendar),
        calendar,
        visit.full_api(one),
        f"curl {visit.full_api(one)}",
        visit.api(f"{one}/journey", [("limit", "100")]),
    )


def _calendar(visit: Visit, bill: Mapping[str, Any]) -> str:
    """The calendar of the bill's meetings in both houses."""
    if not bill["counterparts"]:
        return visit.full_api(f"/api/v1/bills/{bill['id']}/events.ics")
    return visit.full_api("/api/v1/events.ics", _of_bills(bill))


def _next_meeting(visit: Visit, event: Mapping[str, Any] | None) -> NextMeeting | None:
    if not event:
        return None
    status = visit.words.label("EventStatus", event["status"]) if event["status"] != "CONFIRMED" else None
    page = visit.url(f"/agenda/{event['id']}")
    return NextMeeting(event["start"], page, event.get("organization_name"), event.get("location"), status)


def _votings(visit: Visit, bill: Mapping[str, Any], votes: ApiReply) -> BillVotings:
    return bill_votings(visit, ids_of(bill), votes.data, more=bool(votes.page.get("next_cursor")))


def _similar(visit: Visit, bill: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> tuple[BillRow, ...]:
    """The most alike; the same bill in the other house is not one of them."""
    own = {one["id"] for one in bill["counterparts"]}
    return tuple(bill_row(visit, one) for one in found if one["id"] not in own)[:MOST_SIMILAR]


def _flags(visit: Visit, bill: Mapping[str, Any]) -> tuple[str, ...]:
    """The warnings about the record, each with its field, once."""
    said = dict.fromkeys(
        f"{field_label(visit.words, one['field'])}: {visit.words.label('QualityFlagCode', one['code']).text}"
        for one in bill["quality_flags"]
    )
    return tuple(said)[:MOST_FLAGS]
