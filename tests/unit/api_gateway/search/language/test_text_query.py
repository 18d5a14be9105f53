"""The query language: what is an operator, what is text, and that nothing is an error."""

from collections.abc import Callable
from typing import Any

import pytest
from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.language.query_nodes import AllOf, Node, Not, OneOf, Phrase, Prefix, Word, leaves
from api_gateway.search.language.text_query import MAX_WORDS, read_text
from api_gateway.search.language.word_lists import forms
from api_gateway.search.percolator import Percolator
from api_gateway.search.relevance import ranked_page
from api_gateway.search.suggestions import correction, suggest, suggested_text, with_corrections
from hypothesis import example, given
from hypothesis import strategies as st


def said(node: Node | None) -> str:
    """A tree as a text."""
    if node is None:
        return ""
    if isinstance(node, Word):
        return node.token
    if isinstance(node, Phrase):
        return f'"{" ".join(node.tokens)}"'
    if isinstance(node, Prefix):
        return f"{node.beginning}*"
    if isinstance(node, Not):
        return f"-{said(node.node)}"
    return f"({(' & ' if isinstance(node, AllOf) else ' | ').join(map(said, node.nodes))})"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("merenda", "merend"),
        ("merenda digital", "(merend & digital)"),
        ("merenda OR digital", "(merend | digital)"),
        ("merenda OU digital", "(merend | digital)"),
        ("MERENDA OU DIGITAL", "(merend | digital)"),
        ("PROÍBE A MERENDA OU VENDA DIGITAL", "(proib & merend & vend & digital)"),
        ("PROÍBE A MERENDA E A VENDA", "(proib & merend & vend)"),
        ("PROÍBE A MERENDA OR VENDA DIGITAL", "((proib & merend) | (vend & digital))"),
        ("proíbe a MERENDA OU VENDA DIGITAL", "((proib & merend) | (vend & digital))"),
        ("8.112 de 90", "(8112 & 90)"),
        ("lei 9.999 de 90", "(lei & 9999 & 1990)"),
        ("decreto-lei nº 9.997 de 40", "(decret & lei & 9997 & 1940)"),
        ("lei 50 de 90", "(lei & 50 & 90)"),
        ("merenda or digital", "(merend & or & digital)"),
        ("merenda E digital", "(merend & digital)"),
        ("merenda AND digital", "(merend & digital)"),
        ("AND merenda", "(and & merend)"),
        ("merenda AND", "(merend & and)"),
        ("um x OR dois y", "(x | (dois & y))"),
        ("-digital", "-digital"),
        ("merenda -digital fim", "(merend & -digital & fim)"),
        ("merenda - digital", "(merend & digital)"),
        ("seguro-desemprego", "(segur & desempreg)"),
        ('merenda -"dia feliz"', '(merend & -"dia feliz")'),
        ("merenda -(x1 OR x2)", "(merend & -(x1 | x2))"),
        ("merenda OR -digital", "(merend | -digital)"),
        ("(merenda OR digital) fim", "((merend | digital) & fim)"),
        ("(merenda", "merend"),
        ("merenda) fim", "(merend & fim)"),
        ("()", ""),
        ('"merenda escolar"', '"merend escol"'),
        ("“merenda escolar”", '"merend escol"'),
        ('"merenda', "merend"),
        ('"merenda escolar', '"merend escol"'),
        ('""', ""),
        ("educ*", "educ*"),
        ("Educaçã* fim", "(educaca* & fim)"),
        ("e*", "e"),
        ("*", ""),
        ("nº 8.112", "8112"),
        ("-8.112", "-8112"),
        ("lei de diretrizes", "(lei & diretriz)"),
        ("de da do", "(de & da & do)"),
        ("de -merenda", "(de & -merend)"),
        ("que", "que"),
        ("- - -", ""),
        ("-(", ""),
        ("* % '", ""),
    ],
)
def test_what_a_text_asks_for(text: str, tree: str) -> None:
    assert said(read_text(text).tree) == tree


def test_parentheses_may_be_as_deep_as_anybody_likes() -> None:
    for depth in (5, 20, 100):
        assert said(read_text("(" * depth + "merenda" + ")" * depth).tree) in ("merend", "")
    assert said(read_text("(((merenda)))").tree) == "merend"
    assert said(read_text("(" * 190 + ")" * 9).tree) == ""


def test_abbreviations_are_told_and_mean_more() -> None:
    text = read_text("lgpd")
    assert isinstance(text.tree, OneOf)
    assert text.tree.nodes[0] == Word("lgpd", "lgpd")
    assert Phrase(("lei", "13709")) in text.tree.nodes
    (used,) = text.synonyms
    assert used.written == "lgpd"
    assert "lei geral de proteção de dados" in used.meant
    assert read_text("LOAS").tree != read_text("LOA").tree, "no plural of it"


