"""How alike two titles are."""

import pytest
from legis.domain.identity.title_similarity import title_similarity
from unit.legis.domain.identity.counterparts.records import FAKE_NEWS


def test_a_title_may_carry_its_successor() -> None:
    """PLP 192/2023 as both houses show it."""
    ours = (
        "Altera a Lei Complementar nº 64, de 18 de maio de 1990.\n  NOVA EMENTA: Altera a Lei Complementar nº 64, de "
        "18 de maio de 1990, e a Lei nº 9.504, de 30 de setembro de 1997 (Lei das Eleições)."
    )
    theirs = (
        "Altera a Lei Complementar nº 64, de 18 de maio de 1990, e a Lei nº 9.504, de 30 de setembro de 1997 "
        "(Lei das Eleições)."
    )
    assert title_similarity(ours, theirs) == title_similarity(theirs, ours) == 1.0


@pytest.mark.parametrize(("one", "other"), [(None, FAKE_NEWS), ("", FAKE_NEWS), ("Altera a lei.", FAKE_NEWS)])
def test_a_title_that_says_nothing_is_not_compared(one: str | None, other: str) -> None:
    assert title_similarity(one, other) is None


def test_bills_on_one_law_are_not_one_bill() -> None:
    statute = "Altera a Lei nº 8.069, de 13 de julho de 1990 (Estatuto da Criança e do Adolescente), para "
    one = title_similarity(
        statute + "dispor sobre a adoção por avós.", statute + "agravar a pena do tráfico de menores."
    )
    assert one is not None
    assert one < 0.6
