"""The pages say in words what the API names by keys: former parties, parameters and codes of a refusal, addresses."""

import re
from dataclasses import replace

import pytest
from api_gateway.site.api_client import NotFound, Problem, Refused
from api_gateway.site.bills.bill_query import bill_query, value_text
from api_gateway.site.error_pages import error_page
from api_gateway.site.formats import Formats
from api_gateway.site.pages.records.legislator_page import party_choices, shown_legislator
from api_gateway.site.pages.results_page import results_view
from api_gateway.site.rendering import Shown, html_of
from api_gateway.site.stats.value_words import label
from api_gateway.site.status.source_view import past_of
from api_gateway.site.visit import Visit
from legis.languages import Language
from unit.api_gateway_site.records.record_replies import legislator
from unit.api_gateway_site.replies import page_of, reply, summary

PAGES = frozenset({"/", "/status"})
VALUES = "'X' não é um valor aceito. Valores: CAMARA, CONGRESSO, SENADO"


def main_part(page: str) -> str:
    """The page without its head, header and footer, as text."""
    return re.sub("<[^>]+>", "", page.partition("<main")[2].partition("</main>")[0].partition(">")[2])


@pytest.mark.parametrize(
    ("key", "text"),
    [("PL-1985", "PL (1985)"), ("PP", "PP"), ("PSDB-CIDADANIA", "PSDB-CIDADANIA"), ("S.PART.", "S.PART."), ("", "")],
)
def test_a_former_party_stands_with_its_year(visit: Visit, key: str, text: str) -> None:
    assert Formats(Language.PORTUGUESE).party(key) == text
    assert value_text(visit.words, "party", key) == text
    assert label(visit, "party", key) == text
    assert [one.text for one in party_choices(visit, key) if one.selected or not key][:1] == (
        [text] if key else ["AGIR"]
    )


def test_wherever_people_read_it(visit: Visit) -> None:
    there = replace(visit, query=(("q", "a"), ("party", "PL-1985")))
    sponsors = [{"name": "Ana", "party": "PP-1980", "state": "MT", "legislator_id": None}]
    view = results_view(there, bill_query(there), page_of([summary(sponsors=sponsors)], 1))
    results = html_of(there, Shown("results.html", view, "T"), PAGES)
    person = legislator(party="PP-1980", state="MT")
    shown = shown_legislator(visit, reply(person), None, None)
    page = html_of(visit, shown, PAGES)
    for html in (results, page):
        assert "PP (1980)-MT" in html
        assert "PP-1980" not in main_part(html)
    assert "Partido de quem assina: PL (1985)" in main_part(results)
    assert shown.title.endswith("(PP (1980)-MT)")


def refused(visit: Visit, *errors: tuple[str, str]) -> str:
    there = replace(visit, path="/votes", query=tuple((name, "X") for name, _ in errors))
    page = html_of(there, error_page(there, Refused(Problem("", errors))), PAGES)
    return main_part(page).replace("&#39;", "'")


def test_a_refusal_names_parameters_and_values_in_words(visit: Visit, english_visit: Visit) -> None:
    said = refused(visit, ("house", VALUES))
    assert "Casa: 'X' não é um valor aceito. Valores: Câmara (CAMARA), Congresso (CONGRESSO), Senado (SENADO)" in said
    assert "Tirar “Casa” do endereço" in said
    english = refused(english_visit, ("result", "'GOOD' is no value of it. Allowed: FAILED, PASSED"))
    assert "Result: 'GOOD' is no value of it. Allowed: Failed (FAILED), Passed (PASSED)" in english
    near = refused(visit, ("kind", "'MOVE' não é um valor aceito; você quis dizer MOVED?"))
    assert "Mudança: 'MOVE' não é um valor aceito; você quis dizer Andou (MOVED)?" in near
    assert "'CAMARA' deve" in refused(visit, ("house", "'CAMARA' deve ser outra coisa")), "what was typed stays"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("in_office", "Em exercício"), ("active", "Em atividade"), ("classification", "Tipo de órgão"),
        ("nominal", "Votação nominal"), ("purpose", "O que se votou"), ("from", "De"), ("to", "Até"),
        ("bill", "Projeto"), ("legislator", "Parlamentar"), ("option", "Voto"), ("source", "Fonte"),
    ],
)  # fmt: skip
def test_every_parameter_of_the_pages_has_a_name(visit: Visit, name: str, said: str) -> None:
    assert f"{said}: x" in refused(visit, (name, "x"))


def test_of_an_unknown_parameter_no_list_of_the_api_is_shown(visit: Visit, english_visit: Visit) -> None:
    said = refused(visit, ("foo", "não é um parâmetro deste endereço. Parâmetros: format, dialect, from"))
    assert "foo: não é um parâmetro deste endereço." in said
    assert "dialect" not in said
    assert "dialect" not in refused(english_visit, ("foo", "is not a parameter here. Allowed: format, dialect"))


def test_an_address_that_leads_nowhere_is_named_as_it_was_asked_for(visit: Visit, english_visit: Visit) -> None:
    for there, path in ((visit, "/pl/9/2022"), (english_visit, "/en/pl/9/2022")):
        there = replace(there, path="/pl/9/2022")
        assert f" {path} " in main_part(html_of(there, error_page(there, NotFound()), PAGES))


def test_a_share_of_time_says_that_reading_in_part_is_counted_too(visit: Visit) -> None:
    days = [{"date": "2026-11-27", "state": "PARTIAL", "seconds": 1000, "seconds_current": 998}]
    t = visit.words.t
    assert past_of(visit, days).share == "99,80\u00a0%"
    assert (t("status.up_in", n=90), t("status.current")) == ("Em dia ou em parte, em 90 dias", "Em dia ou em parte")


def test_a_subject_is_said_as_its_bills_have_it(visit: Visit) -> None:
    def chip(value: str, *subjects: str) -> str:
        there = replace(visit, query=(("subject", value),))
        return results_view(there, bill_query(there), page_of([summary(subjects=list(subjects))], 1)).chips[0].text

    assert chip("politica-social-saude", "Educação", "Política Social / Saúde") == "Assunto: Política Social / Saúde"
    assert chip("financa-publica-e-orcamento") == "Assunto: Finança pública e orçamento"
    assert chip("-saude", "Saúde") == "sem: Assunto: Saúde"
    assert chip("Direitos Humanos") == "Assunto: Direitos Humanos", "a name stays as it was written"
    assert value_text(visit.words, "subject", "saude") == "Saúde"
