"""What the results of a search show, from the API's replies; the query of an address, and ways to follow it."""

import re
from dataclasses import replace
from typing import Any

import pytest
from api_gateway.site.api_client import ApiReply
from api_gateway.site.bills.bill_query import BillQuery, bill_query, filter_text
from api_gateway.site.error_pages import ErrorView
from api_gateway.site.following import follow_search, search_document
from api_gateway.site.freshness import badge
from api_gateway.site.json_ld import as_data_block
from api_gateway.site.navigation import HEADER, Link, shown
from api_gateway.site.pages.home_page import home_view
from api_gateway.site.pages.results_page import results_view
from api_gateway.site.pages.wider_search import to_leave_out
from api_gateway.site.rendering import Shown, html_of
from api_gateway.site.visit import Visit, split_language
from legis.languages import Language
from unit.api_gateway_site.conftest import NOW
from unit.api_gateway_site.records.record_replies import change
from unit.api_gateway_site.replies import META, page_of, reply, summary

QUERY = (("q", "saúde"), ("type", "PL,PEC"), ("year", ""), ("format", "csv"), ("sort", "relevance"), ("cursor", "x"))


def test_the_query_of_an_address(visit: Visit) -> None:
    query = bill_query(replace(visit, query=QUERY))
    assert query.pairs == (
        ("q", "saúde"), ("type", "PL"), ("type", "PEC"), ("sort", "relevance"), ("cursor", "x"),
    )  # fmt: skip
    assert query.filters == (("type", "PL"), ("type", "PEC"))
    assert query.without_pair(("type", "PL")) == (("q", "saúde"), ("type", "PEC"), ("sort", "relevance"))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("type", "PL", "Projeto de lei (PL)"),
        ("type", "-PL", "sem: Projeto de lei (PL)"),
        ("status", "ARCHIVED", "Arquivado"),
        ("in_progress", "true", "Em andamento"),
        ("year", "2024", "Ano: 2024"),
        ("unheard_of", "x", "unheard_of: x"),
        ("q", "x", "Busca: x"),
    ],
)
def test_a_filter_in_words(visit: Visit, name: str, value: str, said: str) -> None:
    assert filter_text(visit.words, name, value) == said


def test_results(visit: Visit) -> None:
    there = replace(visit, query=QUERY)
    found = page_of([summary(highlight={"title": "<mark>a</mark>", "matches": [{"field": "title"}]})], 3,
                    suggestions=["saude"], search={"corrected": [{"from": "a", "to": "b"}]})  # fmt: skip
    view = results_view(there, bill_query(there), found)
    assert (view.count, view.corrected) == (3, (("a", "b"),))
    assert view.meant[0].address == "/?q=saude&type=PL&type=PEC&sort=relevance"
    assert view.rows[0].matched == ("na ementa",)
    facet = next(one for one in view.facets if one.name == "type")
    assert [(one.value, one.count, one.checked) for one in facet.first] == [("PL", 2, True), ("PEC", 1, True)]
    assert view.pager.next is not None
    assert view.pager.next.endswith("cursor=abc")
    assert view.csv == "/api/v1/bills?q=sa%C3%BAde&type=PL&type=PEC&format=csv&dialect=excel-pt"
    assert view.curl == "curl 'https://legis.example/api/v1/bills?q=sa%C3%BAde&type=PL&type=PEC&sort=relevance'"
    assert "sort" not in view.follow.atom
    assert view.calendar == "https://legis.example/api/v1/bills/events.ics?q=sa%C3%BAde&type=PL&type=PEC"
    html = html_of(there, Shown("results.html", view, "T"), {"/"})
    assert len(re.findall(r'<a href="[^"]+/bills/events\.ics\?q=sa%C3%BAde&amp;type=PL&amp;type=PEC"', html)) == 2


def test_a_chosen_value_that_was_not_counted_stays(visit: Visit) -> None:
    there = replace(visit, query=(("type", "PLN"),))
    facet = next(one for one in results_view(there, bill_query(there), page_of([], 0)).facets if one.name == "type")
    assert (facet.first[0].value, facet.first[0].count, facet.first[0].checked) == ("PLN", None, True)


@pytest.mark.parametrize(
    ("given", "found", "places", "left_out"),
    [
        ((("q", "a"), ("type", "PL")), True, 1, [("type",)]),
        ((("q", "a"), ("type", "PL")), False, 1, [("type",)]),
        ((("q", "a"), ("type", "PL"), ("state", "SP")), True, 1, [("type",)]),
        ((("q", "a"), ("type", "PL"), ("state", "SP")), False, 1, [("type", "state")]),
        ((("type", "PL"), ("year", "2020")), True, 2, [("type",), ("year",)]),
        ((("type", "PL"), ("year", "2020"), ("party", "PT")), True, 2, [("type",), ("type", "party", "year")]),
        ((("q", "a"),), False, 1, []),
        ((("type", "PL"),), True, 0, []),
    ],
)
def test_which_filters_are_left_out(given: Any, found: bool, places: int, left_out: Any) -> None:
    assert list(to_leave_out(BillQuery(given), found, places)) == left_out


