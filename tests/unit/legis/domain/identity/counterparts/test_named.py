"""Records that are the same bill because a source says so itself."""

import csv

import pytest
from legis.domain.identity.counterparts import candidate_labels, match
from legis.domain.merge import FORMER, merge
from legis.domain.vocabulary import Chamber, ChamberRole, CounterpartRule
from material_folder import RECORDINGS
from unit.legis.domain.identity.counterparts.records import FAKE_NEWS, camara, hint, only, other_number, senado

PAIRS = RECORDINGS / "senado/matching/leggoR_tabela_geral_ids_casa.csv"


def test_an_address_is_the_strongest() -> None:
    """PEC 241/2016 of the Câmara is PEC 55/2016 of the Senado: its `uriPropPosterior` says so."""
    pec_241 = camara(
        "PEC 241/2016",
        title="Altera o Ato das Disposições Constitucionais Transitórias, para instituir o Novo Regime Fiscal.",
        counterpart_hints=(hint(CounterpartRule.EXPLICIT_URI, Chamber.SENADO, "PEC 55/2016"),),
    )
    link = only(pec_241, senado("PEC 55/2016", title="Institui o Novo Regime Fiscal."))
    assert (link.rule, link.confidence) == (CounterpartRule.EXPLICIT_URI, 1.0)
    assert "camara-1: says PEC 55/2016" in link.evidence
    assert not match(pec_241, [senado("PEC 241/2016", title=pec_241.title)])


@pytest.mark.parametrize("ids", [{"upstream_id": "127337"}, {"legacy_id": "127337"}])
def test_an_address_may_name_either_id(ids: dict[str, str]) -> None:
    named = hint(CounterpartRule.EXPLICIT_URI, Chamber.SENADO, "PEC 1/2016", "127337")
    link = only(camara("PEC 241/2016", counterpart_hints=(named,)), senado("PEC 55/2016", **ids))
    assert link.rule is CounterpartRule.EXPLICIT_URI


def test_ids_of_another_kind_of_statement_are_not_compared() -> None:
    """`idOutroProcesso` is an id of the Senado even where the number is the Câmara's."""
    named = hint(CounterpartRule.OTHER_NUMBER, Chamber.CAMARA, "PL 9/2017", "1")
    assert not match(senado("PL 8/2025", counterpart_hints=(named,)), [camara("PL 7/2016", "1")])


def test_the_number_a_bill_began_under() -> None:
    """PL 7769/2017 of the Câmara is PL 8/2025 of the Senado."""
    pl_8 = senado(
        "PL 8/2025",
        chamber_role=ChamberRole.REVIEWING,
        originating_chamber=Chamber.CAMARA,
        counterpart_hints=(hint(CounterpartRule.INITIAL_IDENTIFIER, Chamber.CAMARA, "PL 7769/2017"),),
        other_identifiers=(other_number("PL 7769/2017", Chamber.CAMARA),),
    )
    pl_7769 = camara("PL 7769/2017", introduced_on="2017-06-01")
    assert only(pl_8, pl_7769).rule is CounterpartRule.INITIAL_IDENTIFIER
    assert "PL 7769/2017" in candidate_labels(pl_8)
    assert "PL 7769/2017" in candidate_labels(pl_7769)


def test_a_number_the_record_bore_before_is_its_number_too() -> None:
    pl_8 = senado(
        "PL 8/2025", counterpart_hints=(hint(CounterpartRule.INITIAL_IDENTIFIER, Chamber.CAMARA, "PL 7769/2017"),)
    )
    renumbered = merge(camara("PL 7769/2017"), camara("PL 8/2025"))
    assert only(pl_8, renumbered).rule is CounterpartRule.INITIAL_IDENTIFIER
    assert candidate_labels(renumbered) == ("PL 8/2025", "PL 7769/2017")


@pytest.mark.parametrize(
    ("in_senado", "in_camara"),
    [
        ("PLS 212/2017", "PLP 441/2017"),
        ("PLS 229/2009", "PLP 295/2016"),
        ("PLS 138/1997", "PL 964/2003"),
        ("PLS 163/1995", "PL 1292/1995"),
        ("PLC 27/2016", "PL 2646/2015"),
        ("PL 2903/2023", "PL 490/2007"),
        ("PL 5809/2025", "PL 347/2003"),
    ],
)
def test_another_number_borne_in_the_other_house(in_senado: str, in_camara: str) -> None:
    theirs = senado(in_senado, other_identifiers=(other_number(in_camara, Chamber.CAMARA),))
    link = only(theirs, camara(in_camara))
    assert link.rule is CounterpartRule.OTHER_NUMBER
    assert in_camara in candidate_labels(theirs)
    assert not match(senado(in_senado), [camara(in_camara)])


def test_a_number_of_the_own_house_names_nothing_in_the_other() -> None:
    own = other_number("PL 9/2003", Chamber.SENADO, FORMER)
    assert not match(senado("PLS 1/2015", other_identifiers=(own,)), [camara("PL 9/2003")])


def test_a_number_borne_in_the_other_house_is_not_borne_here() -> None:
    theirs = senado("PL 8/2025", other_identifiers=(other_number("PL 7769/2017", Chamber.CAMARA),))
    named = hint(CounterpartRule.EXPLICIT_URI, Chamber.SENADO, "PL 7769/2017")
    assert not match(camara("PL 9/2024", counterpart_hints=(named,)), [theirs])


def test_all_that_was_said_is_evidence_and_the_strongest_rules() -> None:
    pl_8 = senado(
        "PL 8/2025",
        title=FAKE_NEWS,
        counterpart_hints=(
            hint(CounterpartRule.OTHER_NUMBER, Chamber.CAMARA, "PL 7769/2017"),
            hint(CounterpartRule.INITIAL_IDENTIFIER, Chamber.CAMARA, "PL 7769/2017"),
        ),
    )
    back = hint(CounterpartRule.EXPLICIT_URI, Chamber.SENADO, "PL 8/2025")
    link = only(pl_8, camara("PL 7769/2017", title=FAKE_NEWS, counterpart_hints=(back,)))
    assert link.rule is CounterpartRule.EXPLICIT_URI
    assert link.evidence == ("camara-1: says PL 8/2025", "senado-2: says PL 7769/2017", "titles 1.00 alike")


def test_hand_matched_ids_stay_apart_where_nothing_speaks_for_them() -> None:
    """The hand-made table holds ids alone: enough to see that ids of the two houses are never compared as one."""
    if not PAIRS.is_file():
        pytest.skip("the hand-matched pairs lie beside the checkout, and are not there")
    with PAIRS.open(newline="") as file:
        pairs = [(row["id_camara"], row["id_senado"]) for row in csv.DictReader(file)]
    complete = [(one, other) for one, other in pairs if "NA" not in (one, other)]
    assert len(complete) >= 20
    for one, other in complete:
        mine, theirs = camara("PL 1/2001", one), senado("PLS 2/2002", "9", legacy_id=other)
        assert match(mine, [theirs]) == ()
        named = hint(CounterpartRule.EXPLICIT_URI, Chamber.SENADO, "PL 9/2009", other)
        assert only(mine.model_copy(update={"counterpart_hints": (named,)}), theirs).confidence == 1.0
