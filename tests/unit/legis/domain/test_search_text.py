"""Folding of Portuguese text for search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.search_text import fold, plain

PORTUGUESE = st.text("abcdefghijlmnopqrstuvxz áàâãéêíóôõúüç ABCÇÃÕÉ0123456789 .,;-()ºª", max_size=120)


def test_the_promise() -> None:
    assert fold("educacao") == fold("educação") == fold("EDUCAÇÕES") == fold("Educacoes")


@pytest.mark.parametrize(
    "pair",
    [
        "cidadão cidadãos",
        "mão mãos",
        "órgão órgãos",
        "pão pães",
        "mãe mães",
        "pensão pensões",
        "fiscal fiscais",
        "imóvel imóveis",
        "útil úteis",
        "fácil fáceis",
        "contábil contábeis",
        "civil civis",
        "infantil infantis",
        "perfil perfis",
        "fuzil fuzis",
        "barril barris",
        "azul azuis",
        "lençol lençóis",
        "homem homens",
        "jardim jardins",
        "som sons",
        "comum comuns",
        "lei leis",
        "boi bois",
        "herói heróis",
        "obra obras",
        "ato atos",
        "rio rios",
        "grau graus",
        "museu museus",
        "arte artes",
        "português portugueses",
        "japonês japoneses",
        "hífen hifens",
        "Lei LEIS",
    ],
)
def test_plurals_meet_their_singular(pair: str) -> None:
    one, many = pair.split()
    assert fold(one) == fold(many)


@pytest.mark.parametrize(
    "pair", ["mais mal", "pais pai", "deus deu", "seis sei", "dos do", "as a", "mês mas", "leis leal", "anos anões"]
)
def test_different_words_stay_different(pair: str) -> None:
    one, other = pair.split()
    assert fold(one) != fold(other)


def test_words_keep_their_places_and_numbers_stay() -> None:
    assert fold("Altera as Leis nº 8.069/1990 e 9.394;") == "altera as lei no 8.069/1990 e 9.394;"


def test_plain_keeps_plurals() -> None:
    assert plain("Direitos HUMANOS e Educações") == "direitos humanos e educacoes"


@given(PORTUGUESE)
def test_case_and_accents_do_not_count(text: str) -> None:
    assert fold(text) == fold(text.upper()) == fold(plain(text))


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(PORTUGUESE, max_size=4))
def test_text_folds_word_by_word(parts: list[str]) -> None:
    assert fold(" ".join(parts)) == " ".join(fold(part) for part in parts)
