"""Each row of the table: accessible, valid, within its budget, in both themes and languages, without scripts too."""

import re
import urllib.error
import urllib.request
from typing import Any

import pytest
from browser.conftest import html_errors
from browser.table_of_pages import PAGES, Page

LOOKS = ((1440, "light", "pt"), (360, "dark", "en"), (320, "light", "pt"), (1440, "dark", "en"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIRST_VIEW, HTML, CSS, JS = 60_000, 15_000, 8_000, 10_000
MOST_ELEMENTS = 1500
LATEST_PAINT = 1000
"""Milliseconds, at a processor four times as slow."""

BARE = "data:text/html,<!doctype html><p>bare</p>"
BUSY = 150
"""Milliseconds to paint a page of one word; where that takes longer, the machine is measured and not the page."""

VITALS = """() => new Promise(done => {
    let shift = 0, paint = 0;
    new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) shift += e.value; }))
        .observe({type: 'layout-shift', buffered: true});
    new PerformanceObserver(l => l.getEntries().forEach(e => { paint = e.startTime; }))
        .observe({type: 'largest-contentful-paint', buffered: true});
    setTimeout(() => done([shift, paint]), 500);
})"""
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda one: one.name)


@each_page
@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_axe_finds_nothing(
    windows: Any, address: Any, axe: str, page: Page, width: int, scheme: Any, language: str
) -> None:
    tab = windows(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True).new_page()
    reply = tab.goto(address(page, language))
    assert reply is not None
    assert reply.status == page.status
    assert tab.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways"
    assert tab.evaluate("document.querySelectorAll('*').length") <= MOST_ELEMENTS
    tab.evaluate(axe)
    found = tab.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES)
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


@each_page
def test_nothing_breaks_the_policy(windows: Any, address: Any, page: Page) -> None:
    said: list[str] = []
    tab = windows().new_page()
    tab.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(address(page))
    tab.wait_for_load_state("networkidle")
    assert [text for text in said if "status of 4" not in text] == []


@each_page
@pytest.mark.parametrize("language", ["pt", "en"])
def test_the_html_is_valid(address: Any, page: Page, language: str) -> None:
    try:
        with urllib.request.urlopen(address(page, language), timeout=30) as reply:
            html = reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            html = error.read().decode()
    assert html_errors(html) == ""


@each_page
def test_the_budget_is_kept(windows: Any, address: Any, page: Page) -> None:
    context = windows(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    tab.goto(address(page))  # once before: the first page of a process reads its templates
    wire = context.new_cdp_session(tab)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sizes: dict[str, float] = {}
    kinds: dict[str, str] = {}
    wire.on("Network.responseReceived", lambda seen: kinds.update({seen["requestId"]: seen["type"]}))
    wire.on(
        "Network.loadingFinished",
        lambda seen: sizes.update({seen["requestId"]: seen["encodedDataLength"]}),
    )
    paints = []
    for _ in range(3):  # other processes share the machine: the best of three is the page's own
        sizes.clear()
        tab.goto(address(page), wait_until="load")
        shift, paint = tab.evaluate(VITALS)
        assert round(shift, 2) == 0, "something moves while it loads"
        paints.append(paint)
    of_kind = {kind: sum(size for one, size in sizes.items() if kinds.get(one) == kind) for kind in set(kinds.values())}
    assert sum(sizes.values()) <= FIRST_VIEW
    assert of_kind["Document"] <= HTML
    assert of_kind["Stylesheet"] <= CSS
    assert of_kind["Script"] <= JS
    if min(paints) > LATEST_PAINT:
        tab.goto(BARE)
        if (bare := tab.evaluate(VITALS)[1]) > BUSY:
            pytest.skip(f"the machine is busy: one word took {bare:.0f} ms, the page {min(paints):.0f} ms")
    assert min(paints) <= LATEST_PAINT


@each_page
def test_the_page_is_whole_without_scripts(windows: Any, address: Any, page: Page) -> None:
    texts = []
    for scripts in (True, False):
        tab = windows(java_script_enabled=scripts).new_page()
        tab.goto(address(page))
        said = " ".join(tab.locator("main h1, main h2").all_inner_texts())
        texts.append(re.sub(r"\d+", "n", said))  # the sample may still grow between the two
    assert texts[0] == texts[1]
    assert texts[0]
