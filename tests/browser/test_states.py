"""Axe on what a healthy sample does not show: warnings, refusals, forms, and the pages that are not the site's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from api_gateway.site.api_client import Late, Problem, RateLimited, Refused
from api_gateway.site.bills.bill_query import bill_query
from api_gateway.site.bills.shown_bill import bill_row
from api_gateway.site.error_pages import ErrorView, error_page
from api_gateway.site.page_routes import Form
from api_gateway.site.pages.follow_page import too_many
from api_gateway.site.pages.results_page import results_view
from api_gateway.site.rendering import Shown, html_of
from api_gateway.site.visit import Origins, Visit
from browser.conftest import html_errors
from browser.test_every_page import NARROWEST, RULES, WIDTH, violations
from e2e.conftest import Legis
from legis.languages import Language
from playwright.sync_api import Page as Tab
from playwright.sync_api import Route
from unit.api_gateway_site.conftest import NOW
from unit.api_gateway_site.replies import page_of, reply, summary

MAINTENANCE = Path(__file__).parents[2] / "deploy/nginx/maintenance.html"
PAGES = frozenset({"/", "/status", "/developers/{name}"})
THEMES = ("light", "dark")


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


STATES: dict[str, Callable[[Visit], Shown]] = {
    "late, blocked, unknown": _late,
    "e-mail form": _results,
    "asked too often by mail": lambda visit: too_many(visit, Form((("email", "a@example.org"),)), 1700),
    "choice": _choice,
    "429": lambda visit: error_page(visit, RateLimited(retry_after=7)),
    "400": lambda visit: error_page(visit, Refused(Problem("x", (("type", "no such type"),)))),
    "503": lambda visit: error_page(visit, Late(), "4bf92f35"),
    "500": lambda visit: error_page(visit, RuntimeError(), "4bf92f35"),
}


def _looked_at(tab: Tab, axe: str) -> list[Any]:
    tab.evaluate(axe)
    found = violations(tab, {"type": "tag", "values": RULES})
    tab.set_viewport_size({"width": NARROWEST, "height": 900})
    return [*found, *(["scrolls sideways"] if tab.evaluate(WIDTH) > NARROWEST else [])]


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize(("language", "theme"), [(Language.PORTUGUESE, "light"), (Language.ENGLISH, "dark")])
def test_axe_finds_nothing_in_a_state(windows: Any, site: str, axe: str, name: str, language: Any, theme: str) -> None:
    visit = Visit(language, "/", NOW, Origins(site), (("q", "saúde"),))
    html = html_of(visit, STATES[name](visit), PAGES, offers_mail=True, contact="legis@example.org")
    assert html_errors(html) == ""
    tab = windows(color_scheme=theme, bypass_csp=True).new_page()

    def answer(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    tab.route(f"{site}/state", answer)
    tab.goto(f"{site}/state")
    assert _looked_at(tab, axe) == []


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_while_the_api_is_away(windows: Any, lonely_site: str, axe: str, theme: str) -> None:
    for path, status in (("/", 503), ("/status", 200), ("/developers", 200)):
        tab = windows(color_scheme=theme, bypass_csp=True).new_page()
        seen = tab.goto(lonely_site + path)
        assert seen is not None
        assert seen.status == status
        assert _looked_at(tab, axe) == []


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_our_pages_of_the_api_and_in_maintenance(
    windows: Any, legis: Legis, axe: str, theme: str
) -> None:
    for address in (f"{legis.base_url}/problems", f"{legis.base_url}/c/x", MAINTENANCE.as_uri()):
        tab = windows(color_scheme=theme, bypass_csp=True).new_page()
        tab.goto(address)
        assert _looked_at(tab, axe) == [], address
