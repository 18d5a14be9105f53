"""Which valid word an invalid one means."""

import pytest
from api_gateway.search.filtering.filters import BY_NAME, STATES
from api_gateway.search.filtering.nearest_word import edit_distance, nearest
from api_gateway.search.filtering.values import InvalidParameter, one_of
from legis.domain.change_kind import ChangeKind
from legis.domain.vocabulary import ActionKind, BillStatus, BillType, Chamber

PARAMETERS = [*BY_NAME, "sort", "limit", "cursor", "fields", "count"]


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "abc", 3), ("abc", "abc", 0), ("chambre", "chamber", 1), ("kitten", "sitting", 3), ("ab", "ba", 1)],
)
def test_the_distance_counts_edits(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == distance


@pytest.mark.parametrize(
    ("value", "valid", "found"),
    [
        ("câmara", Chamber, "CAMARA"),
        ("camera", Chamber, "CAMARA"),
        ("Câmara dos Deputados", Chamber, "CAMARA"),
        ("senador", Chamber, "SENADO"),
        ("lords", Chamber, None),
        ("aprovado", BillStatus, "APPROVED"),
        ("Aprovadas", BillStatus, "APPROVED"),
        ("IN_COMITTEE", BillStatus, "IN_COMMITTEE"),
        ("in committee", BillStatus, "IN_COMMITTEE"),
        ("arquivada", BillStatus, "ARCHIVED"),
        ("em tramitação", BillStatus, "IN_PROGRESS"),
        ("MP", BillType, "MPV"),
        ("medida provisória", BillType, "MPV"),
        ("projeto de lei", BillType, "PL"),
        ("projetos de lei complementar", BillType, "PLP"),
        ("proposta de emenda à constituição", BillType, "PEC"),
        ("projeto de decreto legislativo", BillType, "PDL"),
        ("veto", BillType, "VET"),
        ("veto", BillStatus, "VETOED"),
        ("VOTE", ActionKind, "VOTED"),
        ("tramitou", ChangeKind, "MOVED"),
        ("chambre", PARAMETERS, "chamber"),
        ("partido", PARAMETERS, "party"),
        ("ano", PARAMETERS, "year"),
        ("página", PARAMETERS, "cursor"),
        ("xyz", PARAMETERS, None),
        ("x", PARAMETERS, None),
        ("", PARAMETERS, None),
        ("a" * 10_000, PARAMETERS, None),
        ("SX", STATES, "SC"),
    ],
)
def test_the_nearest_word_is_by_spelling_or_translation(value: str, valid: list[str], found: str | None) -> None:
    assert nearest(value, valid) == found


def test_accents_and_case_do_not_matter_to_a_value() -> None:
    assert one_of(Chamber)("chamber", "câmara") == "CAMARA"
    assert one_of(["Ç", "C"])("x", "ç") == "Ç"


def test_a_short_list_is_told_whole_and_a_long_one_is_not() -> None:
    with pytest.raises(InvalidParameter) as short:
        one_of(Chamber)("chamber", "lords")
    assert str(short.value) == "'lords' is no value of it. Allowed: CAMARA, CONGRESSO, SENADO"
    assert "Valores: CAMARA" in short.value.text.pt  # type: ignore[union-attr]
    with pytest.raises(InvalidParameter) as long:
        one_of(BillStatus)("status", "aprovado")
    assert str(long.value) == "'aprovado' is no value of it; did you mean APPROVED?"
