"""One record of upstream as a bill."""

from typing import Any

import pytest
from ingest_ensaio.normalizer.bill import from_detail
from ingest_ensaio.vocabulary.statuses import status_of
from ingest_ensaio.wire.bill_records import Detail
from legis.domain.identity.lexml import urns_for
from legis.domain.vocabulary import BillStatus, UrnStatus

RECORD = {"id": 7, "sigla": "PL", "numero": 12, "ano": 2026, "ementa": "Institui o dia", "situacao": "Aprovado"}


def detail(**values: Any) -> Detail:
    return Detail.model_validate(RECORD | values)


def test_a_record_becomes_a_bill_of_its_own_source() -> None:
    bill = from_detail(detail(autores=["Ana", "Rui"], andamentos=[{"dia": "2026-02-03", "texto": "Lido"}]))
    assert (bill.id, bill.identifier, bill.chamber) == ("ensaio-7", "PL 12/2026", "ENSAIO")
    assert (bill.status, bill.status_text) == (BillStatus.APPROVED, "Aprovado")
    assert [(one.name, one.role) for one in bill.sponsorships] == [("Ana", "AUTHOR"), ("Rui", "COAUTHOR")]
    assert bill.latest_action is not None
    assert str(bill.latest_action.date) == "2026-02-03"


def test_an_unknown_situation_is_other() -> None:
    assert status_of("Em lugar nenhum") is BillStatus.OTHER
    assert status_of(None) is BillStatus.UNKNOWN


def test_a_day_that_is_none_makes_no_bill() -> None:
    with pytest.raises(ValueError, match="day"):
        from_detail(detail(apresentado="2026-02-31"))


def test_it_has_no_urn_of_a_house_of_congress() -> None:
    assert urns_for(from_detail(detail())).status is UrnStatus.NONE
