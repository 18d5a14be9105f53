"""Whatever a source, a visitor or the API writes, a page has the same elements and attributes as with plain text."""

from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from api_gateway.site.api_client import ApiReply, Problem, Refused
from api_gateway.site.bills.bill_query import bill_query
from api_gateway.site.bills.shown_bill import bill_row
from api_gateway.site.charts.tile_map import box
from api_gateway.site.error_pages import NoPage, error_page
from api_gateway.site.page_routes import Form
from api_gateway.site.pages.developers_page import steps_of
from api_gateway.site.pages.follow_page import too_many
from api_gateway.site.pages.home_page import home_view
from api_gateway.site.pages.results_page import results_view
from api_gateway.site.rendering import Shown, html_of
from api_gateway.site.stats.stats_view import stats_view
from api_gateway.site.status.status_view import status_view
from api_gateway.site.visit import Visit
from hypothesis import given, settings
from hypothesis import strategies as st
from legis.languages import Language
from unit.api_gateway_site.conftest import NOW, ORIGINS
from unit.api_gateway_site.records.record_replies import change
from unit.api_gateway_site.replies import page_of, reply, summary
from unit.api_gateway_site.test_stats_page import stats
from unit.api_gateway_site.test_status_page import metrics, source

PAGES = frozenset({"/", "/status", "/votes/{vote_id}", "/legislators/{legislator_id}", "/committees/{organization_id}"})
HOSTILE = st.text(st.sampled_from("<>&\"'/ {}%=;:()!-\\ab\u2028éscriptonload"), min_size=1, max_size=40)
COUNTS = {"yes": 3, "no": 1, "abstain": 0, "other": 0}


def _bill(text: str) -> dict[str, Any]:
    who = {"name": text, "party": text, "state": text, "legislator_id": text}
    body = {"id": text, "acronym": text, "name": text}
    return summary(
        id=text, identifier=text, nickname=text, title=text, status_text=text, sponsors=[who] * 4, organization=body
    )


def _moved(text: str) -> dict[str, Any]:
    told = [{"field": "organization", "old": {"name": text, "acronym": text}, "new": {"name": text, "acronym": text}},
            {"field": "status_text", "old": text, "new": text + text}]  # fmt: skip
    return change(1, bill_id=text, identifier=text, changes=told)


def _home(visit: Visit, text: str) -> Shown:
    vote = {
        "id": text, "description": text, "purpose": "PASSAGE", "house": "CAMARA", "date": "2026-11-01",
        "organization": {"name": text, "acronym": text}, "result": "PASSED", "counts": COUNTS, "counts_published": None,
    }  # fmt: skip
    event = {
        "start": "2026-12-01T12:00:00Z", "house": "SENADO", "name": text, "organizations": [{"name": text}],
        "status": "CANCELLED", "classification": "MEETING",
    }  # fmt: skip
    return Shown("home.html", home_view(visit, reply([_moved(text)]), reply([vote]), reply([event])), text)


def _results(visit: Visit, text: str) -> Shown:
    found = page_of([_bill(text)], 1, suggestions=[text], search={"corrected": [{"from": text, "to": text}]})
    found.document["facets"]["values"]["party"] = [{"value": text, "count": 2}]
    names = reply(
        {
            "legislators": [{"id": text, "name": text, "party": text, "state": text}],
            "organizations": [{"id": text, "name": text, "acronym": text, "house": "CAMARA"}],
        }
    )
    view = results_view(visit, bill_query(visit), found, names, {("author",): page_of([], 3)})
    return Shown("results.html", view, text, description=text)


def _nothing_found(visit: Visit, text: str) -> Shown:
    view = results_view(visit, bill_query(visit), page_of([], 0), None, {("author",): page_of([], 3)})
    return Shown("results.html", view, text)


def _choice(visit: Visit, text: str) -> Shown:
    return Shown("choice.html", {"text": text, "rows": [bill_row(visit, _bill(text))]}, text)


def _status(visit: Visit, text: str) -> Shown:
    told = source(last_error=text, state="STALE", reasons=[f"X{text}"])
    return Shown("status.html", status_view(visit, reply([told]), None, ApiReply("/x", metrics(), {}), None), text)


def _stats(visit: Visit, text: str) -> Shown:
    counted = [{"value": f"x{text}", "count": 3}]
    found = stats(type=counted, status=counted, party=counted, subject=counted, chamber=counted)
    return Shown("stats.html", {"stats": stats_view(visit, found), "box": box()}, text)


def _developers(visit: Visit, text: str) -> Shown:
    steps = steps_of(visit, reply([_bill(text)]), reply([{"identifier": text, "changes": [text]}]), reply([]))
    return Shown("developers.html", {"steps": steps, "guides": ()}, text)


MADE: dict[str, Callable[[Visit, str], Shown]] = {
    "home": _home,
    "results": _results,
    "nothing found": _nothing_found,
    "choice": _choice,
    "status": _status,
    "stats": _stats,
    "developers": _developers,
    "refused": lambda visit, text: error_page(visit, Refused(Problem(text, ((text, text),), text)), text),
    "not found": lambda visit, text: error_page(visit, NoPage(text)),
    "failed": lambda visit, text: error_page(visit, RuntimeError(text), text),
    "followed": lambda visit, text: too_many(visit, Form((("email", text), ("back", f"/{text}"))), 5),
}


class _Elements(HTMLParser):
    """Elements with the names of their attributes, and every address that they lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]


@cache
def _plain(name: str, language: Language) -> _Elements:
    return _seen(name, language, "plain")


def _seen(name: str, language: Language, text: str) -> _Elements:
    query = (("q", text), ("author", text), ("unheard_of", text), (text, "x"))
    visit = Visit(language, f"/{text}", NOW, ORIGINS, query)
    return _Elements(html_of(visit, MADE[name](visit, text), PAGES, offers_mail=True))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", MADE)
@settings(max_examples=10)
@given(text=HOSTILE)
def test_no_text_becomes_markup(name: str, language: Language, text: str) -> None:
    hostile = _seen(name, language, f"x{text}")  # a text of nothing but spaces is no text
    assert hostile.found == _plain(name, language).found
    assert not [one for one in hostile.addresses if one.lower().lstrip().startswith(("javascript:", "data:"))]
