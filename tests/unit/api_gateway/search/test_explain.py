"""Why a bill matches: marks in what is shown, as HTML that is safe."""

import html
import re
from typing import Any

import orjson
import pytest
from api_gateway.search.explain import EXCERPT, Match, marked, matches, wanted
from api_gateway.search.language.analysis import normal
from api_gateway.search.language.text_query import read_text
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "q", "shown"),
    [
        ("Educação básica", "educacao", "<mark>Educação</mark> básica"),
        ("EDUCAÇÕES", "educação", "<mark>EDUCAÇÕES</mark>"),
        ("As obras <b>", "obra", "As <mark>obras</mark> &lt;b&gt;"),
        ("a & b", "direito", "a &amp; b"),
        ("Com saúde sem dor", "saúde -dor", "Com <mark>saúde</mark> sem dor"),
        ("Lei OR nada", "lei OR nada", "<mark>Lei</mark> OR <mark>nada</mark>"),
        ("Lei nº 8.112/90", "8112", "Lei nº <mark>8.112</mark>/90"),
        ("Lei nº 8.112/90", "lei 1990", "<mark>Lei</mark> nº 8.112/<mark>90</mark>"),
        ("Educação e edição", "educ*", "<mark>Educação</mark> e edição"),
        ("Merenda escolar", '"merenda escolar"', "<mark>Merenda</mark> <mark>escolar</mark>"),
        ("Merenda não escolar e escolar", '"merenda escolar"', "Merenda não escolar e escolar"),
        ("A lei e a lei das lei", '"a lei das"', "A lei e <mark>a</mark> <mark>lei</mark> <mark>das</mark> lei"),
        (
            "Consolidação das leis do trabalho",
            "clt",
            "<mark>Consolidação</mark> <mark>das</mark> <mark>leis</mark> <mark>do</mark> <mark>trabalho</mark>",
        ),
        ("Lei do trabalho das artes", "clt", "Lei do trabalho das artes"),
        ("Publicidade na saúde pública", "propaganda", "<mark>Publicidade</mark> na saúde pública"),
        ("A lei de acesso", "de acesso", "A lei de <mark>acesso</mark>"),
        ("educac\u0327a\u0303o", "educação", "<mark>educação</mark>"),
        ("Lei de Diretrizes e Bases", "(bases OR nada) lei", "<mark>Lei</mark> de Diretrizes e <mark>Bases</mark>"),
    ],
)
def test_matching_words_are_marked(text: str, q: str, shown: str) -> None:
    assert marked(wanted(read_text(q)), text) == shown


def test_no_text_has_no_marks() -> None:
    assert marked(wanted(read_text("x")), None) is None


@given(st.text(max_size=80), st.text(max_size=20))
def test_what_is_marked_is_the_escaped_text_and_marks(text: str, q: str) -> None:
    shown = marked(wanted(read_text(q)), text)
    assert shown is not None
    assert html.unescape(re.sub(r"</?mark>", "", shown)) == html.unescape(html.escape(normal(text)))
    assert "<" not in re.sub(r"</?mark>", "", shown)


def found(q: str, *, title: str = "Sem nada", subjects: tuple[str, ...] = (), **stored: Any) -> list[Match]:
    summary = {"identifier": "PL 1/2024", "title": title, "subjects": list(subjects)}
    return matches(wanted(read_text(q)), summary, orjson.dumps(stored) if stored else None)


def test_every_field_that_matches_is_told() -> None:
    assert found(
        "escola", title="Escolas", subjects=("Escola",), nickname="Lei da escola", abstract="Nas escolas.",
        keywords=["livro", "escola", "outra"], authors=["Escola Nova"],
    ) == [
        Match("nickname", "Lei da <mark>escola</mark>"),
        Match("title", "<mark>Escolas</mark>"),
        Match("abstract", "Nas <mark>escolas</mark>."),
        Match("keywords", "<mark>escola</mark>"),
        Match("subjects", "<mark>Escola</mark>"),
        Match("authors", "<mark>Escola</mark> Nova"),
    ]  # fmt: skip


def test_a_label_is_told_and_another_one_only_where_the_first_is_not_meant() -> None:
    assert found("PL 1/2024", labels=["PL 1/2024", "PLC 9/2025"])[0].field == "identifier"
    (match,) = found("2025", labels=["PL 1/2024", "PLC 9/2025"])
    assert match == Match("identifier", "PLC 9/<mark>2025</mark>")


def test_a_field_without_the_whole_phrase_is_not_told() -> None:
    assert found("clt", title="Altera a CLT", abstract="Trata das leis do trabalho e da consolidação.") == [
        Match("title", "Altera a <mark>CLT</mark>")
    ]


def test_what_is_stored_with_an_older_release_may_be_missing() -> None:
    assert found("nada") == [Match("title", "Sem <mark>nada</mark>")]
    assert matches(wanted(read_text("x")), {}, None) == []


@pytest.mark.parametrize("before", [0, 10, 100, 1000])
def test_a_long_text_is_cut_around_its_first_match(before: int) -> None:
    text = "<p> & " * before + "merenda " + "fim " * 500
    (match,) = found("merenda", abstract=text)
    plain = html.unescape(re.sub(r"</?mark>", "", match.excerpt))
    assert "<mark>merenda</mark>" in match.excerpt
    assert len(plain) <= EXCERPT + len("…  …")
    assert plain.endswith(" …")
    assert plain.startswith("… ") == (before > 10)
    assert plain.strip("… ") in text


@given(st.text("ab &<çã. ", max_size=600), st.text("abç", min_size=1, max_size=4))
def test_every_excerpt_is_a_piece_of_the_text(text: str, q: str) -> None:
    for match in found(q, abstract=text):
        plain = html.unescape(re.sub(r"</?mark>", "", match.excerpt))
        assert plain.removeprefix("… ").removesuffix(" …") in normal(text)
        assert "<mark>" in match.excerpt
