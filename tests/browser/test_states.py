"""Axe and the HTML of what a healthy sample does not show: odd records, refusals, forms, and pages that are not the
site's.
"""

from pathlib import Path
from typing import Any

import pytest
from api_gateway.site.app import ROUTES
from api_gateway.site.rendering import html_of
from api_gateway.site.visit import Origins, Visit
from browser.conftest import html_errors
from browser.table_of_states import STATES
from browser.test_every_page import NARROWEST, RULES, WIDTH, violations
from e2e.conftest import Legis
from legis.languages import Language
from playwright.sync_api import Page as Tab
from playwright.sync_api import Route
from unit.api_gateway_site.conftest import NOW

NGINX = Path(__file__).parents[2] / "deploy/nginx"
PAGES = frozenset(route.path for route in ROUTES)
THEMES = ("light", "dark")
OWN = ("/problems", "/problems/not-found", "/c/x")
"""Pages that the API itself serves."""

READERS = ("/docs", "/redoc")
"""Pages of which the API serves the frame, and a library all else."""

SECONDS_OF_A_LIBRARY = 120
"""Redoc makes 30 000 elements of our description."""


def _looked_at(tab: Tab, axe: str) -> list[Any]:
    tab.evaluate(axe)
    found = violations(tab, {"type": "tag", "values": RULES})
    tab.set_viewport_size({"width": NARROWEST, "height": 900})
    return [*found, *(["scrolls sideways"] if tab.evaluate(WIDTH) > NARROWEST else [])]


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize(("language", "theme"), [(Language.PORTUGUESE, "light"), (Language.ENGLISH, "dark")])
def test_axe_finds_nothing_in_a_state(
    windows: Any, lonely_site: str, axe: str, name: str, language: Any, theme: str
) -> None:
    visit = Visit(language, "/", NOW, Origins(lonely_site), (("q", "saúde"),))
    html = html_of(visit, STATES[name](visit), PAGES, offers_mail=True, contact="legis@example.org")
    assert html_errors(html) == ""
    tab = windows(color_scheme=theme, bypass_csp=True).new_page()

    def answer(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    tab.route(f"{lonely_site}/state", answer)
    tab.goto(f"{lonely_site}/state")
    assert _looked_at(tab, axe) == []


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_while_the_api_is_away(windows: Any, lonely_site: str, axe: str, theme: str) -> None:
    for path, status in (("/", 503), ("/status", 200), ("/developers", 200)):
        tab = windows(color_scheme=theme, bypass_csp=True).new_page()
        seen = tab.goto(lonely_site + path)
        assert seen is not None
        assert seen.status == status
        assert html_errors(seen.text()) == ""
        assert _looked_at(tab, axe) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["maintenance.html", "too-many.html"])
def test_axe_finds_nothing_in_the_pages_of_nginx(windows: Any, axe: str, name: str, theme: str) -> None:
    assert html_errors((NGINX / name).read_text("utf-8")) == ""
    tab = windows(color_scheme=theme, bypass_csp=True).new_page()
    tab.goto((NGINX / name).as_uri())
    assert _looked_at(tab, axe) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", OWN)
def test_axe_finds_nothing_in_the_apis_own_pages(windows: Any, legis: Legis, axe: str, path: str, theme: str) -> None:
    tab = windows(color_scheme=theme, bypass_csp=True).new_page()
    tab.goto(legis.base_url + path)
    assert _looked_at(tab, axe) == []


@pytest.mark.parametrize("path", [*OWN, *READERS])
def test_the_html_of_the_apis_own_pages_is_valid(legis: Legis, path: str) -> None:
    html = legis.get(path, Accept="text/html").body.decode()
    assert "<html" in html
    assert html_errors(html) == ""


def _reader(windows: Any, legis: Legis, path: str, theme: str) -> Tab:
    """A window with one of READERS, which may still be at work."""
    legis.until(lambda: legis.get("/openapi.json").status == 200, within=SECONDS_OF_A_LIBRARY, what="the description")
    tab: Tab = windows(color_scheme=theme, bypass_csp=True).new_page()
    tab.goto(legis.base_url + path)
    return tab


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_the_reference(windows: Any, legis: Legis, axe: str, theme: str) -> None:
    tab = _reader(windows, legis, "/docs", theme)
    tab.locator("#operations-bills-listBills").wait_for(timeout=SECONDS_OF_A_LIBRARY * 1000)
    assert _looked_at(tab, axe) == []
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.locator("#operations-bills-listBills .opblock-summary-control").click()
    tab.locator("#operations-bills-listBills .opblock-body").wait_for(timeout=SECONDS_OF_A_LIBRARY * 1000)
    assert tab.url.endswith("#/bills/listBills")
    assert _looked_at(tab, axe) == []


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_the_reference_to_read(windows: Any, legis: Legis, axe: str, theme: str) -> None:
    tab = _reader(windows, legis, "/redoc", theme)
    tab.locator("#reader h5[aria-level]").first.wait_for(timeout=SECONDS_OF_A_LIBRARY * 1000)
    assert _looked_at(tab, axe) == []
