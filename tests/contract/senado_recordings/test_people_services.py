"""Every recorded answer on people and bodies is read whole: nothing refused, nothing lost unseen."""

import datetime

from contract.senado_recordings.census import ROOT, SEEN, beside, read_records, stored
from ingest_senado.client import record_api as services
from ingest_senado.normalizer import legislators, organizations
from ingest_senado.wire import organization_records, people_records
from legis.domain.records.any_record import dump_claims
from legis.domain.records.membership import Condition
from legis.domain.records.organization_record import Classification
from legis.domain.vocabulary import QualityFlagCode

pytestmark = beside
Day = datetime.date


def test_lists_of_senators() -> None:
    here = read_records("legacy-2026/senador-lista-atual__*.json", services.IN_OFFICE, people_records.SenatorRow)
    away = read_records("legacy-2026/senadores-afastados__*.json", services.ON_LEAVE, people_records.SenatorRow)
    in_office = stored([legislators.from_row(row, SEEN, in_office=True) for row in here])
    on_leave = stored([legislators.from_row(row, SEEN, in_office=False) for row in away])
    lobato = in_office[2]
    assert isinstance(lobato, legislators.LegislatorRecord)
    assert (lobato.id, lobato.name, lobato.civil_name) == (
        "senado-senator-6358", "Ana Paula Lobato", "Ana Paula Dias Lobato Nova Alves",
    )  # fmt: skip
    assert (lobato.state, lobato.party, lobato.in_office, lobato.condition, lobato.gender) == (
        "MA", "PSB", True, Condition.SUBSTITUTE, "F",
    )  # fmt: skip
    assert [(one.name, one.state, one.in_office) for one in on_leave] == [  # type: ignore[union-attr]
        ("André Amaral", "PB", False), ("Arolde de Oliveira", "RJ", False), ("Augusta Brito", "CE", False),
    ]  # fmt: skip


def senator() -> legislators.LegislatorRecord:
    (detail,) = read_records("legacy-2026/senador-detalhe__*.json", services.SENATOR, people_records.SenatorDetail)
    lists = legislators.SenatorLists(
        read_records("legacy-2026/senador-mandatos__*.json", services.MANDATES, people_records.Mandate),
        read_records("legacy-2026/senador-filiacoes__*.json", services.AFFILIATIONS, people_records.Affiliation),
        read_records("legacy-2026/senador-comissoes__*.json", services.SEATS, people_records.CommitteeSeat),
        read_records("legacy-2026/senador-cargos__*.json", services.OFFICES, people_records.CommitteeOffice),
        read_records("legacy-2026/senador-licencas__*.json", services.LEAVES, people_records.Leave),
        read_records("legacy-2026/liderancas__*.json", services.LEADERSHIPS, people_records.LeadershipRow),
    )
    (record,) = stored([legislators.from_detail(detail, lists, SEEN)])
    assert isinstance(record, legislators.LegislatorRecord)
    return record


def test_a_senator_whole() -> None:
    alan = senator()
    assert (alan.birth_date, alan.birth_place and alan.birth_place.municipality) == (Day(1976, 10, 23), "Rio Branco")
    assert (alan.party, alan.state, alan.in_office) == ("REPUBLICANOS", "AC", True)
    (term,) = alan.memberships["terms"]
    assert (term.start_date, term.end_date, term.legislature, term.condition) == (
        Day(2023, 2, 1), None, 57, Condition.TITULAR,
    )  # fmt: skip
    assert [(one.party, one.start_date, one.end_date) for one in alan.memberships["parties"]] == [
        ("REPUBLICANOS", Day(2025, 11, 12), None), ("UNIÃO", Day(2022, 2, 24), Day(2025, 11, 10)),
        ("DEM", Day(2017, 8, 1), Day(2022, 2, 23)),
    ]  # fmt: skip
    chair = alan.memberships["offices"][2]
    assert (chair.organization_id, chair.role, chair.end_date) == ("senado-org-1307", "PRESIDENTE", Day(2025, 2, 1))
    assert [one.start_date for one in alan.memberships["leaves"]] == [
        Day(2025, 10, 20), Day(2025, 9, 18), Day(2025, 9, 17),
    ]  # fmt: skip
    assert [one.organization_id for one in alan.memberships["leadership"]] == [None, "party-psd", "party-mdb"]
    assert alan.flags == ()


def test_nothing_private_is_left() -> None:
    text = dump_claims(senator())
    for private in ("@", "33036333", "Gabinete", "Ala Teot"):
        assert private not in text
    raw = (ROOT / "legacy-2026").glob("comissao-detalhe__*.json")
    assert any("ccj@senado.gov.br" in path.read_text() for path in raw), "the recording has what must not be kept"
    (detail,) = read_records("legacy-2026/comissao-detalhe__*.json", services.BODY, organization_records.BodyDetail)
    text = dump_claims(organizations.from_detail(detail, SEEN))
    for private in ("@", "3303", "Ednaldo", "6230"):
        assert private not in text


