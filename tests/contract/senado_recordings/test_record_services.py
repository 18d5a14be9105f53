"""Every recorded answer on people, bodies, votings and agendas is read whole: nothing refused, nothing lost unseen."""

import datetime
import json
from collections.abc import Sequence
from typing import Any, TypeVar

import pytest
from contract.senado_recordings.census import ROOT, SEEN, Census, beside
from ingest_senado.client import record_api as services
from ingest_senado.client.record_api import Service
from ingest_senado.normalizer import events, legislators, organizations, vote_events
from ingest_senado.normalizer.agenda_items import items_of_session
from ingest_senado.wire import event_records, organization_records, people_records, vote_event_records
from ingest_senado.wire.envelopes import rows_under
from ingest_senado.wire.private_fields import without_private
from ingest_senado.wire.voting_records import VotingRow
from ingest_senado.wire.wire_model import WireModel
from legis.domain.records.any_record import AnyRecord, dump_claims, load_record
from legis.domain.records.event_record import AgendaOutcome, EventClassification, EventStatus
from legis.domain.records.membership import Condition
from legis.domain.records.organization_record import Classification
from legis.domain.records.vote_completion import completed
from legis.domain.records.vote_event_record import OrientationKind, OrientationOption
from legis.domain.vocabulary import QualityFlagCode, VoteOption, VoteResult
from legis.domain.voting import VoteCounts, VotePurpose, VotingFlagCode

pytestmark = beside
W = TypeVar("W", bound=WireModel)
Day = datetime.date


def listed(name: str) -> Any:
    """A recorded answer without what is private, as the client hands it on."""
    (path,) = ROOT.glob(name)
    return without_private(json.loads(path.read_bytes()))


def read(name: str, service: Service, model: type[W], *, root: str | None = None) -> list[W]:
    """The rows of a recorded answer, none of them with a field that is neither mapped nor named."""
    body, census = listed(name), Census(name)
    nodes = rows_under(body, root or service.root or "", *service.inside) if service.root else body
    rows = [model.model_validate(node) for node in nodes]
    for row in rows:
        census.add(row)
    census.report()
    return rows


def stored(records: Sequence[AnyRecord]) -> list[AnyRecord]:
    """The records, which come back from the way over the stream as they were."""
    found = list(records)
    for record in found:
        assert load_record(dump_claims(record)) == record
    return found


