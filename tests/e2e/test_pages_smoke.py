"""The pages in a real browser, where there is one: search, open a bill; `make browser-test` tries the rest."""

import pytest
from browser.chromium import HOW, chromium, open_browser
from e2e.conftest import Legis
from playwright.sync_api import expect


def test_a_bill_is_found_and_opened(legis: Legis) -> None:
    if chromium() is None:
        pytest.skip(HOW)
    found = legis.until(lambda: legis.get("/api/v1/bills?q=saude&sort=relevance&limit=1").json()["data"], 60)
    with open_browser() as browser:
        tab = browser.new_page()
        tab.set_default_timeout(60_000)
        refused: list[str] = []
        tab.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        tab.goto(legis.state.site_url)
        tab.locator("#q").fill("saude")
        tab.keyboard.press("Enter")
        expect(tab.locator(".bills .id > a").first).to_have_text(found[0]["identifier"], timeout=60_000)
        tab.locator(".bills h3 a").first.click()
        expect(tab.locator("h1")).to_have_text(found[0]["identifier"], timeout=60_000)
        assert refused == []