def test_bodies_and_their_members() -> None:
    recorded = [
        *read_records("legacy-2026/comissao-lista__*.json", services.BODIES, organization_records.BodyRow),
        *read_records("legacy-2018/comissao_lista_colegiados.json", services.BODIES, organization_records.BodyRow),
    ]
    found = stored([organizations.from_body_row(row, SEEN) for row in recorded])
    assert len(found) == 161
    by_id = {one.id: one for one in found if isinstance(one, organizations.OrganizationRecord)}
    assert by_id["senado-org-38"].classification is Classification.PERMANENT
    assert by_id["senado-org-38"].founding_date is None, "1900 is no year of founding"
    assert by_id["senado-org-1702"].classification is Classification.SUBCOMMITTEE
    assert by_id["senado-org-1998"].classification is Classification.PLENARY
    assert sum(one.classification is Classification.JOINT for one in by_id.values()) == 34
    doubles = [one.acronym for one in by_id.values() if QualityFlagCode.DUPLICATE in {flag.code for flag in one.flags}]
    assert len(doubles) == 4
    (detail,) = read_records("legacy-2026/comissao-detalhe__*.json", services.BODY, organization_records.BodyDetail)
    (record,) = stored([organizations.from_detail(detail, SEEN)])
    assert isinstance(record, organizations.OrganizationRecord)
    assert [(one.name, one.role, one.party, one.state) for one in record.members["offices"]] == [
        ("Otto Alencar", "PRESIDENTE", "PSD", "BA"), ("Vanderlan Cardoso", "VICE-PRESIDENTE", "PSD", "GO"),
    ]  # fmt: skip
    assert len(record.members["composition"]) == 9
    seats = read_records("legacy-2026/comissao-membros__*.json", services.BODY_SEATS, organization_records.SeatRow)
    (record,) = stored([organizations.from_seats(34, seats, SEEN)])
    assert isinstance(record, organizations.OrganizationRecord)
    assert [(one.legislator_id, one.start_date) for one in record.members["seats"]] == [
        ("senado-senator-5672", Day(2026, 4, 7)), ("senado-senator-5982", Day(2026, 4, 24)),
        ("senado-senator-6358", Day(2026, 4, 23)),
    ]  # fmt: skip


def test_boards_and_blocs() -> None:
    (senate,) = read_records("legacy-2026/mesa-sf__*.json", services.BOARD_SF, organization_records.BodyDetail)
    (congress,) = read_records("legacy-2026/mesa-cn__*.json", services.BOARD_CN, organization_records.BodyDetail)
    boards = stored([organizations.from_board(board, SEEN) for board in (senate, congress)])
    offices = [one.members["offices"] for one in boards if isinstance(one, organizations.OrganizationRecord)]
    assert [(one.legislator_id, one.role) for one in offices[0]] == [
        ("senado-senator-3830", "PRESIDENTE"), ("senado-senator-3777", "1º VICE-PRESIDENTE"),
        ("senado-senator-5008", "2º VICE-PRESIDENTE"),
    ]  # fmt: skip
    assert [one.legislator_id for one in offices[1]] == [
        "senado-senator-3830", "camara-deputy-178937", "senado-senator-5008",
    ]  # fmt: skip
    blocs = read_records("legacy-2026/blocos-lista__*.json", services.BLOCS, organization_records.BlocRow)
    found = stored([organizations.from_bloc_row(row, SEEN) for row in blocs])
    assert [one.party_ids for one in found if isinstance(one, organizations.OrganizationRecord)] == [
        ("PP", "REPUBLICANOS"), ("MDB", "PODE", "UNIÃO"), ("PDT", "PT"),
    ]  # fmt: skip
    (bloc,) = read_records("legacy-2026/bloco-detalhe__*.json", services.BLOC, organization_records.BlocDetail)
    (record,) = stored([organizations.from_bloc_detail(bloc, SEEN)])
    assert isinstance(record, organizations.OrganizationRecord)
    assert [(one.name, one.role, one.start_date, one.end_date) for one in record.members["leaders"]] == [
        ("Ciro Nogueira", "Líder", Day(2023, 3, 20), Day(2024, 3, 5)),
        ("Laércio Oliveira", "Líder", Day(2024, 3, 6), Day(2025, 2, 16)),
        ("Damares Alves", "Vice-líder", Day(2024, 3, 6), Day(2025, 2, 16)),
    ]  # fmt: skip
    ids = organizations.camara_ids((senate, congress), (bloc,))
    assert ids == {5771: 178937, 6131: 204426, 6452: 220561, 739: 3042, 4811: 151208}
