"""What follows from a bill: status, dates, labels and keys."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from api_gateway.documents.derive import derive, label_key, subject_key
from legis.domain.bill import Bill
from legis.domain.vocabulary import BillStatus, QualityFlagCode

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def bill(**claims: Any) -> Bill:
    facts = {"type": "PL", "type_code": "PL", "number": 2630, "year": 2020, "identifier": "PL 2630/2020"} | claims
    return Bill(source="camara", upstream_id="1", **facts)


def action(kind: str = "OTHER", day: str | None = "2024-05-02", at: datetime | None = None) -> dict[str, Any]:
    return {"date": day, "at": at, "kind": kind}


@pytest.mark.parametrize("kind", ["ENACTED", "PARTIALLY_VETOED"])
def test_an_enacting_action_overrules_a_stale_status(kind: str) -> None:
    found = derive(
        bill(status="AWAITING_SANCTION", in_progress=True, status_text="À sanção", actions=[action(kind)]), seen_at=NOW
    )
    assert (found.status, found.status_basis, found.in_progress) == (BillStatus.ENACTED, "ACTION_CODE", False)
    assert [(f.code, f.field, f.detail) for f in found.quality_flags] == [
        (QualityFlagCode.STATUS_STALE, "status", "À sanção")
    ]


@pytest.mark.parametrize("status", ["TRANSFORMED", "ENACTED"])
def test_a_final_status_stays(status: str) -> None:
    found = derive(bill(status=status, actions=[action("ENACTED")]), seen_at=NOW)
    assert (found.status, found.quality_flags) == (BillStatus(status), ())


def test_a_day_counts_from_brasilias_midnight_and_an_instant_as_it_is() -> None:
    assert derive(bill(latest_action=action()), seen_at=NOW).last_action_at == datetime(2024, 5, 2, 3, tzinfo=UTC)
    at = datetime(2024, 5, 2, 20, 30, tzinfo=UTC)
    assert derive(bill(latest_action=action(at=at)), seen_at=NOW).last_action_at == at
    assert derive(bill(), seen_at=NOW).last_action_at is None


def test_mistyped_dates_never_order_bills() -> None:
    mistyped = action(day="2031-01-01")
    assert derive(bill(latest_action=mistyped), seen_at=NOW).last_action_at is None
    found = derive(bill(latest_action=mistyped, actions=[action(), mistyped, action(day=None)]), seen_at=NOW)
    assert found.last_action_at == datetime(2024, 5, 2, 3, tzinfo=UTC)
    ancient = action(day="0202-05-02")
    found = derive(bill(latest_action=ancient, actions=[ancient, action(), ancient]), seen_at=NOW)
    assert found.last_action_at == datetime(2024, 5, 2, 3, tzinfo=UTC)
    assert derive(bill(latest_action=ancient, actions=[ancient]), seen_at=NOW).last_action_at is None
    soon = action(day="2026-11-25")
    assert derive(bill(latest_action=soon), seen_at=NOW).last_action_at == datetime(2026, 11, 25, 3, tzinfo=UTC)


def test_the_calendars_last_day_is_no_error() -> None:
    assert derive(bill(latest_action=action(day=str(date.min))), seen_at=NOW).last_action_at is None
    assert derive(bill(latest_action=action(day=str(date.max))), seen_at=NOW).last_action_at is None


def test_labels_are_all_numbers_in_one_spelling() -> None:
    former = {"identifier": "pls nº 5, de 2019", "type_code": "PLS", "number": 5, "year": 2019, "note": "FORMER"}
    hint = {"rule": "OTHER_NUMBER", "chamber": "SENADO", "type_code": "plc", "number": 7, "year": 2021, "evidence": "e"}
    found = derive(bill(other_identifiers=[former], counterpart_hints=[hint]), seen_at=NOW)
    assert found.labels == ("PL 2630/2020", "PLC 7/2021", "PLS 5/2019")
    assert derive(bill(number=None, number_text=None, year=None, identifier="PRL"), seen_at=NOW).labels == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("pl nº 2.630, de 2020", "PL 2630/2020"),
        ("PL 458/2021 (Substitutivo-CD)", "PL 458/2021 (SUBSTITUTIVO-CD)"),
        ("  ofício   às  x/1 ", "OFICIO AS X/1"),
    ],
)
def test_label_key(text: str, key: str) -> None:
    assert label_key(text) == label_key(key) == key


def test_keys_are_sorted_unique_and_never_blank() -> None:
    sponsor = {"name": "n", "role": "AUTHOR", "kind": "LEGISLATOR"}
    found = derive(
        bill(
            sponsorships=[sponsor | {"party": p, "state": s} for p, s in (("pt ", "sp"), ("PT", None), (" ", "RJ"))],
            subjects=[{"name": "Educação, Cultura"}, {"name": "Educacao  Cultura"}, {"name": "--"}],
            organization={"acronym": " ccjc "},
        ),
        seen_at=NOW,
    )
    assert (found.parties, found.states) == (("PT",), ("RJ", "SP"))
    assert found.subjects == ("educacao-cultura",)
    assert found.organization == "CCJC"
    assert subject_key("Direitos Humanos") == subject_key("direito humano")
