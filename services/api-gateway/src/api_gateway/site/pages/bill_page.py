"""The page of a bill, in both houses: where it is, what changed, what comes next, and all the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.api_client import Api, ApiReply, if_there, together
from api_gateway.site.bills.bill_address import readable
from api_gateway.site.bills.bill_changes import LastChange, field_label, last_change
from api_gateway.site.bills.bill_metadata import legislation
from api_gateway.site.bills.bill_way import Entry, Path, entries_of, path_of
from api_gateway.site.bills.shown_bill import BillRow, Person, bill_row, person, status_label
from api_gateway.site.bills.tally import Tally, tally
from api_gateway.site.following import FollowView, follow_search
from api_gateway.site.rendering import Alternate, Shown
from api_gateway.site.visit import Visit, outside
from api_gateway.site.wording import Label

FIRST_ENTRIES, MOST_ENTRIES = 8, 40
FIRST_AUTHORS, MOST_AUTHORS = 3, 60
MOST_DOCUMENTS = 30
MOST_VOTES = 5
MOST_FLAGS = 10
MOST_SIMILAR = 3
LONGEST_DESCRIPTION = 200


@dataclass(frozen=True, slots=True)
class BillParts:
    """The replies that the page is made of; a part is None where the API did not give it."""

    bill: ApiReply
    journey: ApiReply | None
    versions: ApiReply | None
    votes: ApiReply | None
    similar: ApiReply | None


@dataclass(frozen=True, slots=True)
class VoteRow:
    """A voting of the bill."""

    address: str
    result: Label
    purpose: str
    description: str | None
    body: str | None
    date: str | None
    tally: Tally | None
    secret: bool


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document at the house."""

    text: str
    address: str | None
    media: str
    published_on: str | None


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The same bill in the other house, and why we say so."""

    house: Label
    identifier: str
    address: str
    confidence: str
    rule: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """An answer of a house that the record was read from."""

    address: str | None
    fetched_at: str


@dataclass(frozen=True, slots=True)
class BillView:
    """What the page shows. Histories are None where the API did not give them. `unread`: the source's own page of the
    bill has not been read yet, so a history that is empty may have entries.
    """

    bill: Mapping[str, Any]
    official: str | None
    chamber: Label
    status: Label
    reason: str | None
    body: str | None
    rapporteurs: tuple[Person, ...]
    change: LastChange | None
    changes_known: bool
    next_event: Mapping[str, Any] | None
    next_event_status: Label | None
    path: Path | None
    first_entries: tuple[Entry, ...] | None
    more_entries: tuple[Entry, ...]
    entries: int
    votes: tuple[VoteRow, ...] | None
    documents: tuple[DocumentRow, ...]
    documents_more: int
    similar: tuple[BillRow, ...] | None
    first_authors: tuple[Person, ...]
    more_authors: tuple[Person, ...]
    authors_left: int
    subjects: tuple[tuple[str, str], ...]
    counterparts: tuple[Counterpart, ...]
    sources: tuple[SourceRow, ...]
    flags: tuple[str, ...]
    unread: bool
    follow: FollowView
    calendar: str
    json: str
    all_entries: str


async def bill_parts(api: Api, bill: ApiReply) -> BillParts:
    """The other replies about a bill: four requests at once."""
    one = f"/api/v1/bills/{bill.data['id']}"
    journey, versions, votes, similar = await together(
        if_there(api.get(f"{one}/journey", [("sort", "-date"), ("limit", str(MOST_ENTRIES))])),
        if_there(api.get(f"{one}/versions", [("limit", "20")])),
        if_there(api.get("/api/v1/vote-events", [("bill", bill.data["id"]), ("limit", str(MOST_VOTES))])),
        if_there(api.get(f"{one}/similar", [("limit", str(MOST_SIMILAR + 2))])),
    )
    return BillParts(bill, journey, versions, votes, similar)


def shown_bill(visit: Visit, parts: BillParts) -> Shown:
    """The page."""
    bill, words = parts.bill.data, visit.words
    path = readable(bill) if visit.path == readable(bill) else f"/bills/{bill['id']}"
    assert path is not None
    view = bill_view(visit, parts)
    title = words.t("bill.title", identifier=bill["identifier"], status=view.status.text, house=view.chamber.note)
    text = bill.get("title") or words.t("frame.not_told")
    return Shown(
        "bill.html",
        view,
        title,
        (parts.bill, parts.journey, parts.versions, parts.votes, parts.similar),
        text if len(text) <= LONGEST_DESCRIPTION else f"{text[: LONGEST_DESCRIPTION - 1].rstrip()}…",
        canonical=path,
        alternates=(
            Alternate("application/json", view.json, "JSON"),
            Alternate("application/atom+xml", view.follow.atom, "Atom"),
            Alternate("text/calendar", view.calendar, "iCal"),
        ),
        structured=legislation(visit, bill, path),
    )


def bill_view(visit: Visit, parts: BillParts) -> BillView:
    """What the page shows, from the replies about the bill."""
    bill, words = parts.bill.data, visit.words
    one = f"/api/v1/bills/{bill['id']}"
    journey = parts.journey.document if parts.journey else None
    entries = () if journey is None else entries_of(visit, journey["data"])
    authors = tuple(person(visit, who) for who in bill["sponsorships"])
    calendar = visit.full_api(f"{one}/events.ics")
    event = bill.get("next_event")
    body = bill.get("organization") or {}
    return BillView(
        bill,
        outside(bill.get("url")),
        words.label("Chamber", bill["chamber"]),
        status_label(visit, bill),
        words.label("StatusReason", bill["status_reason"]).text if bill.get("status_reason") else None,
        body.get("name") or body.get("acronym"),
        tuple(person(visit, who) for who in bill["rapporteurs"] if not who["ended_on"] and who["name"]),
        None if parts.versions is None else last_change(visit, parts.versions.data),
        parts.versions is not None,
        event,
        words.label("EventStatus", event["status"]) if event and event["status"] != "CONFIRMED" else None,
        None if journey is None else path_of(visit, journey, bill),
        None if journey is None else entries[:FIRST_ENTRIES],
        entries[FIRST_ENTRIES:],
        0 if journey is None else journey["page"]["count"]["value"],
        None if parts.votes is None else tuple(_vote(visit, vote) for vote in parts.votes.data),
        tuple(_document(visit, document) for document in bill["documents"][:MOST_DOCUMENTS]),
        max(0, len(bill["documents"]) - MOST_DOCUMENTS),
        None if parts.similar is None else _similar(visit, bill, parts.similar.data),
        authors[:FIRST_AUTHORS],
        authors[FIRST_AUTHORS:MOST_AUTHORS],
        max(0, len(authors) - MOST_AUTHORS),
        tuple((one["name"], visit.url("/", [("subject", one["name"])])) for one in bill["subjects"]),
        tuple(_counterpart(visit, other) for other in bill["counterparts"]),
        tuple(SourceRow(outside(part["url"]), part["fetched_at"]) for part in bill["provenance"]),
        _flags(visit, bill),
        any(one["code"] == "NOT_READ_WHOLE" for one in bill["quality_flags"]),
        follow_search(visit, (("ids", bill["id"]),), calendar),
        calendar,
        visit.full_api(one),
        visit.api(f"{one}/journey", [("limit", "100")]),
    )


def _vote(visit: Visit, vote: Mapping[str, Any]) -> VoteRow:
    body = vote.get("organization") or {}
    return VoteRow(
        visit.url(f"/votes/{vote['id']}"),
        visit.words.label("VoteResult", vote["result"]),
        visit.words.label("VotePurpose", vote["purpose"]).text,
        vote.get("description"),
        body.get("name") or body.get("acronym"),
        vote.get("date"),
        tally(visit, vote.get("counts_published") or vote.get("counts")),
        bool(vote.get("secret")),
    )


def _similar(visit: Visit, bill: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> tuple[BillRow, ...]:
    """The most alike; the same bill in the other house is not one of them."""
    own = {one["id"] for one in bill["counterparts"]}
    return tuple(bill_row(visit, one) for one in found if one["id"] not in own)[:MOST_SIMILAR]


def _document(visit: Visit, one: Mapping[str, Any]) -> DocumentRow:
    text = one.get("title") or one.get("kind_text") or visit.words.label("DocumentKind", one["kind"]).text
    media = (one.get("media_type") or "").rpartition("/")[2].upper()
    return DocumentRow(text, outside(one["url"]), media, one.get("published_on"))


def _counterpart(visit: Visit, one: Mapping[str, Any]) -> Counterpart:
    return Counterpart(
        visit.words.label("Source", one["source"]),
        one["identifier"],
        visit.url(f"/bills/{one['id']}"),
        visit.formats.percent(one["confidence"]),
        visit.words.label("CounterpartRule", one["rule"]).text,
        tuple(one["evidence"]),
    )


def _flags(visit: Visit, bill: Mapping[str, Any]) -> tuple[str, ...]:
    """The warnings about the record, each with its field, once."""
    said = dict.fromkeys(
        f"{field_label(visit.words, one['field'])}: {visit.words.label('QualityFlagCode', one['code']).text}"
        for one in bill["quality_flags"]
    )
    return tuple(said)[:MOST_FLAGS]
