"""What error pages and the answer to a subscription say, and whom they tell people to write to."""

import re
from dataclasses import replace

import pytest
from api_gateway.settings import SiteSettings
from api_gateway.site.api_client import Late, NotFound, RateLimited, Refused, Unavailable
from api_gateway.site.bills.bill_query import bill_query
from api_gateway.site.error_pages import error_page
from api_gateway.site.navigation import contact_link
from api_gateway.site.page_routes import Form
from api_gateway.site.pages.follow_page import too_many
from api_gateway.site.pages.results_page import results_view
from api_gateway.site.rendering import Shown, html_of, reply_of
from api_gateway.site.visit import Visit, split_language
from pydantic import ValidationError
from unit.api_gateway_site.replies import page_of, summary

PAGES = frozenset({"/", "/status", "/developers/{name}"})
FORM = Form((("email", "a@example.org"), ("q", "x"), ("back", "/?q=x")))


def html(visit: Visit, shown: Shown, contact: str = "") -> str:
    return html_of(visit, shown, PAGES, contact=contact)


def main_part(page: str) -> str:
    """The page without header and footer."""
    return page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("error", "leads"),
    [
        (Late(), True),
        (Unavailable(), True),
        (RuntimeError(), True),
        (RateLimited(), False),
        (Refused(), False),
        (NotFound(), False),
    ],
)
def test_where_we_fail_there_is_a_way_to_the_status(visit: Visit, error: Exception, leads: bool) -> None:
    assert ('<a href="/status">Situação do serviço</a>' in main_part(html(visit, error_page(visit, error)))) is leads


@pytest.mark.parametrize(
    ("seconds", "portuguese", "english"),
    [
        (
            1,
            ("Espere 1 segundo e tente", "Tente de novo em 1 segundo."),
            ("Wait 1 second and", "Try again in 1 second."),
        ),
        (9, ("Espere 9 segundos e", "Tente de novo em 9 segundos."), ("Wait 9 seconds and", "Try again in 9 seconds.")),
    ],
)
def test_one_second_is_no_seconds(
    visit: Visit, english_visit: Visit, seconds: int, portuguese: tuple[str, str], english: tuple[str, str]
) -> None:
    for there, said in ((visit, portuguese), (english_visit, english)):
        for error, text in zip((RateLimited(retry_after=seconds), Unavailable(retry_after=seconds)), said, strict=True):
            assert text in main_part(html(there, error_page(there, error)))


def test_people_are_told_to_write_only_where_somebody_reads_it(visit: Visit) -> None:
    shown = error_page(visit, RuntimeError(), "4bf92f35")
    alone, with_mail = html(visit, shown), html(visit, shown, "legis@example.org")
    assert "escreva" not in alone.lower()
    assert "Código deste erro: <code>4bf92f35</code>" in alone
    assert 'href="mailto:' not in alone
    assert '<a href="mailto:legis@example.org">Se continuar, escreva para nós</a> e cite o código' in with_mail
    assert '<a href="mailto:legis@example.org">Avisar de um erro</a>' in with_mail
    assert "Avisar de um erro" not in alone


def test_a_contact_is_an_address_of_mail_or_of_the_web() -> None:
    assert contact_link("https://example.org/contact") == "https://example.org/contact"
    assert contact_link("") == ""
    for wrong in ("javascript:alert(1)", "somebody", "a b@example.org", "http://a b"):
        with pytest.raises(ValidationError):
            SiteSettings(site_contact=wrong)


def test_the_footer_leads_to_files_guides_and_source(visit: Visit) -> None:
    footer = html(visit, error_page(visit, Late())).partition("<footer")[2]
    for link in ("/api/v1/exports", "/developers/freshness", "/developers/watch", "https://github.com/legis-br/legis"):
        assert f'href="{link}"' in footer, link


@pytest.mark.parametrize(("seconds", "said"), [(40, "Espere 40 s, volte"), (4000, "Espere 1 h 6 min, volte")])
def test_who_asks_too_often_is_told_how_long_to_wait(visit: Visit, seconds: int, said: str) -> None:
    shown = too_many(visit, FORM, seconds)
    page = html(visit, shown)
    assert said in page
    assert 'href="/?q=x"' in page
    reply = reply_of(page, visit, shown)
    assert (reply.status_code, reply.headers["retry-after"]) == (429, str(seconds))
    assert "Volte mais tarde" in html(visit, too_many(visit, FORM, None))


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "/\\evil.example/x", "/\t/evil.example/x", "/\t\\/evil.example/x"]
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_address_with_more_slashes_leads_to_no_other_host(visit: Visit, prefix: str, path: str) -> None:
    language, own = split_language(prefix + path)
    assert own == "/evil.example/x"
    there = replace(visit, language=language, path=own)
    page = html(there, error_page(there, NotFound()))
    assert re.findall(r'class="lang" href="([^"]*)"', page) == ["/evil.example/x" if prefix else "/en/evil.example/x"]


@pytest.mark.parametrize(
    "back",
    ["//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "/x\\y", "https://evil.example", ""],
)
def test_the_way_back_is_a_page_of_ours(visit: Visit, back: str) -> None:
    page = main_part(html(visit, too_many(visit, Form((("back", back),)), None)))
    assert re.findall(r'<a href="([^"]*)"', page)[-1:] == ["/"]


def test_who_is_refused_is_led_to_what_needs_no_subscription(visit: Visit) -> None:
    text = visit.words.t("follow.refused_text")
    assert ("Atom" in text, "iCal" in text) == (True, True)


def test_who_cannot_follow_by_mail_is_told_so(visit: Visit) -> None:
    there = replace(visit, query=(("q", "x"),))
    shown = Shown("results.html", results_view(there, bill_query(there), page_of([summary()], 1)), "T")
    for offered in (True, False):
        page = html_of(there, shown, PAGES, offered)
        assert ('name="email"' in page, "não envia e-mails no momento" in page) == (offered, not offered)
