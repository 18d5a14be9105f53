"""Text becomes the same tokens wherever it stands, and every token knows where it came from."""

import pytest
from api_gateway.search.language.analysis import LONGEST_TOKEN, name_tokens, normal, spans, stem, surface, tokens, units
from hypothesis import example, given
from hypothesis import strategies as st

TEXTS = st.text(max_size=60) | st.text("aáeçãoõnºª°./-0123456789 ,NLEI", max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8.112", "8112"),
        ("Lei nº 8.112", "lei 8112"),
        ("Lei n.º 8.112", "lei 8112"),
        ("lei no 8112", "lei 8112"),
        ("Lei N° 8.112, de 1990", "lei 8112 de 1990"),
        ("8.069/90", "8069 1990"),
        ("8.069/1990", "8069 1990"),
        ("1.234/75", "1234 1975"),
        ("10/30", "10 1930"),
        ("10/29", "10 2029"),
        ("12/34/56", "12 34 1956"),
        ("12.345.678", "12345678"),
        ("1.2345", "1 2345"),
        ("R$ 1.000,50", "r 1000 50"),
        ("13º salário", "13 salari"),
        ("13o salario", "13 salari"),
        ("art. 5º", "art 5"),
        ("2ª", "2"),
        ("5ºx", "5 x"),
        ("nº", "no"),
        ("no ano", "no ano"),
        ("", ""),
        ("!?*% '\"-", ""),
    ],
)
def test_numbers_and_their_signs(text: str, expected: str) -> None:
    assert " ".join(tokens(text)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("educação", "EDUCACOES"),
        ("educacao", "Educações"),
        ("legislação", "legislações"),
        ("previdência", "previdencia"),
        ("seguro-desemprego", "seguro desemprego"),
        ("responsável", "responsaveis"),
        ("cidadãos", "cidadao"),
        ("fiscais", "fiscal"),
        ("d’água", "d'agua"),
        ("lei nº 8.069/90", "Lei 8069 1990"),
        ("educac\u0327a\u0303o", "educação"),
    ],
)
def test_spellings_of_one_thing_are_one(one: str, other: str) -> None:
    assert tokens(one) == tokens(other) != []


@pytest.mark.parametrize(
    ("one", "other"), [("saúde", "saudade"), ("8.112", "8.113"), ("mais", "mal"), ("leis", "leal")]
)
def test_different_things_stay_different(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


def test_places_are_of_the_text_as_it_is_written() -> None:
    text = "Altera a Lei nº 8.069/90."
    assert [(span.token, text[span.start : span.end]) for span in spans(text)] == [
        ("alter", "Altera"), ("a", "a"), ("lei", "Lei"), ("8069", "8.069"), ("1990", "90"),
    ]  # fmt: skip


@given(TEXTS)
@example("nº nº 5")
@example("n.º 1.234.567/99 no 5ºª")
def test_spans_agree_with_tokens(text: str) -> None:
    whole, found = normal(text), list(spans(text))
    assert [span.token for span in found] == tokens(text)
    end = 0
    for span in found:
        assert end <= span.start < span.end <= len(whole), "in order, and none within another"
        end = span.end


@given(TEXTS)
def test_a_token_is_one_word_of_bounded_length(text: str) -> None:
    for token in tokens(text):
        assert token.split() == [token]
        assert token.isalnum()
        assert len(token) <= LONGEST_TOKEN


@given(TEXTS)
def test_composed_and_decomposed_text_is_the_same(text: str) -> None:
    assert tokens(text) == tokens(normal(text))
    assert normal(normal(text)) == normal(text)


@given(st.lists(st.text("abcdefghilmnoprstuvzáãçéêíóõú", min_size=1, max_size=12), max_size=6))
def test_words_are_taken_one_by_one(words: list[str]) -> None:
    assert tokens(" ".join(words)) == [token for word in words for token in tokens(word)]


@given(TEXTS)
def test_what_completions_look_up_is_looked_up_again(text: str) -> None:
    for unit in units(text):
        assert surface(surface(unit)) == surface(unit)


@given(st.text("abcdeo ABCÇÃÕÉáéç'.-", max_size=60))
def test_names_have_no_order_and_no_case(name: str) -> None:
    found = name_tokens(name)
    assert found == sorted(set(found)) == name_tokens(name.upper())
    assert name_tokens(" ".join(reversed(found))) == found


def test_names_are_not_stemmed() -> None:
    assert name_tokens("Costas, Antônio DA Costa") == ["antonio", "costa", "costas", "da"]
    assert name_tokens("…") == []


@pytest.mark.parametrize("word", ["x" * 5000, "ﬁm", "½", "İ", "Ⅳ", "١٢٣", "\u0301", "ºª"])
def test_odd_words_have_a_token_or_none(word: str) -> None:
    assert stem(word) == "" or stem(word).isalnum()
