"""Records of the two houses that are the same bill, and those that only look it."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.bill import Bill, CounterpartHint, OtherIdentifier, Sponsorship
from legis.domain.counterparts import CounterpartMatch, candidate_labels, match
from legis.domain.merge import FORMER, merge
from legis.domain.title_similarity import title_similarity
from legis.domain.vocabulary import (
    Chamber,
    ChamberRole,
    CounterpartRule,
    Source,
    SponsorKind,
    SponsorshipRole,
)

PAIRS = Path(__file__).parents[5] / "shared/recordings/senado/matching/leggoR_tabela_geral_ids_casa.csv"
FAKE_NEWS = "Institui a Lei Brasileira de Liberdade, Responsabilidade e Transparência na Internet."
HARVEST = "Dispõe sobre o seguro da safra de arroz e a política de preços mínimos do produtor rural."
RULES = list(CounterpartRule)


def _parts(label: str) -> dict[str, Any]:
    type_code, rest = label.split(" ", 1)
    number, year = rest.split(" ")[0].split("/")
    return {"type_code": type_code, "number": int(number), "year": int(year)}


def record(source: Source, label: str, upstream_id: str = "1", **claims: Any) -> Bill:
    chamber = Chamber.CAMARA if source is Source.CAMARA else Chamber.SENADO
    if "introduced_on" in claims:
        claims["introduced_on"] = date.fromisoformat(claims["introduced_on"])
    return Bill(
        source=source, upstream_id=upstream_id, chamber=chamber, identifier=label, **{**_parts(label), **claims}
    )


def camara(label: str, upstream_id: str = "1", **claims: Any) -> Bill:
    return record(Source.CAMARA, label, upstream_id, **claims)


def senado(label: str, upstream_id: str = "2", **claims: Any) -> Bill:
    return record(Source.SENADO, label, upstream_id, **claims)


def hint(rule: CounterpartRule, chamber: Chamber, label: str, upstream_id: str | None = None) -> CounterpartHint:
    return CounterpartHint(
        rule=rule, chamber=chamber, evidence=f"says {label}", upstream_id=upstream_id, **_parts(label)
    )


def other_number(label: str, chamber: Chamber, note: str | None = None) -> OtherIdentifier:
    return OtherIdentifier(identifier=label, chamber=chamber, note=note, **_parts(label))


def author(name: str) -> Sponsorship:
    return Sponsorship(name=name, role=SponsorshipRole.AUTHOR, kind=SponsorKind.ORGANIZATION)


def only(bill: Bill, other: Bill) -> CounterpartMatch:
    """The one link between two records, found from either side alike."""
    (there,), (back,) = match(bill, [other]), match(other, [bill])
    assert (there.bill_id, there.counterpart_id) == (back.counterpart_id, back.bill_id) == (bill.id, other.id)
    assert (there.rule, there.confidence, there.evidence) == (back.rule, back.confidence, back.evidence)
    assert there.evidence
    return there


# what a source says itself


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


# equal numbers


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


# several candidates


def test_the_plain_record_wins_over_one_with_a_suffix() -> None:
    mine = camara("PL 458/2021", title=FAKE_NEWS)
    plain = senado("PL 458/2021", "5", title=FAKE_NEWS)
    substitute = senado("PL 458/2021 (Substitutivo-CD)", "4", title=FAKE_NEWS)
    assert [link.counterpart_id for link in match(mine, [substitute, plain])] == ["senado-5"]
    assert match(mine, [substitute]) == ()
    named = other_number("PL 458/2021", Chamber.CAMARA)
    both = [bill.model_copy(update={"other_identifiers": (named,)}) for bill in (substitute, plain)]
    assert [link.counterpart_id for link in match(mine, both)] == ["senado-5", "senado-4"]


def test_of_two_equal_candidates_neither() -> None:
    mine = camara("PL 10/2021", title=FAKE_NEWS)
    twins = [senado("PL 10/2021", key, title=FAKE_NEWS) for key in ("3", "4")]
    assert match(mine, twins) == ()
    better = twins[1].model_copy(update={"chamber_role": ChamberRole.REVIEWING})
    assert [link.counterpart_id for link in match(mine, [twins[0], better])] == ["senado-4"]


def test_what_is_named_leaves_no_room_for_what_is_alike() -> None:
    named = hint(CounterpartRule.EXPLICIT_URI, Chamber.SENADO, "PEC 55/2019")
    mine = camara("PEC 41/2019", title=FAKE_NEWS, counterpart_hints=(named,))
    alike = senado("PEC 41/2019", "4", title=FAKE_NEWS)
    assert [link.counterpart_id for link in match(mine, [alike, senado("PEC 55/2019", "5")])] == ["senado-5"]


# always

LABELS = st.sampled_from(["PL 1/2020", "PL 2/2020", "PL 1/2015", "MPV 1/2018", "PL 1/2020 (fase 2)"])


def _records(source: Source, own: Chamber, theirs: Chamber) -> st.SearchStrategy[Bill]:
    return st.builds(
        lambda label, **claims: record(source, label, **{k: v for k, v in claims.items() if v is not None}),
        LABELS,
        title=st.sampled_from([None, FAKE_NEWS, HARVEST, FAKE_NEWS + " NOVA EMENTA: " + HARVEST]),
        introduced_on=st.sampled_from([None, "2015-02-03", "2020-02-03", "2021-02-03"]),
        originating_chamber=st.sampled_from([None, own, theirs]),
        chamber_role=st.sampled_from([None, *ChamberRole]),
        counterpart_hints=st.lists(
            st.builds(hint, st.sampled_from(RULES), st.sampled_from([own, theirs]), LABELS), max_size=2
        ).map(tuple),
    )


@given(_records(Source.CAMARA, Chamber.CAMARA, Chamber.SENADO), _records(Source.SENADO, Chamber.SENADO, Chamber.CAMARA))
def test_both_sides_see_the_same_link(mine: Bill, theirs: Bill) -> None:
    there, back = match(mine, [theirs]), match(theirs, [mine])
    assert bool(there) == bool(back)
    if there:
        link = only(mine, theirs)
        assert 0 < link.confidence <= 1
        shared = set(candidate_labels(mine)) & set(candidate_labels(theirs))
        assert shared, "a link that no look-up by label would find"


# titles


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
