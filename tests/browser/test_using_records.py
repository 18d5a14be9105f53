"""What scripts add to votings and changes: finding somebody among the votes, and changes that come while one looks."""

from typing import Any

from browser.table_of_pages import Ask, fullest_vote
from playwright.sync_api import BrowserContext, expect

PATIENCE = 120_000
"""Milliseconds: the sample's houses change something every few seconds."""


def test_a_legislator_is_found_among_the_votes(context: BrowserContext, site: str, ask: Ask) -> None:
    path = fullest_vote(ask)
    assert path is not None
    votes: list[dict[str, Any]] = ask(f"/api/v1/vote-events/{path.rpartition('/')[2]}")["data"]["votes"]
    tab = context.new_page()
    tab.goto(site + path)
    parties = tab.locator("#parties > li:visible")
    whole = parties.count()
    assert whole == len({one["party"] for one in votes})
    tab.get_by_label("Achar partido ou parlamentar").fill(votes[0]["name"].upper())
    found = tab.locator(".names > :visible")
    expect(found.first).to_contain_text(votes[0]["name"])
    expect(tab.locator("#found")).to_contain_text(str(found.count()))
    assert found.count() < len(votes)
    assert tab.locator("#parties details[open]:visible").count() == parties.count()
    tab.get_by_label("Achar partido ou parlamentar").fill("")
    expect(parties).to_have_count(whole)
    found.first.wait_for(state="hidden")


def test_changes_come_by_themselves_and_can_be_paused(context: BrowserContext, site: str, ask: Ask) -> None:
    tab = context.new_page()
    tab.goto(f"{site}/changes?kind=MOVED&kind=CREATED&kind=READ&kind=EDITED&kind=CORRECTED")
    newest = int(tab.locator("[data-seq]").first.get_attribute("data-seq") or 0)
    tab.locator(".fresh-change").first.wait_for(timeout=PATIENCE)
    came = int(tab.locator("[data-seq]").first.get_attribute("data-seq") or 0)
    assert came > newest
    assert (
        ask(f"/api/v1/changes?after={came - 1}&limit=1")["data"][0]["identifier"]
        in tab.locator(".change").first.inner_text()
    )
    expect(tab.locator("#live-said")).to_contain_text("mudança")
    tab.get_by_role("button", name="Pausar").click()
    expect(tab.locator("#live-state")).to_have_text("Pausado.")
    expect(tab.get_by_role("button", name="Acompanhar ao vivo")).to_be_visible()


def test_nothing_moves_for_who_wants_no_motion(windows: Any, site: str) -> None:
    tab = windows(reduced_motion="reduce").new_page()
    tab.goto(f"{site}/changes")
    expect(tab.get_by_role("button", name="Acompanhar ao vivo")).to_be_visible()


def test_a_steady_stream_of_changes_is_shown(windows: Any, site: str) -> None:
    """Events that come faster than the page waits for more of them do not put off the reading for ever."""
    tab = windows().new_page()
    tab.add_init_script(
        """window.EventSource = class extends EventTarget {
            constructor() { super(); this.every = setInterval(() => this.dispatchEvent(new Event('change')), 200); }
            close() { clearInterval(this.every); }
        };"""
    )
    with tab.expect_request(lambda one: one.resource_type == "fetch" and "/changes" in one.url, timeout=20_000):
        tab.goto(f"{site}/changes")