@pytest.mark.parametrize(
    ("written", "common"),
    [
        ("publicidade", "pública"), ("publicidade", "públicos"), ("drogaria", "drogas"), ("grávida", "grave"),
        ("medicamento", "médico"), ("sida", "sido"), ("cão", "ca"), ("índio", "Índia"), ("veículo", "veicular"),
    ],
)  # fmt: skip
def test_a_synonym_is_no_other_word_of_its_stem(written: str, common: str) -> None:
    assert read_text(written).synonyms
    assert read_text(common).synonyms == ()
    assert read_text(f"saúde {common}").synonyms == ()


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("automóvel", "AUTOMÓVEIS"), ("gestante", "gestantes"), ("professor", "professores"), ("avião", "aviões"),
        ("hospital", "hospitais"), ("índio", "indios"), ("professor", "professoras"),
    ],
)  # fmt: skip
def test_a_synonym_stands_for_its_plural_too(listed: str, written: str) -> None:
    assert read_text(written).synonyms[0].meant == read_text(listed).synonyms[0].meant


def test_a_synonym_is_looked_for_as_it_is_spelled() -> None:
    propaganda = read_text("propaganda").tree
    assert isinstance(propaganda, OneOf)
    assert propaganda.nodes[1] == Word("public", "publicidade", ("publicidade", "publicidades"), meant=True)
    assert forms("avião") == ("aviao", "avioes", "aviaes")
    assert forms("loas") == ("loas",), "no plural of an abbreviation"
    assert forms("covid-19") == forms("pena capital") == ()


def test_only_the_first_words_of_a_long_text_are_looked_for() -> None:
    title = " ".join(f"palavra{n}x" for n in range(MAX_WORDS + 5))
    text, whole = read_text(title), read_text(" ".join(title.split()[:MAX_WORDS]))
    assert isinstance(text.tree, AllOf)
    assert len(text.tree.nodes) == MAX_WORDS
    assert (text.tree, text.cut, whole.cut) == (whole.tree, True, False)
    assert text.exact not in (None, whole.exact), "the whole text is compared with titles"
    assert len(list(leaves(read_text("a OU " * 500).tree))) <= MAX_WORDS


def test_words_know_how_they_were_written() -> None:
    text = read_text("Educac\u0327a\u0303o “x y” -nada Básicas")
    words = [leaf for leaf in leaves(text.tree, unwanted=False) if isinstance(leaf, Word)]
    assert [(word.token, word.written) for word in words] == [("educ", "Educação"), ("basic", "Básicas")]
    assert with_corrections(read_text("edukação  básica"), {"edukaca": "educação"}) == "edukação  básica"
    token = read_text("edukassão").tree
    assert isinstance(token, Word)
    assert with_corrections(read_text("a edukassão  básica!"), {token.token: "educação"}) == "a educação  básica!"


QUERIES = st.text(max_size=60) | st.lists(
    st.sampled_from(["a", "lei", "de", "OR", "OU", "AND", "E", "(", ")", "-", '"', "*", "ed*", " ", "nº", "8.112/90",
                     "PL 1/2024", "lgpd", "«", "\u200b", "'", "%", "é"]),
    max_size=30,
).map("".join)  # fmt: skip


@pytest.fixture(scope="module")
def some(indexed: Callable[..., Any]) -> list[Any]:
    titles = ("Altera a Lei nº 8.112/90.", "Educação básica, e dá outras providências", "", "Dia da merenda escolar")
    return [indexed(number, title=title) for number, title in enumerate(titles, 1)]


@pytest.fixture(scope="module")
def percolator(some: list[Any]) -> Percolator:
    return Percolator(some)


@pytest.fixture(scope="module")
def state(some: list[Any], state_of: Callable[..., IndexState]) -> IndexState:
    return state_of(some)


@given(text=QUERIES)
@example(text='"' * 200)
@example(text="(" * 200)
@example(text="-" * 200)
@example(text="a OR " * 40)
def test_every_text_is_a_query_that_the_index_takes(text: str, percolator: Percolator, state: IndexState) -> None:
    read = read_text(text)
    assert (read.tree is None) == (said(read.tree) == "")
    assert percolator.matching(BillFilter(read)) <= {0, 1, 2, 3}
    found = ranked_page(state, BillFilter(read), 10, 0, lambda written: correction(state, written))
    assert len(found.page.hits) <= 4
    suggested = suggested_text(state, read)
    assert suggested is None or read_text(suggested)
    suggest(state, text, 5)


@given(text=st.text('ab*"() -ORE', max_size=24))
def test_spaces_around_a_query_do_not_count(text: str) -> None:
    assert said(read_text(f"  {text} ").tree) == said(read_text(text).tree)
