"""Every state that a healthy sample does not show: warnings, refusals, forms, odd records. To add one, add it."""

from collections.abc import Callable, Mapping

from api_gateway.site.api_client import Late, NotFound, Problem, RateLimited, Refused, Unavailable
from api_gateway.site.bills.bill_query import bill_query
from api_gateway.site.bills.shown_bill import bill_row
from api_gateway.site.error_pages import ErrorView, NoPage, error_page
from api_gateway.site.page_routes import Form
from api_gateway.site.pages.bill_page import BillParts, shown_bill
from api_gateway.site.pages.follow_page import too_many
from api_gateway.site.pages.records.committee_page import committee_view
from api_gateway.site.pages.records.legislator_page import shown_legislator
from api_gateway.site.pages.records.meeting_page import shown_meeting
from api_gateway.site.pages.records.vote_page import shown_vote
from api_gateway.site.pages.results_page import results_view
from api_gateway.site.rendering import Shown
from api_gateway.site.visit import Visit
from unit.api_gateway_site.records.record_replies import body, counts, event, item, legislator, votes, voting
from unit.api_gateway_site.replies import bill, entry, journey, page_of, reply, summary

REMOVED = {"removed_at": "2026-11-20T12:00:00Z"}


def _late(visit: Visit) -> Shown:
    """One house late, blocked or unknown is said alike on every page."""
    states = (("camara", "STALE", "2026-11-27T10:00:00Z"), ("senado", "BLOCKED", None), ("other", "UNKNOWN", None))
    told = [{"source": name, "state": state, "last_success_at": at, "reasons": []} for name, state, at in states]
    one = reply([])
    one.document["meta"] = {"dataset": "sample", "freshness": told}  # type: ignore[index]
    return Shown("error.html", ErrorView("T", "text", shape=""), "T", (one,))


def _choice(visit: Visit) -> Shown:
    rows = [bill_row(visit, summary()), bill_row(visit, summary(id="senado-1", chamber="SENADO"))]
    return Shown("choice.html", {"text": visit.words.t("bill.choice_text"), "rows": rows}, "T")


def _results(visit: Visit) -> Shown:
    return Shown("results.html", results_view(visit, bill_query(visit), page_of([summary()], 1)), "T")


def _secret_vote(visit: Visit) -> Shown:
    told = votes(SECRET=60, ABSENT=21)
    one = voting(house="SENADO", secret=True, votes=told, counts=None, counts_published=counts(45, 15))
    return shown_vote(visit, reply(one), reply([summary()]))


def _vote_that_differs(visit: Visit) -> Shown:
    flags = [
        {"code": code, "detail": "x"}
        for code in ("COUNTS_DIFFER", "VOTES_OF_ANOTHER", "DUPLICATE", "RESULT_CONTRADICTS")
    ]
    one = voting(
        votes=votes(YES=30, NO=12), counts=counts(30, 12), counts_published=counts(318, 126), flags=flags,
        duplicate_of="camara-vote-2",
    )  # fmt: skip
    return shown_vote(visit, reply(one), reply([summary()]))


def _removed_bill(visit: Visit) -> Shown:
    parts = BillParts(reply(bill(**REMOVED)), journey(entry()), reply([]), reply([]), reply([]))
    return shown_bill(visit, parts)


def _removed_body(visit: Visit) -> Shown:
    return Shown("committee.html", committee_view(visit, body(**REMOVED), reply([]), reply([])), "T")


STATES: Mapping[str, Callable[[Visit], Shown]] = {
    "late, blocked, unknown": _late,
    "e-mail form": _results,
    "asked too often by mail": lambda visit: too_many(visit, Form((("email", "a@example.org"),)), 1700),
    "choice": _choice,
    "secret vote": _secret_vote,
    "vote that differs": _vote_that_differs,
    "removed bill": _removed_bill,
    "removed vote": lambda visit: shown_vote(visit, reply(voting(votes=votes(YES=2, NO=1), **REMOVED)), None),
    "removed legislator": lambda visit: shown_legislator(visit, reply(legislator(**REMOVED)), reply([]), reply([])),
    "removed committee": _removed_body,
    "removed meeting": lambda visit: shown_meeting(visit, reply(event(agenda=[item()], **REMOVED))),
    "404": lambda visit: error_page(visit, NoPage("PL 99999/2024")),
    "404 or 410 of the API": lambda visit: error_page(visit, NotFound(Problem("There is no such entry."))),
    "429": lambda visit: error_page(visit, RateLimited(retry_after=7)),
    "400": lambda visit: error_page(visit, Refused(Problem("x", (("type", "no such type"),)))),
    "not ready": lambda visit: error_page(visit, Unavailable(Problem("The index is being built."), retry_after=2)),
    "503": lambda visit: error_page(visit, Late(), "4bf92f35"),
    "500": lambda visit: error_page(visit, RuntimeError(), "4bf92f35"),
}
"""Pages of invented replies, by the name of the state."""
