"""Every recorded answer about deputies, parties, legislatures and bodies is read and normalised without loss.

Answers without a recording are compared with the Câmara's own description of its API.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from ingest_camara.client.csv_records import RecordSplitter, parse
from ingest_camara.normalizer.legislators import Known, from_detail, from_rows
from ingest_camara.normalizer.organizations import from_body
from ingest_camara.normalizer.people.legislatures import Legislature, current_legislature, read_legislatures
from ingest_camara.wire import people_files
from ingest_camara.wire.bulk import Header
from ingest_camara.wire.organization_records import Bloc, BodyDetail, BodyRow
from ingest_camara.wire.people_files import BodyFileLayout
from ingest_camara.wire.people_records import (
    PERSONAL,
    BoardSeat,
    BodySeat,
    DeputyDetail,
    DeputyRow,
    DeputyStatus,
    Leadership,
    PartyRow,
)
from ingest_camara.wire.wire_model import WireModel
from legis.domain.parties.party_names import party_of
from legis.domain.records.any_record import AnyRecord, dump_claims, load_record
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.membership import Condition
from legis.domain.records.organization_record import Classification, OrganizationRecord
from legis.domain.vocabulary import Chamber, QualityFlagCode
from material_folder import CAMARA_RECORDINGS as RECORDINGS

NOW = datetime(2025, 12, 1, tzinfo=UTC)
TERM = Legislature(57, date(2023, 2, 1), date(2027, 1, 31))

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="recordings of the Câmara are not beside the checkout")

KEPT = {
    "DeputyDetail": {"escolaridade"},
    "DeputyStatus": {"situacao", "descricaoStatus", "nomeEleitoral"},
    "BodyDetail": {"dataInstalacao", "dataFimOriginal", "urlWebsite", "descricaoSituacao"},
    "Bloc": {"idLegislatura"},
}
"""Fields that are kept in the extras, and not served."""

NOT_USED = {
    "DeputyRow": {"uri"},
    "DeputyDetail": {"uri"},
    "BoardSeat": {"uri", "uriPartido", "urlFoto", "idLegislatura", "codTitulo"},
    "Leadership": set(),
    "BodySeat": {"codTitulo"},
    "PartyRow": {"id"},
    "BodyRow": {"uri"},
    "BodyDetail": {"sala", "codSituacao"},
    "Bloc": {"uri"},
}
"""Fields that repeat another one, or say nothing of the person or body; every other field of a model is mapped."""


@cache
def answer(name: str) -> Any:
    return json.loads((RECORDINGS / name).read_text("utf-8-sig"))["dados"]


@cache
def rows_of_57() -> dict[str, list[DeputyRow]]:
    found: defaultdict[str, list[DeputyRow]] = defaultdict(list)
    for raw in answer("deputados/list_leg57_full_2025-12.json"):
        row = DeputyRow.model_validate(raw)
        found[row.id].append(row)
    return dict(found)


@cache
def parties() -> dict[str, str]:
    """Party keys by address: the address is that of the party that most rows with it show."""
    labels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for raw in answer("deputados/list_leg57_full_2025-12.json"):
        labels[raw["uriPartido"]][raw["siglaPartido"]] += 1
    return {uri: party_of(found.most_common(1)[0][0], NOW.date()).party or "" for uri, found in labels.items()}


def of_57(upstream_id: str) -> LegislatorRecord:
    return from_rows(rows_of_57()[upstream_id], None, TERM, NOW, parties(), Known(newest=True))


def file_rows(name: str, make_layout: Any) -> Iterator[Any]:
    splitter = RecordSplitter()
    records = splitter.feed((RECORDINGS / "bulk_csv" / name).read_bytes())
    layout = make_layout(Header(parse(records.pop(0))))
    return (layout.bind(parse(record)) for record in (*records, *filter(None, [splitter.finish()])))


def survives_the_stream(record: AnyRecord) -> None:
    back = load_record(dump_claims(record))
    assert back == record
    assert back.model_fields_set - {"kind"} == record.model_fields_set - {"kind"}


def test_every_row_of_a_legislature() -> None:
    people = {upstream_id: of_57(upstream_id) for upstream_id in rows_of_57()}
    assert (sum(map(len, rows_of_57().values())), len(people)) == (705, 627)
    assert not any(row.unknown for rows in rows_of_57().values() for row in rows)
    assert all(one.name and one.state and one.image and one.memberships["listed-terms-57"] for one in people.values())
    assert sum(len(one.memberships["listed-parties-57"]) > 1 for one in people.values()) == 55
    flagged = [one for one in people.values() if one.flags]
    assert len(flagged) == 55
    assert {flag.code for one in flagged for flag in one.flags} == {QualityFlagCode.PARTY_URI_STALE}
    for one in people.values():
        survives_the_stream(one)


@pytest.mark.parametrize(
    ("upstream_id", "labels"),
    [
        ("220593", {"PL"}),  # Abilio Brunini, one row
        ("227800", {"PODE", "PSC", "REPUBLICANOS"}),  # three rows, all with the address of REPUBLICANOS
        ("166402", {"PATRIOTA", "PRD", "PL"}),  # a merger and a change
        ("220634", {None, "PSB", "SOLIDARIEDADE"}),  # for a while without a party
        ("233598", {"PSC", "PODE"}),  # two spellings in two parties are four rows
    ],
)
def test_parties_by_hand(upstream_id: str, labels: set[str | None]) -> None:
    found = of_57(upstream_id)
    assert {one.party for one in found.memberships["listed-parties-57"]} == labels
    assert bool(found.flags) == (len(labels) > 1)
    assert (found.party is None) == (len(labels) > 1), "rows do not say which of several parties is the present one"


def test_those_in_office_in_2020() -> None:
    rows = [DeputyRow.model_validate(raw) for raw in answer("deputados/list_all_itens-default-1000_2020-10.json")]
    term = Legislature(56, date(2019, 2, 1), date(2023, 1, 31))
    then = datetime(2020, 10, 1, tzinfo=UTC)
    people = [from_rows([row], row, term, then, {}, Known(named=True)) for row in rows]
    assert len(people) == 512
    assert all(one.in_office and one.name and one.state and (one.party or one.party_text) for one in people)


def test_a_detail_without_its_cpf_and_contacts() -> None:
    raw = answer("deputados/detail_204431_2021.json")
    told = {**raw, "cpf": "12345678909"}
    detail = DeputyDetail.model_validate(told)
    assert detail.ultimoStatus is not None
    assert (detail.unknown, detail.ultimoStatus.unknown) == ({}, {})
    found = from_detail(detail, NOW, {})
    survives_the_stream(found)
    assert found.civil_name == "MARCOS AURÉLIO PÁDUA RIBEIRO GONÇALVES DE SAMPAIO"
    assert (found.name, found.state, found.party) == ("Marcos Aurélio Sampaio", "PI", "PSD")
    assert (str(found.birth_date), found.gender, found.in_office) == ("1991-09-19", "M", True)
    assert found.birth_place is not None
    assert (found.birth_place.municipality, found.birth_place.state) == ("Teresina", "PI")
    assert (found.condition, found.death_date, found.links) == (Condition.TITULAR, None, ())
    everything = f"{detail!r} {detail.model_dump_json()} {dump_claims(found)}"
    for secret in ("12345678909", "dep.marcosaureliosampaio", "3215-5771", '"771"'):
        assert secret not in everything


def test_parties_and_legislatures() -> None:
    recorded = [*answer("partidos/stub-parties.json"), *answer("partidos/stub-parties-one.json")]
    found = [PartyRow.model_validate(raw) for raw in recorded]
    assert not any(row.unknown for row in found)
    assert all(party_of(row.sigla).known for row in found), [row.sigla for row in found]
    legislatures = read_legislatures(
        bound.row for bound in file_rows("legislaturas.csv", people_files.legislatures) if not bound.unknown
    )
    assert (len(legislatures), legislatures[0], legislatures[-1].number) == (57, TERM, 1)
    assert current_legislature(legislatures, date(2019, 1, 31)) == legislatures[2]
    assert current_legislature(legislatures, date(2019, 2, 1)) == legislatures[1]


def test_bodies_of_the_file() -> None:
    rows = list(file_rows("orgaos_first80lines.csv", BodyFileLayout))
    assert not any(row.unknown for row in rows)
    bodies = {row.id: from_body(row, NOW) for row in rows}
    for body in bodies.values():
        survives_the_stream(body)
    assert len(bodies) == len(rows) == 79
    kinds = Counter(body.classification for body in bodies.values())
    assert kinds == {
        Classification.SPECIAL: 28, Classification.PERMANENT: 17, Classification.INQUIRY: 15, Classification.OTHER: 13,
        Classification.COUNCIL: 2, Classification.JOINT: 2, Classification.BOARD: 1, Classification.PLENARY: 1,
    }  # fmt: skip
    plenary, inquiry = bodies["180"], bodies["5288"]
    assert (plenary.house, plenary.active, str(plenary.founding_date)) == (Chamber.CAMARA, True, "2020-03-20")
    assert (inquiry.acronym, inquiry.active) == ("CPINARCO", False)
    assert (str(inquiry.founding_date), str(inquiry.dissolution_date)) == ("1999-03-15", "2000-12-05")
    rubber = bodies["5289"]
    assert rubber.name == "CPI - CRISE NO SETOR PRODUTIVO DA BORRACHA", "the whole name is the body's task"
    assert rubber.other_names[0].name.startswith("Comissão Parlamentar de Inquérito destinada a investigar")
    assert sum(body.house is Chamber.CONGRESSO for body in bodies.values()) == 2
    assert isinstance(rubber, OrganizationRecord)


DESCRIBED: tuple[tuple[str, type[WireModel]], ...] = (
    ("/deputados", DeputyRow),
    ("/deputados/{id}", DeputyDetail),
    ("/deputados/{id}/historico", DeputyStatus),
    ("/deputados/{id}/orgaos", BodySeat),
    ("/legislaturas/{id}/mesa", BoardSeat),
    ("/legislaturas/{id}/lideres", Leadership),
    ("/partidos", PartyRow),
    ("/blocos", Bloc),
    ("/orgaos", BodyRow),
    ("/orgaos/{id}", BodyDetail),
)


@pytest.mark.parametrize(("path", "model"), DESCRIBED, ids=[path for path, _ in DESCRIBED])
@pytest.mark.parametrize("version", ["v0.4.319-2025-11-03", "v0.4.339-2026-02-13"])
def test_every_field_that_the_camara_describes_has_a_place(version: str, path: str, model: type[WireModel]) -> None:
    described = _described(version, path)
    declared = set(model.model_fields) | {str(choice) for field in model.model_fields.values()
                                          for choice in getattr(field.validation_alias, "choices", ())}  # fmt: skip
    assert described - declared - PERSONAL == set()
    assert KEPT.get(model.__name__, set()) | NOT_USED.get(model.__name__, set()) <= declared


def _described(version: str, path: str) -> set[str]:
    """The fields of one record of an endpoint, by the Câmara's OpenAPI document."""
    document = json.loads((RECORDINGS / f"openapi/swagger-{version}.json").read_text())
    schemas = document["components"]["schemas"]
    reply = document["paths"][path]["get"]["responses"]["200"]
    schema = next(iter(reply["content"].values()))["schema"]
    data = schemas[schema["$ref"].rpartition("/")[2]]["properties"]["dados"]
    record = data.get("items", data)
    return set(schemas[record["$ref"].rpartition("/")[2]]["properties"])
