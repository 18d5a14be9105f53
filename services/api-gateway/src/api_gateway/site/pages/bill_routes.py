"""`/bills/{id}`, `/pl/2630/2020` and `/lei/14510/2022`: from an address to the page of a bill, or to a choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.api_client import Api, ApiReply, Refused
from api_gateway.site.bills.bill_address import are_one, bears_alone, label_of, plain_number, readable
from api_gateway.site.bills.shown_bill import BillRow, bill_row
from api_gateway.site.error_pages import NoPage
from api_gateway.site.page_routes import Elsewhere, PageRoute
from api_gateway.site.pages.bill_page import bill_parts, shown_bill
from api_gateway.site.rendering import Shown
from api_gateway.site.visit import Visit

CALLS = 7
"""Whose number it is, the bill, four replies about it, and its record in the other house; the decision on pages says
why.
"""


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """Several bills of one name. `text` says why there are several."""

    text: str
    rows: tuple[BillRow, ...]


async def show_by_id(visit: Visit, api: Api) -> Shown | Elsewhere:
    """The readable address, where the bill's number is its own; else the page."""
    bill = await api.get(f"/api/v1/bills/{visit.params['bill_id']}")
    if (path := await _own_address(api, bill.data)) is not None:
        return Elsewhere(visit.url(path), permanent=True)
    return shown_bill(visit, await bill_parts(api, bill))


async def show_by_number(visit: Visit, api: Api) -> Shown | Elsewhere:
    """The bill of that number, in the house where it moved last; a choice where several have it; the bill's present
    number where it has another one now, and a choice where several had this one.
    """
    params = visit.params
    type_code, number, year = params["type_code"], plain_number(params["number"]), params["year"]
    label = label_of(type_code, number, year)
    if label is None:
        raise NoPage()
    if (type_code, number) != (type_code.lower(), params["number"]):
        return Elsewhere(visit.url(f"/{type_code.lower()}/{number}/{year}", visit.query), permanent=True)
    found = await _resolved(api, label)
    bearing = [one for one in found if one["identifier"] == label]
    if not found:
        raise NoPage(label)
    bill = await _moved_last(api, bearing or found)
    if not bearing:
        if not are_one(bill.data, found):
            return _choice(visit, "bill.choice_former", label, found)
        return Elsewhere(visit.url(f"/bills/{bill.data['id']}"), permanent=True)
    if not bears_alone(bill.data, bearing):
        return _choice(visit, "bill.choice", label, bearing)
    return shown_bill(visit, await bill_parts(api, bill))


async def show_by_law(visit: Visit, api: Api) -> Shown | Elsewhere:
    """The bill that became the law; a choice where several did, and bills that name the law where none is known."""
    number, year = visit.params["number"].replace(".", ""), visit.params["year"]
    if not (number.isdecimal() and year.isdecimal() and len(number) <= 6 and len(year) == 4):
        raise NoPage()
    found = await _resolved(api, f"Lei {int(number)}/{year}")
    written = f"{int(number):,}".replace(",", ".")
    if not found:
        return Elsewhere(visit.url("/", [("q", f'"lei nº {written}"'), ("sort", "relevance")]))
    bill = await _moved_last(api, found)
    if not are_one(bill.data, found):
        return _choice(visit, "bill.choice_law", f"Lei nº {written}/{year}", found)
    return Elsewhere(visit.url(await _own_address(api, bill.data) or f"/bills/{bill.data['id']}"))


async def _own_address(api: Api, bill: Mapping[str, Any]) -> str | None:
    """The readable address, where it leads to this bill alone."""
    path = readable(bill)
    alone = path is not None and bears_alone(bill, await _resolved(api, bill["identifier"]))
    return path if alone else None


async def _moved_last(api: Api, found: Sequence[Mapping[str, Any]]) -> ApiReply:
    """The bill of these with the newest action, whole."""
    newest = max(found, key=lambda one: (one["last_action_at"] or "", one["id"]))
    return await api.get(f"/api/v1/bills/{newest['id']}")


def _choice(visit: Visit, words: str, label: str, bearing: Sequence[Mapping[str, Any]]) -> Shown:
    view = ChoiceView(visit.words.t(f"{words}_text"), tuple(bill_row(visit, one) for one in bearing))
    title = visit.words.t(words, n=len(bearing), label=label)
    return Shown("choice.html", view, title, indexed=False)


async def _resolved(api: Api, label: str) -> Sequence[Mapping[str, Any]]:
    try:
        found: Sequence[Mapping[str, Any]] = (await api.get("/api/v1/resolve", [("q", label)])).data
    except Refused:  # no label to the API, so no bill has it
        return ()
    return found


BY_ID = (PageRoute("/bills/{bill_id}", show_by_id, calls=CALLS),)
BY_NUMBER = (
    PageRoute("/lei/{number}/{year}", show_by_law),
    PageRoute("/{type_code}/{number}/{year}", show_by_number, calls=CALLS),
)
"""Addresses that would match others' too: they come last."""
