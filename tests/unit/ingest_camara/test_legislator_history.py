"""Terms, parties and leaves of a deputy from the rows of the history."""

from datetime import UTC, date, datetime
from typing import Any

from ingest_camara.normalizer.people.legislator_history import from_history
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.wire.people_records import DeputyStatus
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.membership import Condition, Membership
from legis.domain.vocabulary import QualityFlagCode

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TERMS = {
    55: Legislature(55, date(2015, 2, 1), date(2019, 1, 31)),
    56: Legislature(56, date(2019, 2, 1), date(2023, 1, 31)),
    57: Legislature(57, date(2023, 2, 1), date(2027, 1, 31)),
}
OPENING = "Nome no início da legislatura / Partido no início da legislatura"


def row(at: str, situation: str | None, note: str = "", /, **changes: Any) -> DeputyStatus:
    told = {
        "id": 7, "nome": "Fulana", "siglaPartido": "PT", "siglaUf": "BA", "idLegislatura": 57, "dataHora": at,
        "situacao": situation, "condicaoEleitoral": "Titular", "descricaoStatus": note or None,
    }  # fmt: skip
    return DeputyStatus.model_validate(told | changes)


def read(*rows: DeputyStatus, former: bool = False) -> LegislatorRecord:
    return from_history("7", rows, TERMS, NOW, {}, former=former)


def days(memberships: tuple[Membership, ...]) -> list[tuple[str, str]]:
    return [(str(one.start_date), str(one.end_date)) for one in memberships]


def test_leave_is_no_end_of_a_titulars_term() -> None:
    found = read(
        row("2023-02-01T00:00", None, OPENING),
        row("2023-02-01T11:45", "Exercício", "Entrada - Posse"),
        row("2024-03-01T10:00", "Licença", "Saída - Licença"),
        row("2024-07-01T10:00", "Exercício", "Entrada - Reassunção"),
    )
    assert days(found.memberships["terms-57"]) == [("2023-02-01", "None")]
    (leave,) = found.memberships["leaves-57"]
    assert (str(leave.start_date), str(leave.end_date), leave.role) == ("2024-03-01", "2024-07-01", "Licença")
    assert leave.end_reason == "Entrada - Reassunção"


def test_each_exercise_of_a_substitute_is_a_term_two_in_a_month_too() -> None:
    found = read(
        row("2023-02-01T00:00", "Suplência", condicaoEleitoral="Suplente"),
        row("2024-03-01T10:00", "Exercício", condicaoEleitoral="Suplente"),
        row("2024-03-08T10:00", "Suplência", "Saída - Reassunção do titular", condicaoEleitoral="Suplente"),
        row("2024-03-20T10:00", "Exercício", condicaoEleitoral="Suplente"),
    )
    terms = found.memberships["terms-57"]
    assert days(terms) == [("2024-03-01", "2024-03-08"), ("2024-03-20", "None")]
    assert {one.condition for one in terms} == {Condition.SUBSTITUTE}
    assert terms[0].end_reason == "Saída - Reassunção do titular"


def test_a_term_ends_by_its_own_words_and_else_with_a_legislature_that_is_over() -> None:
    found = read(
        row("2019-02-01T11:00", "Exercício", idLegislatura=56),
        row("2023-02-01T11:00", "Exercício"),
        row("2025-06-01T11:00", "Vacância", "Saída - Renúncia"),
    )
    assert days(found.memberships["terms-56"]) == [("2019-02-01", "2023-01-31")]
    (term,) = found.memberships["terms-57"]
    assert (str(term.end_date), term.end_reason) == ("2025-06-01", "Saída - Renúncia")


def test_a_party_lasts_until_the_next_one_even_on_one_day_and_out_of_office() -> None:
    found = read(
        row("2023-02-01T11:00", "Exercício", siglaPartido="PROS"),
        row("2024-04-05T09:00", None, "Alteração de partido", siglaPartido="S.PART."),
        row("2024-04-05T17:00", "Exercício", siglaPartido="PL"),
        row("2024-06-01T17:00", "Licença", siglaPartido="PL"),
    )
    parties = found.memberships["parties-57"]
    assert [(one.party, one.party_text) for one in parties] == [("PROS", None), (None, "S.PART."), ("PL", None)]
    assert days(parties) == [("2023-02-01", "2024-04-05"), ("2024-04-05", "2024-04-05"), ("2024-04-05", "None")]


def test_the_last_party_of_a_legislature_ends_with_it_or_before_with_the_party_itself() -> None:
    found = read(
        row("2015-02-01T11:00", "Exercício", siglaPartido="PMDB", idLegislatura=55),
        row("2019-02-01T11:00", "Exercício", siglaPartido="PT", idLegislatura=56),
        row("2021-02-01T11:00", "Exercício", siglaPartido="DEM", idLegislatura=56),
        row("2023-02-01T11:00", "Exercício", siglaPartido="PTB"),
    )
    assert days(found.memberships["parties-55"]) == [("2015-02-01", "2019-01-31")]
    assert days(found.memberships["parties-56"]) == [("2019-02-01", "2021-02-01"), ("2021-02-01", "2022-02-08")]
    assert days(found.memberships["parties-57"]) == [("2023-02-01", "2023-11-09")]


def test_a_party_never_ends_before_it_begins() -> None:
    late = read(row("2022-03-01T11:00", "Exercício", siglaPartido="DEM", idLegislatura=56))
    assert days(late.memberships["parties-56"]) == [("2022-03-01", "2023-01-31")], "the house renamed weeks later"
    after = read(row("2023-02-01T00:00", None, siglaPartido="PT", idLegislatura=56))
    assert days(after.memberships["parties-56"]) == [("2023-02-01", "2023-02-01")]


def test_an_old_label_is_the_party_that_bore_it_then() -> None:
    found = read(
        row("2003-02-01T11:00", "Exercício", siglaPartido="PL", idLegislatura=52),
        row("2004-02-01T11:00", "Exercício", siglaPartido="PFL", idLegislatura=52),
    )
    assert [one.party for one in found.memberships["parties-52"]] == ["PL-1985", "DEM"]


def test_former_names_have_their_days_and_the_present_one_is_none_of_them() -> None:
    found = read(
        row("2019-02-01T11:00", "Exercício", idLegislatura=56, nome="Capitã Fulana"),
        row("2023-02-01T11:00", "Exercício"),
    )
    assert [(one.name, str(one.start_date), str(one.end_date)) for one in found.other_names] == [
        ("Capitã Fulana", "2019-02-01", "2023-02-01")
    ]
    assert "name" not in found.model_fields_set, "the detail says the present name"


def test_of_a_former_deputy_the_newest_row_is_the_detail() -> None:
    rows = (
        row("2023-01-31T23:59", "Fim de Mandato", idLegislatura=56),
        row("2019-02-01T11:00", "Exercício", idLegislatura=56, siglaPartido="PDT"),
    )
    found = read(*rows, former=True)
    assert (found.party, found.in_office, "name" in found.model_fields_set) == ("PT", False, False)


def test_words_and_days_that_we_do_not_know_are_kept_or_flagged() -> None:
    found = read(row("0000-00-00T00:00", "Exercício"), row("2023-02-02T11:00", "Em viagem"), former=True)
    assert QualityFlagCode.DATE_UNREADABLE in {flag.code for flag in found.flags}
    assert "in_office" not in found.model_fields_set
    assert found.extras["situacao"] == "Em viagem"
