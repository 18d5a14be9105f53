"""Every recorded voting, vote, orientation and event of the Câmara as a record, without loss, and the check values."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from contract.camara_records import nominal_term as term
from contract.camara_records.nominal_term import RECORDED, Rate
from ingest_camara.normalizer.events import from_item
from ingest_camara.normalizer.vote_events import FileParts, from_detail, from_file, from_list_row
from ingest_camara.wire.bulk import Header
from ingest_camara.wire.event_records import AgendaRow, EventItem
from ingest_camara.wire.file_columns import Layout
from ingest_camara.wire.vote_event_records import OrientationRow, VotingDetail
from ingest_camara.wire.voting_columns import VOTING_COLUMNS
from ingest_camara.wire.voting_records import MemberVote, Voting
from legis.domain.records.event_record import EventRecord
from legis.domain.records.vote_completion import completed
from legis.domain.records.vote_event_record import Orientation, VoteEventRecord
from legis.domain.voting import VoteCounts

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no recordings of the Câmara in {RECORDED}")


@pytest.fixture(scope="module", autouse=True)
def _let_go() -> Iterator[None]:
    """Half a million objects would slow the collector down in every test that comes after these."""
    yield
    for kept in (term.records, term.choices, term.by_party):
        kept.cache_clear()


def recorded(path: str) -> Any:
    body = json.loads((RECORDED / path).read_text("utf-8-sig"))
    return body["dados"] if isinstance(body, dict) and "dados" in body else body


def item(event: str) -> EventItem:
    return EventItem.model_validate(recorded(f"eventos/{event}.json"))


def agenda_item() -> AgendaRow:
    """The recorded item, whose form is XML."""
    root = ElementTree.fromstring((RECORDED / "_xml_fragments/evento_60754_pauta_item_2021.xml").read_text("utf-8"))
    fields: dict[str, Any] = {child.tag: child.text for child in root if not len(child)}
    proposal = root.find("proposicao_")
    assert proposal is not None
    return AgendaRow.model_validate({**fields, "proposicao_": {child.tag: child.text for child in proposal}})


def bulk_voting() -> VoteEventRecord:
    """The recorded row of a yearly file, whose form is JSON, as a row of the CSV."""
    flat: dict[str, str] = {}
    for name, value in recorded("votacoes/bulk_json_votacao_2355879-47.json").items():
        nested = value.items() if isinstance(value, dict) else ()
        flat |= {f"{name}_{inner}": str(cell) for inner, cell in nested} or {name: str(value)}
    bound = VOTING_COLUMNS(Header(tuple(flat))).bind(tuple(flat.values()))
    assert bound.unknown == {}
    return from_file(bound.row, FileParts(votes=(), benches=(), bills=()), bound.unknown)


def test_no_field_of_a_recording_is_unknown() -> None:
    """Each field is mapped or named as left out; a field that no model declares would be in the extras."""
    rows = [Voting.model_validate(row) for row in recorded("votacoes/list_itens3_2026-06-10.json")]
    orientations = [OrientationRow.model_validate(row) for row in recorded(ORIENTATIONS)]
    listed = [EventItem.model_validate(row) for row in recorded("eventos/list_2020-09-01_one.json")]
    events = [*listed, *(item(name) for name in EVENTS)]
    bodies = [body for event in events for body in event.orgaos]
    rooms = [event.localCamara for event in events if event.localCamara]
    agenda = agenda_item()
    assert agenda.proposicao_ is not None
    votings = [Voting.model_validate(row["votacao"]) for row in term.rows()]
    for record in (*rows, *orientations, *events, *bodies, *rooms, agenda, agenda.proposicao_, *votings):
        assert record.unknown == {}, record
    for path in sorted((RECORDED / "votacoes_votos/dados_only").glob("*.json")):
        for row in json.loads(path.read_text()):
            vote = MemberVote.model_validate(row)
            assert vote.unknown == {}
            assert vote.deputado_ is not None
            assert vote.deputado_.unknown == {}


ORIENTATIONS = "votacoes_orientacoes/fragments_two_objects_2026-08.json"
EVENTS = ("axios_response_evento_59895_with_headers_2020-09", "evento_80872_detail_2026-02")


def test_all_votings_of_the_term_and_all_their_votes() -> None:
    records = term.records()
    assert len(records) == 686
    options = Counter(vote.option.value for record in records.values() for vote in record.votes)
    assert options == {"YES": 153_573, "NO": 97_537, "OBSTRUCTION": 4_862, "ABSTAIN": 671}
    assert all(vote.at and vote.legislator_id and vote.state for one in records.values() for vote in one.votes)
    assert Counter(record.legislature for record in records.values()) == {57: 589, 56: 97}
    assert sum(record.event_id is not None for record in records.values()) == 682
    flags = Counter(flag.code.value for record in records.values() for flag in record.flags)
    assert flags == {
        "VOTES_MISSING": 28, "COUNTS_DIFFER": 3, "VOTES_OF_ANOTHER": 1, "DUPLICATE": 3, "RESULT_CONTRADICTS": 1,
        "PURPOSE_UNKNOWN": 1,
    }  # fmt: skip


def test_agreement_has_its_check_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(term.choices()) == 629
    members = {pair: term.members(*pair) for pair in ((220645, 209787), (204536, 156190), (73433, 74398))}
    parties = {pair: term.parties(*pair) for pair in (("PT", "PL"), ("PT", "PSOL"), ("PP", "UNIÃO"))}
    rice = {party: round(term.rice(party), 4) for party in ("PT", "PL", "UNIÃO")}
    own = {number: term.with_own_party(number) for number in (204536, 220645)}
    with capsys.disabled():
        print(
            "\nagreement over 629 votings:", *members.items(), *parties.items(), *own.items(), "Rice", rice, sep="\n  "
        )
    assert list(members.values()) == [Rate(86, 284), Rate(344, 400), Rate(364, 374)]
    assert list(parties.values()) == [Rate(273, 623), Rate(495, 624), Rate(582, 627)]
    assert rice == {"PT": 0.9675, "PL": 0.7571, "UNIÃO": 0.6657}
    assert own == {204536: Rate(214, 450), 220645: Rate(366, 368)}


def test_by_hand_a_voting_with_another_votings_votes() -> None:
    record = term.records()["2399598-70"]
    assert record.counts_published == VoteCounts(yes=35, no=375)
    assert record.counts is not None
    assert (record.counts.yes, record.counts.no, len(record.votes)) == (315, 87, 403)
    assert {"COUNTS_DIFFER", "VOTES_OF_ANOTHER"} == {flag.code for flag in record.flags}
    assert (record.organization_id, record.plenary) == ("camara-org-180", True)


def test_by_hand_the_chair_who_presides() -> None:
    votes = [MemberVote.model_validate(row) for row in recorded(VOTES_WITH_CHAIR)]
    detail = VotingDetail.model_validate({"id": "2473375-59", "data": "2024-12-18", "siglaOrgao": "PLEN"})
    record = completed(from_detail(detail, votes, None))
    assert len(record.votes) == 474
    (chair,) = [vote for vote in record.votes if vote.option == "PRESIDING"]
    assert (chair.option_text, chair.legislator_id) == ("Artigo 17", "camara-deputy-160541")
    assert record.counts is not None
    assert record.counts.yes + record.counts.no + record.counts.abstain + record.counts.other == 474
    assert len(term.records()["2473375-59"].votes) == 473, "the other recording lost the chair's row"


VOTES_WITH_CHAIR = "votacoes_votos/dados_only/votacao_2473375-59_474votos.json"


def test_by_hand_a_voting_that_was_registered_five_days_late() -> None:
    record = term.records()["2428509-5"]
    assert (record.date, record.at) == (date(2024, 4, 24), datetime(2024, 4, 29, 20, 39, 51, tzinfo=UTC))
    assert "DATE_SUSPECT" not in {flag.code for flag in record.flags}
    assert record.organization is not None
    assert (record.organization.acronym, record.plenary) == ("CDHMIR", False)


def test_by_hand_an_act_of_the_secretariat_in_a_yearly_file() -> None:
    record = completed(bulk_voting())
    assert (record.id, record.purpose, record.result) == ("camara-vote-2355879-47", "NOT_A_VOTE", "NO_VOTE")
    assert (record.event_id, record.counts_published, record.nominal) == (None, None, None)
    assert (record.organization_id, record.date) == ("camara-org-100001", date(2024, 2, 6))
    assert [(bill.id, bill.role) for bill in record.bills] == [("camara-2355879", "AFFECTED")]


def test_by_hand_a_request_in_the_list() -> None:
    rows = recorded("votacoes/list_itens3_2026-06-10.json")
    record = from_list_row(Voting.model_validate(rows[1]))
    assert "purpose" not in record.model_fields_set, "of a bare request only the detail tells"
    assert [(bill.id, bill.role, bill.identifier) for bill in record.bills] == [
        ("camara-2630757", "OBJECT", "REQ 15/2026 PLP10821")
    ]
    assert (record.event_id, record.result) == ("camara-event-82394", "PASSED")
    assert from_list_row(Voting.model_validate(rows[2])).purpose == "REPORT"


def test_by_hand_two_orientations() -> None:
    rows = [OrientationRow.model_validate(row) for row in recorded(ORIENTATIONS)]
    detail = VotingDetail.model_validate({"id": "1-1", "data": "2026-08-12"})
    found = from_detail(detail, None, rows).orientations
    assert found == (
        Orientation(label="Bl AvanSolidPrd...", kind="BLOC", party_ids=BLOC, option="YES", option_text="Sim"),
        Orientation(label="NOVO", kind="PARTY", party_ids=("NOVO",), option="NO", option_text="Não"),
    )


BLOC = ("AVANTE", "SOLIDARIEDADE", "PRD")


def test_by_hand_a_session_that_is_over() -> None:
    event = from_item(item(EVENTS[0]), [agenda_item()])
    assert isinstance(event, EventRecord)
    assert (event.id, event.status, event.classification) == ("camara-event-59895", "HELD", "SESSION")
    assert event.start == datetime(2020, 9, 1, 14, 0, tzinfo=UTC)
    assert event.end == datetime(2020, 9, 1, 17, 30, tzinfo=UTC)
    assert event.description == "Sessão Deliberativa Extraordinária (virtual)", "without the line break at its end"
    assert event.location == "Plenário da Câmara dos Deputados"
    assert event.organization_ids == ("camara-org-180",)
    assert [link.url for link in event.media] == ["https://www.youtube.com/watch?v=DlNbwp9U0wI"]
    (entry,) = event.agenda
    assert (entry.key, entry.order, entry.bill_ids) == ("1514151", 5, ("camara-1514151",))
    assert (entry.identifier, entry.outcome, entry.outcome_text) == ("PL 2021/2015", "VIEW_GRANTED", "Vista concedida")
    assert entry.vote_event_id is None


def test_list_and_detail_of_an_event_say_the_same() -> None:
    (listed,) = (EventItem.model_validate(row) for row in recorded("eventos/list_2020-09-01_one.json"))
    row, detail = from_item(listed), from_item(item(EVENTS[0]))
    for name in row.model_fields_set:
        assert getattr(row, name) == getattr(detail, name), name


def test_no_contact_of_a_person_is_kept() -> None:
    votes = [MemberVote.model_validate(row) for row in recorded(VOTES_WITH_CHAIR)]
    record = from_detail(VotingDetail.model_validate({"id": "2473375-59"}), votes, None)
    assert not re.search(r"@|email|cpf|urlFoto", record.model_dump_json())


def test_a_file_without_a_column_is_refused() -> None:
    assert isinstance(VOTING_COLUMNS, Layout)
    with pytest.raises(ValueError, match="columns missing: votosSim"):
        VOTING_COLUMNS(Header([names[0] for names in VOTING_COLUMNS.columns.values() if names[0] != "votosSim"]))
