"""What the Senado says of the Câmara's record of the same bill becomes hints, and nothing else does."""

from collections.abc import Callable
from typing import Any

import pytest
from legis.domain.bill import Bill
from legis.domain.vocabulary import Chamber, CounterpartRule, RelationKind

Read = Callable[[dict[str, Any]], Bill]


def hints(bill: Bill) -> list[tuple[CounterpartRule, str, int, int]]:
    return [(h.rule, h.type_code, h.number, h.year) for h in bill.counterpart_hints]


def test_the_initial_label_is_the_strongest_hint(detail: dict[str, Any], read_detail: Read) -> None:
    bill = read_detail(detail)
    assert hints(bill) == [(CounterpartRule.INITIAL_IDENTIFIER, "PL", 7769, 2017)]
    assert bill.originating_chamber is Chamber.CAMARA
    assert "identificacaoProcessoInicial" in bill.counterpart_hints[0].evidence


def test_an_equal_label_is_a_hint_too(detail: dict[str, Any], read_detail: Read) -> None:
    detail["identificacaoProcessoInicial"], detail["outrosNumeros"] = "PL 12/2025", []
    assert hints(read_detail(detail)) == [(CounterpartRule.INITIAL_IDENTIFIER, "PL", 12, 2025)]


def test_a_bill_begun_here_gives_only_its_number_there(detail: dict[str, Any], read_detail: Read) -> None:
    detail["siglaCasaIniciadora"], detail["identificacaoProcessoInicial"] = "SF", "PL 12/2025"
    assert hints(read_detail(detail)) == [(CounterpartRule.OTHER_NUMBER, "PL", 7769, 2017)]


@pytest.mark.parametrize(
    "change",
    [
        {"externaAoCongresso": "Sim"},
        {"sigla": "MSG"},
        {"sigla": "MCN"},
        {"casaIdentificadora": "PR"},
        {"numero": "S/N"},
    ],
)
def test_other_numbers_that_are_no_bill_of_the_camara(
    detail: dict[str, Any], read_detail: Read, change: dict[str, str]
) -> None:
    detail["siglaCasaIniciadora"] = "SF"
    detail["outrosNumeros"][0].update(change)
    bill = read_detail(detail)
    assert hints(bill) == []
    assert len(bill.other_identifiers) == 1


def test_other_identifiers_lose_their_zeros(detail: dict[str, Any], read_detail: Read) -> None:
    (other,) = read_detail(detail).other_identifiers
    assert (other.identifier, other.number, other.year) == ("PL 7769/2017", 7769, 2017)
    assert (other.chamber, other.upstream_id) == (Chamber.CAMARA, "8999999")


def test_related_processes_under_any_of_their_names(detail: dict[str, Any], read_detail: Read) -> None:
    detail["processosRelacionados"] = [
        {"id": 5, "identificacao": "PL 1/2020", "tipoRelacao": "Tramitação conjunta"},
        {"idOutroProcesso": 6, "outraCoisa": "x"},
        {"semNada": 1},
    ]
    bill = read_detail(detail)
    assert [(r.kind, r.upstream_id) for r in bill.related_bills] == [
        (RelationKind.JOINED_TO, "5"),
        (RelationKind.RELATED, "6"),
    ]
    assert bill.extras["processosRelacionados"] == [{}, {"outraCoisa": "x"}, {"semNada": 1}]


def test_an_origin_that_contradicts_the_role_is_flagged(detail: dict[str, Any], read_detail: Read) -> None:
    def told() -> list[tuple[str, str]]:
        return [(f.code, f.field) for f in read_detail(detail).quality_flags if f.code == "ORIGIN_CONTRADICTS"]

    assert told() == []
    detail["objetivo"] = "Iniciadora"
    assert told() == [("ORIGIN_CONTRADICTS", "originating_chamber")]
    detail["siglaCasaIniciadora"] = "SF"
    assert told() == []


def test_a_law_of_a_year_that_cannot_be_is_flagged(detail: dict[str, Any], read_detail: Read) -> None:
    norm = {"siglaTipo": "LEI", "numero": "1", "anoAssinatura": 202, "dataAssinatura": "0202-05-01"}
    detail["normaGerada"] = norm
    bill = read_detail(detail)
    assert ("DATE_IMPOSSIBLE", "enactment") in [(flag.code, flag.field) for flag in bill.quality_flags]
    assert bill.enactment is not None
    assert bill.enactment.year == 202
