"""Answers that spell a name differently, or lack it, do not change the stored name back and forth."""

from datetime import UTC, date, datetime

from ingest_camara.normalizer.legislators import Known, from_detail, from_file, from_rows
from ingest_camara.normalizer.organizations import from_body, from_list
from ingest_camara.normalizer.people.legislator_history import from_history
from ingest_camara.normalizer.people.legislatures import Legislature
from ingest_camara.wire.organization_records import BodyDetail, BodyRow
from ingest_camara.wire.people_files import FileDeputy
from ingest_camara.wire.people_records import DeputyDetail, DeputyRow, DeputyStatus
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.record import Record

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TERMS = {
    56: Legislature(56, date(2019, 2, 1), date(2023, 1, 31)),
    57: Legislature(57, date(2023, 2, 1), date(2027, 1, 31)),
}
BODY = {"id": 7, "sigla": "CE", "nome": "Comissão de Educação", "nomePublicacao": "COMISSÃO DE EDUCAÇÃO",
        "apelido": "Educação", "codTipoOrgao": 2, "tipoOrgao": "Comissão Permanente"}  # fmt: skip


def readings(number: int, *, former: bool, seated: bool) -> list[LegislatorRecord]:
    """One deputy in every answer that has somebody like this, each with a spelling of its own."""
    listed = [DeputyRow(id="7", nome=name, siglaPartido="PT") for name in ("Fulana A", "Fulana B")]
    office = DeputyRow(id="7", nome="Fulana", siglaPartido="PT") if seated else None
    status = {"id": "7", "nome": "Fulana", "siglaPartido": "PT", "idLegislatura": str(number), "situacao": "Exercício"}
    filed = from_file(FileDeputy("https://x.test/deputados/7", "Fulana do Arquivo"), {}, NOW, former=former)
    history = [DeputyStatus(**status | {"nome": "Fulana da História", "data": f"{2015 + number - 55}-02-01T10:00"})]
    found = [
        filed,
        from_rows(listed, office, TERMS[number], NOW, {}, Known(newest=True, named=True)),
        from_history("7", history, TERMS, NOW, {}, former=former),
    ]
    if not former:
        found.append(from_detail(DeputyDetail(id="7", ultimoStatus=DeputyStatus(**status)), NOW, {}))
    return found


def names(records: list[LegislatorRecord]) -> set[str | None]:
    return {one.name for one in records if "name" in one.model_fields_set}


def test_a_deputy_has_the_name_of_one_answer() -> None:
    assert names(readings(57, former=False, seated=True)) == {"Fulana"}
    assert names(readings(57, former=False, seated=False)) == {"Fulana"}
    assert names(readings(56, former=True, seated=False)) == {"Fulana do Arquivo"}


def test_a_row_names_a_deputy_whom_no_other_answer_names() -> None:
    row = DeputyRow(id="7", nome="Fulana")
    assert from_rows([row], None, TERMS[57], NOW, {}, Known(newest=True)).name == "Fulana"


def test_list_detail_and_file_give_a_body_the_same_names() -> None:
    row = from_list(BodyRow.model_validate(BODY | {"nomeResumido": "Educ."}), NOW)
    detail = from_body(BodyDetail.model_validate(BODY | {"nomeResumido": "Educ.", "casa": "Câmara dos Deputados"}), NOW)
    filed = from_body(BodyDetail.model_validate(BODY | {"codSituacao": "4"}), NOW)
    assert {spoken(one) for one in (row, detail, filed)} == {("COMISSÃO DE EDUCAÇÃO", "Educação")}
    assert (row.extras, filed.extras) == ({"nomeResumido": "Educ."}, {})


def test_an_answer_without_one_of_the_names_does_not_shorten_the_list() -> None:
    less = {name: value for name, value in BODY.items() if name != "apelido"}
    assert "other_names" not in from_list(BodyRow.model_validate(less), NOW).model_fields_set


def spoken(record: Record) -> tuple[str, ...]:
    return tuple(one.name for one in record.other_names)  # type: ignore[attr-defined]


def test_list_and_history_of_a_former_deputy_mean_the_same_party_by_a_label() -> None:
    """PL of 1999 is not the party that is PL today: the label is meant in its legislature, whenever it is read."""
    terms = {51: Legislature(51, date(1999, 2, 1), date(2003, 1, 31))}
    rows = [DeputyRow(id="7", nome="Fulana", siglaPartido="PL")]
    listed = from_rows(rows, None, terms[51], NOW, {}, Known(newest=True, named=True))
    status = {"id": "7", "siglaPartido": "PL", "idLegislatura": "51", "situacao": "Fim de Mandato"}
    told = from_history("7", [DeputyStatus(**status, data="2003-01-31T23:59")], terms, NOW, {}, former=True)
    assert (listed.party, listed.party_text) == (told.party, told.party_text) == ("PL-1985", "PL")
