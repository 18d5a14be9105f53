"""The larger parts of the pages with invented data, for `/design`."""

from dataclasses import dataclass
from typing import Any

from api_gateway.site.bills.bill_way import Entry, Path, Step
from api_gateway.site.bills.shown_bill import BillRow, bill_row
from api_gateway.site.charts.spans import SpanBar, span_bars
from api_gateway.site.following import FollowView, follow_search
from api_gateway.site.freshness import Badge, badge
from api_gateway.site.pages.wider_search import Facet, Option
from api_gateway.site.records.list_query import PagerView
from api_gateway.site.records.meeting import Meeting, meeting
from api_gateway.site.records.member_votes import Chart, PartyVotes, chart, party_votes
from api_gateway.site.visit import Visit

_DAY, _AT = "2026-11-27", "2026-11-27T21:29:00Z"
_SEARCH = (("type", "PL"),)


@dataclass(frozen=True, slots=True)
class DrawnVote:
    """What the half circle reads of the page of a vote."""

    chart: Chart | None
    chart_title: str
    secret: bool = False
    majority: None = None


@dataclass(frozen=True, slots=True)
class DesignParts:
    """Invented data for each part."""

    bill: BillRow
    pager: PagerView
    badge: Badge | None
    facet: Facet
    follow: FollowView
    path: Path
    entries: tuple[Entry, ...]
    vote: DrawnVote
    parties: tuple[PartyVotes, ...]
    meeting: Meeting
    spans: tuple[SpanBar, ...]


def design_parts(visit: Visit) -> DesignParts:
    """Everything at once."""
    label, t = visit.words.label, visit.words.t
    camara, here = label("Chamber", "CAMARA"), visit.url("/design")
    opinion = label("ActionKind", "OPINION").text
    votes = _votes()
    return DesignParts(
        bill_row(visit, _bill()),
        PagerView(20, here, here),
        badge(visit, [{"freshness": [{"source": "camara", "state": "PARTIAL", "last_success_at": _AT}]}]),
        Facet("type", t("results.filter_type"), _options(visit), ()),
        follow_search(visit, _SEARCH, visit.full_api("/api/v1/bills/events.ics", _SEARCH)),
        Path(
            (
                Step(label("Stage", "COMMITTEE").text, camara, "2026-03-01", visit.formats.days(90), False),
                Step(label("Stage", "PLENARY").text, label("Chamber", "SENADO"), _DAY, None, True),
                Step(label("Stage", "LAW").text, None, None, None, False),
            ),
            1,
        ),
        (Entry(_AT, _DAY, camara, opinion, "Parecer pela aprovação.", "CAS", None, False, None),),
        DrawnVote(chart(visit, votes, None), t("design.charts")),
        party_votes(visit, votes),
        _meeting(visit),
        span_bars([(30, 90, 400)]),
    )


def _bill() -> dict[str, Any]:
    return {
        "id": "camara-0", "chamber": "CAMARA", "type": "PL", "identifier": "PL 1432/2024", "status": "AWAITING_OPINION",
        "title": "Institui o Programa Nacional de Telessaúde.", "organization": {"acronym": "CAS"},
        "sponsors": [{"name": "Iara Falcão", "party": "PSB", "state": "PE"}], "authors_count": 3,
        "latest_action": {"kind": "OPINION", "at": _AT, "date": _DAY},
    }  # fmt: skip


def _options(visit: Visit) -> tuple[Option, ...]:
    counts = (("PL", 312, True), ("PEC", 40, False), ("PDL", None, False))
    return tuple(Option(code, visit.words.label("BillType", code).text, count, on) for code, count, on in counts)


def _votes() -> list[dict[str, Any]]:
    options = ("YES",) * 40 + ("NO",) * 28 + ("ABSTAIN",) * 3 + ("ABSENT",) * 10
    parties = ("PT", "PL", "MDB")
    return [
        {"option": option, "party": parties[place % 3], "name": f"Nome {place + 1}", "state": "SP"}
        for place, option in enumerate(options)
    ]


def _meeting(visit: Visit) -> Meeting:
    event = {
        "id": "camara-event-0", "start": _AT, "end": None, "house": "CAMARA", "status": "CANCELLED",
        "organizations": [{"id": None, "name": "Comissão de Saúde", "acronym": "CSAUDE"}], "name": "7ª Reunião",
        "classification": "MEETING",
    }  # fmt: skip
    return meeting(visit, event)