def test_an_empty_search_says_what_finds_something(visit: Visit) -> None:
    query = BillQuery((("q", "a"), ("type", "PL"), ("state", "SP")))
    wider = {("type",): page_of([], 1), ("state",): page_of([], 0), ("type", "state"): page_of([], 12), ("x",): None}
    view = results_view(visit, query, page_of([], 0), None, wider)
    assert [(one.text, one.address) for one in view.ways_out] == [
        ("sem “Projeto de lei (PL)” há 1 projeto", "/?q=a&state=SP"),
        ("sem os filtros há 12 projetos", "/?q=a"),
    ]
    assert results_view(visit, query, page_of([summary()], 1), None, wider).ways_out == ()


def test_values_whose_number_is_not_known_are_offered_without_one(visit: Visit) -> None:
    query = BillQuery((("q", "a"), ("type", "PL"), ("year", "2024"), ("party", "PT")))
    listed, several = page_of([summary()], 1), page_of([], 9)
    listed.document["facets"]["values"]["type"] = [{"value": "PL", "count": 1}]
    wider = {("type", "party", "year"): several}
    shown = next(one for one in results_view(visit, query, listed, None, wider).facets if one.name == "type")
    assert [(one.value, one.count, one.checked) for one in shown.first] == [("PL", 1, True), ("PEC", None, False)]


def test_both_answers_are_no_filter(visit: Visit) -> None:
    both = (("in_progress", "true"), ("in_progress", "false"), ("type", "PL"))
    assert bill_query(replace(visit, query=both)).pairs == (("type", "PL"),)
    assert bill_query(replace(visit, query=both[1:])).pairs == both[1:]


def test_a_filter_click_keeps_the_rest_of_the_address(visit: Visit) -> None:
    query = (("in_progress", "false"), ("type", "-PL"), ("limit", "5"), ("author", "Ana"), ("cursor", "x"))
    there = replace(visit, query=query)
    view = results_view(there, bill_query(there), page_of([summary()], 1))
    assert view.kept == (("limit", "5"), ("author", "Ana"))
    html = html_of(there, Shown("results.html", view, "T"), {"/"})
    boxes = re.findall(r'name="in_progress" value="(\w+)"( checked)?>', html)
    assert boxes == [("true", ""), ("false", " checked")]
    assert re.search(r'value="-PL" checked><span>sem: Projeto de lei \(PL\)<', html)


def test_the_file_of_the_most_relevant_is_not_cut(visit: Visit) -> None:
    """Sorted by relevance a file ends after 1000 rows; in any other order it has all."""
    for given, asked in (("relevance", ""), ("-introduced_on", "&sort=-introduced_on")):
        there = replace(visit, query=(("q", "a"), ("sort", given), ("limit", "5")))
        view = results_view(there, bill_query(there), page_of([summary()], 1))
        assert view.csv == f"/api/v1/bills?q=a{asked}&format=csv&dialect=excel-pt"


def test_a_search_as_a_subscription_holds_it() -> None:
    pairs = (("q", "a"), ("type", "PL"), ("type", "PEC"), ("in_progress", "true"))
    assert search_document(pairs) == {"q": "a", "type": ["PL", "PEC"], "in_progress": True}


def test_a_quote_cannot_leave_the_command(visit: Visit) -> None:
    command = follow_search(visit, (("q", "d'água; rm -rf"),)).webhook
    assert command.count("'") % 2 == 0
    assert "\\u0027" in command


def test_the_badge_tells_of_the_worst_and_the_oldest(visit: Visit) -> None:
    late = {**META["freshness"][1], "state": "STALE", "last_success_at": "2026-11-28T10:00:00Z"}  # type: ignore[index]
    found = badge(visit, [META, {"dataset": "sample", "freshness": [META["freshness"][0], late]}])  # type: ignore[index]
    assert found is not None
    assert (found.state.code, found.read_at, found.sample) == ("STALE", "2026-11-28T10:00:00Z", True)
    assert [one.warning for one in found.late] == ["Dados do Senado com atraso de 5 h."]
    assert badge(visit, [{}]) is None


def test_a_house_that_was_never_read_has_no_time(visit: Visit) -> None:
    never = {**META["freshness"][0], "last_success_at": None, "state": "UNKNOWN"}  # type: ignore[index]
    found = badge(visit, [{"freshness": [never]}])
    assert found is not None
    assert (found.read_at, found.state.shape) == (None, "bad")


