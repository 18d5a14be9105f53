"""Every recorded answer on votings and agendas is read whole: nothing refused, nothing lost unseen."""

import datetime
import json
from typing import Any

import pytest
from contract.senado_recordings.census import ROOT, SEEN, beside, read_records, stored
from ingest_senado.client import record_api as services
from ingest_senado.normalizer import events, vote_events
from ingest_senado.normalizer.agenda_items import items_of_session
from ingest_senado.wire import event_records, vote_event_records
from ingest_senado.wire.voting_records import VotingRow
from legis.domain.records.event_record import AgendaOutcome, EventClassification, EventStatus
from legis.domain.records.vote_completion import completed
from legis.domain.records.vote_event_record import OrientationKind, OrientationOption
from legis.domain.voting import VoteCounts, VoteOption, VotePurpose, VoteResult, VotingFlagCode

pytestmark = beside
Day = datetime.date


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
    rows = read_records(
        "legacy-2026/orientacao-bancada__*.json", services.ORIENTATIONS, vote_event_records.OrientationRow
    )
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
    rows = read_records(name, services.COMMITTEE_VOTINGS, vote_event_records.CommitteeVotingRow)
    found = [completed(vote_events.from_committee_voting(row, SEEN)) for row in rows]
    stored(list(found))
    one = found[0]
    assert (one.id, one.event_id, one.date, one.organization_id) == (
        "senado-committee-vote-6932", "senado-meeting-4097", Day(2015, 10, 21), "senado-org-34",
    )  # fmt: skip
    assert (one.plenary, one.result, one.counts_published) == (False, VoteResult.UNKNOWN, VoteCounts(yes=13, no=1))
    assert {vote.option for vote in one.votes} == {VoteOption.YES}


def test_meetings_of_committees() -> None:
    rows = read_records("legacy-2026/comissao-agenda__*.json", services.MEETINGS, event_records.MeetingRow)
    (detail,) = read_records("legacy-2026/reuniao-detalhe__*.json", services.MEETING, event_records.MeetingRow)
    found = [events.from_meeting(row, SEEN) for row in rows]
    stored(list(found))
    assert events.from_meeting(detail, SEEN) == found[0], "list and detail show the same"
    inquiry, hearing, moved = found
    assert (inquiry.status, str(inquiry.start), str(inquiry.end)) == (
        EventStatus.HELD, "2025-05-08 13:30:00+00:00", "2025-05-08 16:44:00+00:00",
    )  # fmt: skip
    assert (hearing.classification, len(hearing.media)) == (EventClassification.HEARING, 4)
    assert (moved.status, moved.status_text, moved.organization_ids) == (
        EventStatus.MOVED, "Cancelada: Transferida para o dia 7 de maio", ("senado-org-54",),
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
    rows = read_records(name, services.SESSIONS, event_records.SessionRow, root=root)
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
    results = read_records(name, services.RESULTS, event_records.SessionResult)
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
