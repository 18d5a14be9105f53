"""List and detail tell the same facts in the same values, and neither claims what it does not show."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from ingest_senado.normalizer.bill import from_detail, from_list_row
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.wire.bill_records import Detail, ListRow
from ingest_senado.wire.rapporteur_records import RapporteurRow
from legis.domain.bill import Bill
from legis.domain.fingerprint import fingerprint
from legis.domain.merge import merge
from legis.domain.vocabulary import (
    BillStatus,
    Chamber,
    ChamberRole,
    QualityFlagCode,
    SponsorKind,
    SponsorshipRole,
)

Read = Callable[[dict[str, Any]], Bill]

ONLY_DETAIL = {"sponsorships", "actions", "latest_action", "organization", "decision", "enactment", "abstract",
               "status_code", "subjects", "keywords", "other_identifiers", "counterpart_hints", "related_bills",
               "originating_chamber"}  # fmt: skip


def test_shared_facts_have_one_fingerprint(
    row: dict[str, Any], detail: dict[str, Any], read_row: Read, read_detail: Read
) -> None:
    del row["apelido"]
    listed, full = read_row(row), read_detail(detail)
    shared = listed.model_fields_set & full.model_fields_set - {"extras"}
    assert {name: getattr(listed, name) for name in shared} == {name: getattr(full, name) for name in shared}
    assert fingerprint(listed) == fingerprint(full, listed.model_fields_set)


def test_a_list_read_after_the_detail_changes_nothing(
    row: dict[str, Any], detail: dict[str, Any], read_row: Read, read_detail: Read
) -> None:
    del row["apelido"]
    full = read_detail(detail)
    assert fingerprint(merge(full, read_row(row))) == fingerprint(full, full.model_fields_set | {"nickname"})


def test_the_list_claims_nothing_that_only_the_detail_shows(row: dict[str, Any], read_row: Read) -> None:
    row["dataDeliberacao"] = "2026-05-01"
    row["normaGerada"] = "Lei nº 15.000 de 2026"
    bill = read_row(row)
    assert not bill.model_fields_set & ONLY_DETAIL
    assert bill.extras["normaGerada"] == "Lei nº 15.000 de 2026"
    assert bill.extras["dataDeliberacao"] == "2026-05-01"


def test_the_list_row_in_our_words(row: dict[str, Any], read_row: Read) -> None:
    bill = read_row(row)
    assert bill.id == "senado-9000001"
    assert (bill.chamber, bill.chamber_role) == (Chamber.SENADO, ChamberRole.REVIEWING)
    assert bill.title == "Dispõe sobre o registro das marés."
    assert (bill.status, bill.status_text) == (BillStatus.AWAITING_OPINION, "MATÉRIA COM A RELATORIA")
    assert bill.in_progress is True
    assert bill.introduced_on == date(2025, 2, 3)
    assert bill.sponsors_text == "Câmara dos Deputados"
    assert bill.documents[0].url == "https://legis.senado.leg.br/sdleg-getter/documento?dm=9500001"
    assert bill.url == "https://www25.senado.leg.br/web/atividade/materias/-/materia/170001"
    assert bill.legacy_id == "170001"
    assert bill.upstream_updated_at == datetime(2026, 7, 1, 13, 27, 23, 914_000, UTC)
    assert bill.quality_flags == ()


def test_who_began_it_and_who_signed_it_differ(detail: dict[str, Any], read_detail: Read) -> None:
    chamber, deputy = read_detail(detail).sponsorships
    assert (chamber.role, chamber.kind, chamber.organization_code) == (
        SponsorshipRole.AUTHOR, SponsorKind.ORGANIZATION, "2",
    )  # fmt: skip
    assert (deputy.role, deputy.kind, deputy.party, deputy.state) == (
        SponsorshipRole.INITIATOR, SponsorKind.LEGISLATOR, "PSB", "BA",
    )  # fmt: skip


def test_one_initiative_and_signature_is_one_sponsorship(detail: dict[str, Any], read_detail: Read) -> None:
    detail["documento"]["autoria"] = detail["autoriaIniciativa"] + [
        {"autor": "Rui Dias", "siglaTipo": "SENADOR", "ordem": 2, "codigoParlamentar": 99}
    ]
    roles = [(s.name, s.role) for s in read_detail(detail).sponsorships]
    assert roles == [("Ana Souza", SponsorshipRole.AUTHOR), ("Rui Dias", SponsorshipRole.COAUTHOR)]


def test_keywords_are_trimmed_and_unique(detail: dict[str, Any], read_detail: Read) -> None:
    assert read_detail(detail).keywords == ("REGISTRO", "MARE")


def test_empty_objects_mean_no_decision_and_no_norm(detail: dict[str, Any], read_detail: Read) -> None:
    bill = read_detail(detail)
    assert (bill.decision, bill.enactment) == (None, None)
    assert {"decision", "enactment"} <= bill.model_fields_set


def test_decision_and_norm(detail: dict[str, Any], read_detail: Read) -> None:
    detail["deliberacao"] = {"data": "2026-05-01", "siglaTipo": "APROVADA_NO_PLENARIO",
                             "tipoDeliberacao": "Aprovada no Plenário", "siglaDestino": "SAN",
                             "destino": "À sanção"}  # fmt: skip
    detail["normaGerada"] = {"codigo": 1, "siglaTipo": "LEI", "tipo": "Lei", "numero": "15000",
                             "anoAssinatura": 2026, "dataAssinatura": "2026-06-01",
                             "descricao": "Lei nº 15.000, de 2026"}  # fmt: skip
    bill = read_detail(detail)
    assert bill.decision is not None
    assert (bill.decision.decided_on, bill.decision.destination_text) == (date(2026, 5, 1), "À sanção")
    assert bill.enactment is not None
    assert (bill.enactment.type_code, bill.enactment.number, bill.enactment.year) == ("LEI", "15000", 2026)
    assert bill.enactment.signed_on == date(2026, 6, 1)
    assert bill.extras["normaGerada"] == {"codigo": 1}


def test_rapporteurs_are_claimed_only_when_they_were_answered(detail: dict[str, Any], sighting: Sighting) -> None:
    read = Detail.model_validate(detail)
    assert "rapporteurs" not in from_detail(read, sighting).model_fields_set
    assert "rapporteurs" in from_detail(read, sighting, relatorias=()).model_fields_set
    missed = from_detail(read, sighting, unanswered=["rapporteurs"])
    assert "rapporteurs" not in missed.model_fields_set
    assert ("LIST_IN_DOUBT", "rapporteurs") in {(flag.code, flag.field) for flag in missed.quality_flags}
    rows = [
        RapporteurRow.model_validate(
            {"id": 2, "idProcesso": 9000001, "nomeParlamentar": "João Lima", "codigoParlamentar": 5,
             "codigoColegiado": 34, "siglaColegiado": "CCJ", "siglaCasa": "SF", "siglaPartidoParlamentar": "PT",
             "ufParlamentar": "CE", "dataDesignacao": "2025-03-10 11:00:00", "dataDestituicao": None,
             "descricaoTipoEncerramento": None, "descricaoTipoRelator": "Relator"}
        )
    ]  # fmt: skip
    bill = from_detail(read, sighting, relatorias=rows)
    (rapporteur,) = bill.rapporteurs
    assert (rapporteur.name, rapporteur.designated_on, rapporteur.ended_on) == ("João Lima", date(2025, 3, 10), None)
    assert rapporteur.organization is not None
    assert rapporteur.organization.acronym == "CCJ"
    assert bill.extras["relatorias"] == [{"descricaoTipoRelator": "Relator"}]


def test_missing_title_and_status_are_flagged(row: dict[str, Any], read_row: Read) -> None:
    row["ementa"], row["situacaoAtual"] = None, {}
    bill = read_row(row)
    assert (bill.title, bill.status, bill.status_text) == (None, BillStatus.UNKNOWN, None)
    assert {f.code for f in bill.quality_flags} == {QualityFlagCode.TITLE_MISSING, QualityFlagCode.STATUS_MISSING}


@pytest.mark.parametrize(
    ("text", "flag", "day"),
    [
        ("2026-11-30", None, date(2026, 11, 30)),
        ("2026-12-01", QualityFlagCode.DATE_IN_FUTURE, date(2026, 12, 1)),
        ("2999-01-01", QualityFlagCode.DATE_IN_FUTURE, date(2999, 1, 1)),
        ("ontem", QualityFlagCode.DATE_UNREADABLE, None),
        ("2025-02-30", QualityFlagCode.DATE_UNREADABLE, None),
    ],
)
def test_dates(row: dict[str, Any], read_row: Read, text: str, flag: QualityFlagCode | None, day: date | None) -> None:
    row["dataApresentacao"] = text
    bill = read_row(row)
    assert bill.introduced_on == day
    assert [f.code for f in bill.quality_flags if f.field == "introduced_on"] == ([flag] if flag else [])


def test_removed_characters_are_flagged_on_our_field(row: dict[str, Any]) -> None:
    seen = Sighting(datetime(2026, 11, 23, tzinfo=UTC), frozenset({"ementa"}))
    flags = from_list_row(ListRow.model_validate(row), seen).quality_flags
    assert [(f.code, f.field) for f in flags] == [(QualityFlagCode.CHARACTERS_REMOVED, "title")]
