"""What people do: search, filter, page, open, come back; by the keyboard alone, without scripts, without the API."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from browser.table_of_pages import Ask
from playwright.sync_api import BrowserContext, Page, expect


def query_of(tab: Page) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(tab.url).query)


def test_search_filter_open_and_come_back(context: BrowserContext, site: str, ask: Ask) -> None:
    tab = context.new_page()
    tab.goto(site)
    tab.get_by_role("searchbox").or_(tab.get_by_role("combobox")).fill("saude")
    tab.get_by_role("button", name="Buscar").click()
    expect(tab.locator("#rs")).to_contain_text("projeto")
    assert ("q", "saude") in query_of(tab)
    box = tab.locator("input[name=type]").first
    counted = f"/api/v1/bills?q=saude&type={box.get_attribute('value')}&sort=relevance&count=exact"
    before = ask(counted)["page"]["count"]["value"]
    box.check()
    expect(tab.locator(".tag", has_text="remover filtro")).to_have_count(1)
    assert dict(query_of(tab))["type"] == box.get_attribute("value")
    shown = int(tab.locator("#rs").inner_text().split()[0].replace(".", ""))
    assert before <= shown <= ask(counted)["page"]["count"]["value"], "the sample grows, the page is of just now"
    assert tab.evaluate("document.activeElement.name") == "type", "focus stays where the visitor was"
    tab.go_back()
    expect(tab.locator(".tag", has_text="remover filtro")).to_have_count(0)
    tab.locator(".bills h3 a").first.click()
    expect(tab.locator("h1")).to_contain_text("/")
    tab.go_back()
    expect(tab.locator("#rs")).to_contain_text("projeto")


def test_a_place_on_the_page_is_gone_to_without_loading_it_again(context: BrowserContext, site: str) -> None:
    tab = context.new_page()
    tab.goto(f"{site}/?q=saude&sort=relevance")
    tab.evaluate("document.querySelector('#search-form').kept = true")
    tab.locator("a[href='#seguir']").first.click()
    tab.locator("a.skip").focus()
    tab.keyboard.press("Enter")
    tab.evaluate("addEventListener('popstate', () => { window.popped = true; })")
    tab.go_back()
    tab.wait_for_function("window.popped")
    assert tab.url.endswith("#seguir")
    assert tab.locator("main[aria-busy]").count() == 0
    assert tab.evaluate("document.querySelector('#search-form').kept") is True
    tab.locator("input[name=type]").first.check()
    expect(tab.locator(".tag", has_text="remover filtro")).to_have_count(1)
    tab.go_back()
    expect(tab.locator(".tag", has_text="remover filtro")).to_have_count(0)


def test_the_address_is_the_query_of_the_api(context: BrowserContext, site: str, ask: Ask) -> None:
    tab = context.new_page()
    tab.goto(f"{site}/?q=saude&type=PL&in_progress=true&sort=-introduced_on")
    replied = ask(f"/api/v1/bills?{urlsplit(tab.url).query}")
    assert tab.locator(".bills .id > a").all_inner_texts() == [bill["identifier"] for bill in replied["data"]]
    tab.get_by_text("Copiar como curl").click()
    assert "type=PL&in_progress=true&sort=-introduced_on'" in tab.locator("#curl").inner_text()


def test_pages_go_on_and_back_to_the_start(context: BrowserContext, site: str) -> None:
    tab = context.new_page()
    tab.goto(f"{site}/?sort=-introduced_on")
    first = tab.locator(".bills .id > a").all_inner_texts()
    tab.get_by_role("link", name="Próxima página").click()
    expect(tab.get_by_role("link", name="Voltar ao início")).to_be_visible()
    assert tab.locator(".bills .id > a").all_inner_texts() != first
    tab.get_by_role("link", name="Voltar ao início").click()
    expect(tab.get_by_role("link", name="Voltar ao início")).to_have_count(0)
    assert tab.locator(".bills .id > a").all_inner_texts() == first


def test_suggestions_by_the_keyboard(context: BrowserContext, site: str) -> None:
    tab = context.new_page()
    tab.goto(site)
    tab.locator("#q").press_sequentially("saud")
    expect(tab.get_by_role("option").first).to_be_visible()
    tab.keyboard.press("ArrowDown")
    chosen = tab.locator("[role=option][aria-selected=true]").inner_text()
    assert tab.locator("#q").input_value() == chosen
    tab.keyboard.press("Escape")
    assert tab.locator("#q").input_value() == "saud"
    expect(tab.get_by_role("listbox")).to_be_hidden()


def test_everything_is_reached_by_the_keyboard(context: BrowserContext, site: str) -> None:
    tab = context.new_page()
    tab.goto(site)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "c"
    tab.keyboard.press("Tab")
    tab.keyboard.type("saude")
    tab.keyboard.press("Enter")
    expect(tab.locator("#rs")).to_contain_text("projeto")
    tab.locator("#q").focus()
    seen = []
    for _ in range(60):
        tab.keyboard.press("Tab")
        seen.append(tab.evaluate("document.activeElement.tagName + (document.activeElement.name || '')"))
        outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none" or seen[-1] == "BODY", f"no visible focus on {seen[-1]}"
    assert {"BUTTON", "A", "SELECTsort"} <= set(seen)


def test_search_and_filter_without_scripts(windows: Any, site: str) -> None:
    tab = windows(java_script_enabled=False).new_page()
    tab.goto(site)
    tab.locator("#q").fill("saude")
    tab.get_by_role("button", name="Buscar").click()
    tab.locator("input[name=chamber]").first.check()
    tab.get_by_role("button", name="Aplicar filtros").click()
    assert dict(query_of(tab))["chamber"]
    assert dict(query_of(tab))["sort"] == "relevance"
    assert tab.locator("[data-copy]").is_hidden()


def test_the_other_language_keeps_page_and_query(context: BrowserContext, site: str) -> None:
    tab = context.new_page()
    tab.goto(f"{site}/?q=saude&type=PL&sort=relevance")
    tab.get_by_role("link", name="English").click()
    assert urlsplit(tab.url).path == "/en"
    assert query_of(tab) == [("q", "saude"), ("type", "PL"), ("sort", "relevance")]
    expect(tab.locator("html")).to_have_attribute("lang", "en")
    tab.locator("input[name=chamber]").first.check()
    expect(tab.locator(".tag", has_text="remove filter")).to_have_count(2)
    tab.get_by_role("link", name="Português").click()
    assert "chamber" in dict(query_of(tab)), "the link follows the filters that were set since"


def test_a_bill_prints_without_what_is_only_for_the_screen(context: BrowserContext, site: str, ask: Ask) -> None:
    tab = context.new_page()
    tab.goto(f"{site}/bills/{ask('/api/v1/bills?limit=1')['data'][0]['id']}")
    tab.emulate_media(media="print")
    for hidden in (".nav", ".noprint", ".foot nav"):
        assert not any(one.is_visible() for one in tab.locator(hidden).all()), hidden
    assert tab.locator("h1").is_visible()


def test_results_print_with_their_list_and_without_controls(context: BrowserContext, site: str) -> None:
    tab = context.new_page()
    tab.goto(f"{site}/?q=saude&sort=relevance")
    rows = tab.locator(".bills > li")
    assert rows.count() > 1
    tab.emulate_media(media="print")
    assert all(row.is_visible() for row in rows.all())
    assert tab.locator("#rs").is_visible()
    for hidden in (".search", ".facets", "#so", "form .btn"):
        assert not any(one.is_visible() for one in tab.locator(hidden).all()), hidden


def test_while_the_api_is_away(context: BrowserContext, lonely_site: str) -> None:
    tab = context.new_page()
    reply = tab.goto(f"{lonely_site}/pl/2630/2020")
    assert reply is not None
    assert reply.status == 503
    expect(tab.locator("h1")).to_have_text("Não conseguimos buscar agora")
    expect(tab.get_by_role("link", name="Tentar de novo")).to_have_attribute("href", "/pl/2630/2020")
