"""When records of equal numbers are the same bill."""

from typing import Any

import pytest
from legis.domain.bill import QualityFlag
from legis.domain.identity.counterparts import candidate_labels, match
from legis.domain.identity.title_similarity import title_similarity
from legis.domain.vocabulary import Chamber, ChamberRole, CounterpartRule
from unit.legis.domain.identity.counterparts.records import FAKE_NEWS, HARVEST, author, camara, hint, only, senado


def test_equal_number_and_titles() -> None:
    """PL 2630/2020 has that number in both houses; no source says more in a list."""
    link = only(camara("PL 2630/2020", title=FAKE_NEWS), senado("PL 2630/2020", title=FAKE_NEWS.upper()))
    assert link.rule is CounterpartRule.SAME_IDENTIFIER
    assert link.evidence == ("both are PL 2630/2020", "titles 1.00 alike")
    assert link.confidence == 0.8


@pytest.mark.parametrize(
    ("in_camara", "in_senado"),
    [
        ({}, {"originating_chamber": Chamber.CAMARA}),
        ({}, {"chamber_role": ChamberRole.REVIEWING}),
        ({}, {"sponsors_text": "Câmara dos Deputados"}),
        ({"sponsorships": (author("Senado Federal - Alessandro Vieira"),)}, {}),
        ({"originating_chamber": Chamber.SENADO}, {}),
        ({"introduced_on": "2022-08-30"}, {}),  # PL 576/2021 arrived from the Senado
        ({"introduced_on": "2004-06-08"}, {}),  # PL 2159/2021 was PL 3729/2004 until it crossed
    ],
)
def test_equal_number_and_a_sign_of_crossing(in_camara: dict[str, Any], in_senado: dict[str, Any]) -> None:
    mine, theirs = camara("PL 576/2021", **in_camara), senado("PL 576/2021", **in_senado)
    assert only(mine, theirs).confidence == 0.7
    assert not match(camara("PL 576/2021"), [senado("PL 576/2021")])
    titled = [bill.model_copy(update={"title": FAKE_NEWS}) for bill in (mine, theirs)]
    assert only(*titled).confidence == 0.9


@pytest.mark.parametrize(("day", "code"), [("0202-08-30", "DATE_IMPOSSIBLE"), ("2202-08-30", "DATE_IN_FUTURE")])
def test_a_day_that_cannot_be_is_no_sign_of_crossing(day: str, code: str) -> None:
    doubted = (QualityFlag(code=code, field="introduced_on"),)
    assert not match(camara("PL 576/2021", introduced_on=day, quality_flags=doubted), [senado("PL 576/2021")])
    other = (QualityFlag(code=code, field="latest_action"),)
    assert match(camara("PL 576/2021", introduced_on="2022-08-30", quality_flags=other), [senado("PL 576/2021")])


def test_renumbered_on_crossing_without_a_memory_of_the_old_number() -> None:
    """PL 2724/2015 became PL 1829/2019 before we first saw it; the Senado names the old number."""
    theirs = senado(
        "PL 1829/2019",
        counterpart_hints=(hint(CounterpartRule.INITIAL_IDENTIFIER, Chamber.CAMARA, "PL 2724/2015"),),
        originating_chamber=Chamber.CAMARA,
    )
    assert only(camara("PL 1829/2019", introduced_on="2015-08-20"), theirs).rule is CounterpartRule.SAME_IDENTIFIER
    young = camara("PL 1829/2019", introduced_on="2019-03-28", title=FAKE_NEWS)
    assert not match(young, [theirs.model_copy(update={"title": FAKE_NEWS})])


@pytest.mark.parametrize("label", ["PL 2630/2018", "PEC 55/2016", "PL 1/1999"])
def test_before_2019_equal_numbers_mean_nothing(label: str) -> None:
    theirs = senado(label, title=FAKE_NEWS, originating_chamber=Chamber.CAMARA)
    assert not match(camara(label, title=FAKE_NEWS), [theirs])


@pytest.mark.parametrize("label", ["MPV 868/2018", "MPV 870/2019", "PLN 8/2017"])
def test_what_is_numbered_for_the_whole_congress(label: str) -> None:
    link = only(camara(label, title=HARVEST), senado(label, title=HARVEST))
    assert (link.rule, link.confidence) == (CounterpartRule.SAME_IDENTIFIER, 0.9)
    assert not match(camara(label, title=HARVEST), [senado(label, title=FAKE_NEWS)])


def test_reissued_measures_shared_a_number() -> None:
    assert not match(camara("MPV 1517/1996", title=HARVEST), [senado("MPV 1517/1996", title=HARVEST)])


@pytest.mark.parametrize("label", ["REQ 13/2026", "RIC 5/2020", "INC 7/2021", "MSC 9/2022", "PRC 1/2020"])
def test_types_that_never_cross(label: str) -> None:
    assert not match(camara(label, title=HARVEST), [senado(label, title=HARVEST)])
    assert candidate_labels(camara(label)) == ()


def test_another_text_under_the_same_number() -> None:
    assert not match(camara("PL 10/2021", title=FAKE_NEWS), [senado("PL 10/2021", title=HARVEST)])
    crossed = senado("PL 10/2021", title=HARVEST, originating_chamber=Chamber.CAMARA)
    assert only(camara("PL 10/2021", title=FAKE_NEWS), crossed).confidence == 0.6


def test_titles_somewhat_alike_prove_nothing() -> None:
    akin = "Dispõe sobre o seguro da safra de trigo e o crédito do produtor familiar."
    alike = title_similarity(HARVEST, akin)
    assert alike is not None
    assert 0.2 < alike < 0.6
    assert not match(camara("PL 10/2021", title=HARVEST), [senado("PL 10/2021", title=akin)])


def test_signs_that_contradict_each_other_are_no_signs() -> None:
    """Each house says that the other began it."""
    mine = camara("PL 10/2021", introduced_on="2022-03-01")
    theirs = senado("PL 10/2021", originating_chamber=Chamber.CAMARA)
    assert not match(mine, [theirs])


def test_another_type_or_number_or_year_is_another_bill() -> None:
    mine = camara("PL 10/2021", title=FAKE_NEWS)
    for label in ("PLP 10/2021", "PL 11/2021", "PL 10/2022"):
        assert not match(mine, [senado(label, title=FAKE_NEWS)])
    assert not match(mine, [camara("PL 10/2021", "9", title=FAKE_NEWS)])