@pytest.mark.parametrize(
    ("source", "state", "read_at", "pt", "en"),
    [
        ("camara", "STALE", "2026-11-28T13:48:00Z", "Dados da Câmara com atraso de 1 h 12 min.",
         "Data of the Câmara are 1 h 12 min late."),
        ("senado", "STALE", None, "Dados do Senado com atraso.", "Data of the Senado are late."),
        ("camara", "BLOCKED", None, "A leitura da Câmara está bloqueada.", "Reading of the Câmara is blocked."),
        ("senado", "UNKNOWN", None, "Não sabemos se os dados do Senado estão em dia.",
         "We do not know whether the data of the Senado are up to date."),
        ("senado", "NEWER", None, "Não sabemos se os dados do Senado estão em dia.",
         "We do not know whether the data of the Senado are up to date."),
        ("camara", "PARTIAL", "2026-11-28T13:48:00Z", "", ""),
        ("camara", "FRESH", "2026-11-28T13:48:00Z", "", ""),
    ],
)  # fmt: skip
def test_each_page_warns_of_a_house_that_is_not_current(
    visit: Visit, english_visit: Visit, source: str, state: str, read_at: str | None, pt: str, en: str
) -> None:
    told = {"source": source, "state": state, "last_success_at": read_at, "reasons": []}
    for there, said in ((visit, pt), (english_visit, en)):
        one = reply([])
        one.document["meta"] = {"dataset": "live", "freshness": [told]}  # type: ignore[index]
        view = ErrorView("T", "text")
        html = html_of(there, Shown("error.html", view, "T", (one,)), {"/", "/status"})
        assert said in html
        assert ('class="msg warn"' in html) is bool(said)
        assert (there.words.t("frame.late_never") in html) is (bool(said) and read_at is None)


def test_links_appear_with_their_pages(visit: Visit) -> None:
    assert [one.address for one in shown(HEADER, visit, {"/"})] == ["/", "/docs"]
    guides = (Link("/developers/watch", "frame.foot_watch", page="/developers/{name}"),)
    assert [len(shown(guides, visit, pages)) for pages in ({"/"}, {"/developers/{name}"})] == [0, 1]
    assert "/agenda" in [one.address for one in shown(HEADER, visit, {"/", "/agenda"})]


def test_languages_of_addresses(visit: Visit, english_visit: Visit) -> None:
    assert split_language("/en") == (Language.ENGLISH, "/")
    assert split_language("/en/pl/1/2020") == (Language.ENGLISH, "/pl/1/2020")
    assert split_language("/energia") == (Language.PORTUGUESE, "/energia")
    there = replace(english_visit, path="/agenda", query=(("week", "2026-W49"),))
    assert there.translated(Language.PORTUGUESE) == "/agenda?week=2026-W49"
    assert there.translated(Language.ENGLISH) == "/en/agenda?week=2026-W49"
    assert english_visit.url("/") == "/en"


def test_the_home_page_says_only_the_exception(visit: Visit) -> None:
    event = {"start": "2026-12-01T12:00:00Z", "house": "SENADO", "name": "7ª Reunião", "organizations": [],
             "status": "CONFIRMED", "classification": "MEETING"}  # fmt: skip
    gone = {**event, "start": "2026-11-28T10:00:00Z"}
    moved = {**event, "status": "RESCHEDULED"}
    view = home_view(visit, reply([]), reply([]), reply([gone, event, moved]))
    assert view.events is not None
    assert [one.status.text if one.status else None for one in view.events] == [None, "Mudou de dia"]
    assert (view.vote, view.vote_known) == (None, True)
    missing = home_view(visit, reply([]), None, None)
    assert (missing.vote_known, missing.events) == (False, None)


def test_the_home_page_shows_what_moved_today(visit: Visit) -> None:
    early = change(2, changed_at="2026-11-27T20:00:00Z", identifier="PL 2/2024")
    late = change(3, changed_at=NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), identifier="PL 3/2024")
    view = home_view(visit, reply([late, early]), None, None)
    assert ([one.seq for one in view.today], [one.seq for one in view.before]) == ([3], [2])
    html = html_of(visit, Shown("home.html", view, "T"), {"/", "/changes"})
    assert html.index("PL 3/2024") < html.index("Antes de hoje") < html.index("PL 2/2024")
    assert "Nada mudou hoje" not in html
    html = html_of(visit, Shown("home.html", home_view(visit, reply([early]), None, None), "T"), {"/"})
    assert html.index("Nada mudou hoje até agora.") < html.index("Antes de hoje") < html.index("PL 2/2024")
    assert '<time datetime="2026-11-27T20:00:00Z">27 nov, 17h</time>' in html
    nothing = html_of(visit, Shown("home.html", home_view(visit, reply([]), None, None), "T"), {"/"})
    assert ("Nada mudou hoje até agora." in nothing, "Antes de hoje" in nothing) == (True, False)


def test_a_data_block_cannot_end_its_script() -> None:
    said = as_data_block({"a": "</script><b>&", "none": None})
    assert said == '{"a":"\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}'


def test_a_reply_without_meta_is_a_reply() -> None:
    assert ApiReply("/x", {"data": []}, {}).meta == {}