def test_lists_of_senators() -> None:
    here = read("legacy-2026/senador-lista-atual__*.json", services.IN_OFFICE, people_records.SenatorRow)
    away = read("legacy-2026/senadores-afastados__*.json", services.ON_LEAVE, people_records.SenatorRow)
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
    (detail,) = read("legacy-2026/senador-detalhe__*.json", services.SENATOR, people_records.SenatorDetail)
    lists = legislators.SenatorLists(
        read("legacy-2026/senador-mandatos__*.json", services.MANDATES, people_records.Mandate),
        read("legacy-2026/senador-filiacoes__*.json", services.AFFILIATIONS, people_records.Affiliation),
        read("legacy-2026/senador-comissoes__*.json", services.SEATS, people_records.CommitteeSeat),
        read("legacy-2026/senador-cargos__*.json", services.OFFICES, people_records.CommitteeOffice),
        read("legacy-2026/senador-licencas__*.json", services.LEAVES, people_records.Leave),
        read("legacy-2026/liderancas__*.json", services.LEADERSHIPS, people_records.LeadershipRow),
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
    (detail,) = read("legacy-2026/comissao-detalhe__*.json", services.BODY, organization_records.BodyDetail)
    text = dump_claims(organizations.from_detail(detail, SEEN))
    for private in ("@", "3303", "Ednaldo", "6230"):
        assert private not in text


def test_bodies_and_their_members() -> None:
    recorded = [
        *read("legacy-2026/comissao-lista__*.json", services.BODIES, organization_records.BodyRow),
        *read("legacy-2018/comissao_lista_colegiados.json", services.BODIES, organization_records.BodyRow),
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
    (detail,) = read("legacy-2026/comissao-detalhe__*.json", services.BODY, organization_records.BodyDetail)
    (record,) = stored([organizations.from_detail(detail, SEEN)])
    assert isinstance(record, organizations.OrganizationRecord)
    assert [(one.name, one.role, one.party, one.state) for one in record.members["offices"]] == [
        ("Otto Alencar", "PRESIDENTE", "PSD", "BA"), ("Vanderlan Cardoso", "VICE-PRESIDENTE", "PSD", "GO"),
    ]  # fmt: skip
    assert len(record.members["composition"]) == 9
    seats = read("legacy-2026/comissao-membros__*.json", services.BODY_SEATS, organization_records.SeatRow)
    (record,) = stored([organizations.from_seats(34, seats, SEEN)])
    assert isinstance(record, organizations.OrganizationRecord)
    assert [(one.legislator_id, one.start_date) for one in record.members["seats"]] == [
        ("senado-senator-5672", Day(2026, 4, 7)), ("senado-senator-5982", Day(2026, 4, 24)),
        ("senado-senator-6358", Day(2026, 4, 23)),
    ]  # fmt: skip


def test_boards_and_blocs() -> None:
    (senate,) = read("legacy-2026/mesa-sf__*.json", services.BOARD_SF, organization_records.BodyDetail)
    (congress,) = read("legacy-2026/mesa-cn__*.json", services.BOARD_CN, organization_records.BodyDetail)
    boards = stored([organizations.from_board(board, SEEN) for board in (senate, congress)])
    offices = [one.members["offices"] for one in boards if isinstance(one, organizations.OrganizationRecord)]
    assert [(one.legislator_id, one.role) for one in offices[0]] == [
        ("senado-senator-3830", "PRESIDENTE"), ("senado-senator-3777", "1º VICE-PRESIDENTE"),
        ("senado-senator-5008", "2º VICE-PRESIDENTE"),
    ]  # fmt: skip
    assert [one.legislator_id for one in offices[1]] == [
        "senado-senator-3830", "camara-deputy-178937", "senado-senator-5008",
    ]  # fmt: skip
    blocs = read("legacy-2026/blocos-lista__*.json", services.BLOCS, organization_records.BlocRow)
    found = stored([organizations.from_bloc_row(row, SEEN) for row in blocs])
    assert [one.party_ids for one in found if isinstance(one, organizations.OrganizationRecord)] == [
        ("PP", "REPUBLICANOS"), ("MDB", "PODE", "UNIÃO"), ("PDT", "PT"),
    ]  # fmt: skip
    (bloc,) = read("legacy-2026/bloco-detalhe__*.json", services.BLOC, organization_records.BlocDetail)
    (record,) = stored([organizations.from_bloc_detail(bloc, SEEN)])
    assert isinstance(record, organizations.OrganizationRecord)
    assert [(one.name, one.role, one.start_date, one.end_date) for one in record.members["leaders"]] == [
        ("Ciro Nogueira", "Líder", Day(2023, 3, 20), Day(2024, 3, 5)),
        ("Laércio Oliveira", "Líder", Day(2024, 3, 6), Day(2025, 2, 16)),
        ("Damares Alves", "Vice-líder", Day(2024, 3, 6), Day(2025, 2, 16)),
    ]  # fmt: skip
    ids = organizations.camara_ids((senate, congress), (bloc,))
    assert ids == {5771: 178937, 6131: 204426, 6452: 220561, 739: 3042, 4811: 151208}


def votings() -> list[VotingRow]:
    return [
        VotingRow.model_validate(node)
        for path in sorted((ROOT / "processo/votacao").glob("*.json"))
        for node in json.loads(path.read_bytes())
    ]


def test_votings_of_the_plenary() -> None:
    found = [completed(vote_events.from_voting(row, SEEN)) for row in votings()]
    stored(list(found))
    by_id = {one.id: one for one in found}
    first, second = by_id["senado-vote-6919"], by_id["senado-vote-6920"]
    assert (first.turn, second.turn, first.event_id) == (1, 2, "senado-session-451477")
    assert (first.counts_published, second.counts_published) == (
        VoteCounts(yes=72, other=1), VoteCounts(yes=70, other=1),
    )  # fmt: skip
    appeal = by_id["senado-vote-6921"]
    assert (appeal.purpose, appeal.result) == (VotePurpose.APPEAL, VoteResult.FAILED)
    assert appeal.counts_published == VoteCounts(yes=34, no=21, abstain=1, other=1)
    assert VotingFlagCode.RESULT_CONTRADICTS not in {flag.code for flag in appeal.flags}
    secret = by_id["senado-vote-6801"]
    assert (secret.secret, secret.nominal, secret.purpose, secret.flags) == (True, False, VotePurpose.NOMINATION, ())
    options = [vote.option for vote in secret.votes]
    assert (options.count(VoteOption.SECRET), options.count(VoteOption.PRESENT), len(options)) == (53, 27, 81)
    assert secret.bills[0].id == "senado-8526481"
    assert secret.votes[0].legislator_id == "senado-senator-5672"


def test_orientations_join_their_votings() -> None:
    rows = read("legacy-2026/orientacao-bancada__*.json", services.ORIENTATIONS, vote_event_records.OrientationRow)
    by_sequence = {vote_events.sequence_of(row): row for row in votings()}
    joined = [
        vote_events.from_orientations(row, by_sequence[row.sequencialVotacao], SEEN)
        for row in rows
        if row.sequencialVotacao in by_sequence
    ]
    stored(list(joined))
    assert [one.id for one in joined] == ["senado-vote-6919", "senado-vote-6920"]
    assert [(one.label, one.kind, one.party_ids, one.option) for one in joined[1].orientations] == [
        ("NOVO", OrientationKind.PARTY, ("NOVO",), OrientationOption.YES),
        ("Governo", OrientationKind.LEADERSHIP, (), OrientationOption.YES),
        ("PP", OrientationKind.PARTY, ("PP",), OrientationOption.YES),
    ]  # fmt: skip
    assert joined[0].orientations[1].party_ids == ("REPUBLICANOS",), "the cut name Republica"
    assert str(joined[0].at) == "2025-03-11 19:53:53+00:00"


def test_votings_of_committees() -> None:
    name = "legacy-2026/votacao-comissao__*.json"
    rows = read(name, services.COMMITTEE_VOTINGS, vote_event_records.CommitteeVotingRow)
    found = [completed(vote_events.from_committee_voting(row, SEEN)) for row in rows]
    stored(list(found))
    one = found[0]
    assert (one.id, one.event_id, one.date, one.organization_id) == (
        "senado-committee-vote-6932", "senado-meeting-4097", Day(2015, 10, 21), "senado-org-34",
    )  # fmt: skip
    assert (one.plenary, one.result, one.counts_published) == (False, VoteResult.UNKNOWN, VoteCounts(yes=13, no=1))
    assert {vote.option for vote in one.votes} == {VoteOption.YES}


def test_meetings_of_committees() -> None:
    rows = read("legacy-2026/comissao-agenda__*.json", services.MEETINGS, event_records.MeetingRow)
    (detail,) = read("legacy-2026/reuniao-detalhe__*.json", services.MEETING, event_records.MeetingRow)
    found = [events.from_meeting(row, SEEN) for row in rows]
    stored(list(found))
    assert events.from_meeting(detail, SEEN) == found[0], "list and detail show the same"
    inquiry, hearing, moved = found
    assert (inquiry.status, str(inquiry.start), str(inquiry.end)) == (
        EventStatus.HELD, "2025-05-08 13:30:00+00:00", "2025-05-08 16:44:00+00:00",
    )  # fmt: skip
    assert (hearing.classification, len(hearing.media)) == (EventClassification.HEARING, 4)
    assert (moved.status, moved.status_text, moved.organization_ids) == (
        EventStatus.MOVED, "Transferida para o dia 7 de maio", ("senado-org-54",),
    )  # fmt: skip
    assert [(one.key, one.identifier, one.bill_ids) for one in moved.agenda] == [
        ("97542", "MSF 1/2025", ("senado-8781953",)), ("97547", "MSF 5/2025", ("senado-8787122",)),
        ("97554", "MSF 6/2025", ("senado-8787136",)),
    ]  # fmt: skip
    assert events.moved_pairs(rows, SEEN) == {}, "the list of one day does not have the new meeting"


@pytest.mark.parametrize(
    ("name", "root", "count"),
    [
        ("legacy-2026/agenda-plenario-mes__*.json", None, 3),
        ("legacy-2018/plenario_agenda_dia_*.json", "PautaPlenario", 1),
    ],
)  # fmt: skip
def test_sessions(name: str, root: str | None, count: int) -> None:
    rows = read(name, services.SESSIONS, event_records.SessionRow, root=root)
    found = [events.from_session(row, None, {124779: 1}, SEEN) for row in rows]
    stored(list(found))
    assert len(found) == count
    assert {one.status for one in found} == {EventStatus.HELD}, "codes 40 and 8"
    if count == 1:
        assert (str(found[0].start), found[0].agenda) == ("2016-04-01 12:00:00+00:00", ())
        return
    assert [(one.key, one.order, one.section, one.bill_ids) for one in found[0].agenda] == [
        ("matter-124779", 1, "Pauta", ("senado-1",)), ("matter-167133", 1, "Extrapauta", ()),
        ("matter-138472", 2, "Pauta", ()),
    ]  # fmt: skip
    assert found[1].agenda[1].outcome is AgendaOutcome.WITHDRAWN, "TipoPauta R, before there is a result"


def outcomes(name: str) -> dict[str, list[Any]]:
    results = read(name, services.RESULTS, event_records.SessionResult)
    session = event_records.SessionRow(CodigoSessao=1)
    return {
        str(result.codigoSessao): [item.outcome for item in items_of_session(session, result, {})] for result in results
    }


def test_results_of_sessions() -> None:
    assert outcomes("legacy-2026/resultado-plenario-mes__*.json") == {
        "452175": [AgendaOutcome.DISCUSSED, AgendaOutcome.APPROVED, AgendaOutcome.NOT_REACHED],
        "452176": [AgendaOutcome.DISCUSSED, AgendaOutcome.NOT_REACHED, AgendaOutcome.WITHDRAWN],
        "452183": [AgendaOutcome.APPROVED] * 3,
    }
    (of_2011,) = outcomes("legacy-2018/plenario_resultado_*.json").values()
    assert (of_2011.count(AgendaOutcome.APPROVED), of_2011.count(AgendaOutcome.NOT_REACHED)) == (15, 1)
