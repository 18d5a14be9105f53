"""A committee's voting takes its result from the agenda item that it decided, and from no other."""

from typing import Any

import pytest
from legis.domain.records.agenda_result import result_from_agenda
from legis.domain.records.event_record import AgendaItem, AgendaOutcome, EventRecord
from legis.domain.records.vote_event_record import VotedBill, VoteEventRecord
from legis.domain.vocabulary import Source
from legis.domain.voting import VoteResult

VOTING, MEETING, BILL = "senado-committee-vote-1", "senado-meeting-1", "senado-10"


def voting(**claims: Any) -> VoteEventRecord:
    facts: dict[str, Any] = {"plenary": False, "event_id": MEETING, "bills": (VotedBill(id=BILL),)} | claims
    return VoteEventRecord(id=VOTING, source=Source.SENADO, upstream_id="1", **facts)


def item(outcome: AgendaOutcome | None, **claims: Any) -> AgendaItem:
    facts: dict[str, Any] = {"key": "1", "bill_ids": (BILL,), "outcome_text": "Aprovado o parecer"} | claims
    return AgendaItem(outcome=outcome, **facts)


def told(record: VoteEventRecord, *items: AgendaItem, number: int = 1) -> VoteResult | None:
    event = EventRecord(id=f"senado-meeting-{number}", source=Source.SENADO, upstream_id=str(number), agenda=items)
    found = result_from_agenda(record, event)
    return found and found[0]


APPROVED, REJECTED = item(AgendaOutcome.APPROVED), item(AgendaOutcome.REJECTED)
NAMED = item(AgendaOutcome.REJECTED, key="2", vote_event_id=VOTING)
OF_ANOTHER = item(AgendaOutcome.APPROVED, vote_event_id="senado-committee-vote-2")
IDENTIFIED = item(AgendaOutcome.APPROVED, bill_ids=(), identifier="PL 10/2024")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([APPROVED], VoteResult.PASSED),
        ([REJECTED], VoteResult.FAILED),
        ([APPROVED, NAMED], VoteResult.FAILED),
        ([APPROVED, REJECTED], None),
        ([OF_ANOTHER], None),
        ([item(AgendaOutcome.DISCUSSED)], None),
        ([item(None)], None),
        ([item(AgendaOutcome.APPROVED, bill_ids=("senado-11",))], None),
    ],
)
def test_the_item_that_the_voting_decided_tells(items: list[AgendaItem], expected: VoteResult | None) -> None:
    assert told(voting(), *items) is expected


def test_an_identifier_stands_for_a_bill_that_is_not_named() -> None:
    assert told(voting(bills=(), subject_identifier="PL 10/2024"), IDENTIFIED) is VoteResult.PASSED
    assert told(voting(bills=()), IDENTIFIED) is None


def test_no_other_voting_takes_it() -> None:
    assert told(voting(plenary=True), APPROVED) is None
    assert told(voting(plenary=None), APPROVED) is None
    assert told(voting(result=VoteResult.FAILED), APPROVED) is None
    assert told(voting(), APPROVED, number=2) is None


def test_the_text_comes_with_it() -> None:
    event = EventRecord(id=MEETING, source=Source.SENADO, upstream_id="1", agenda=(APPROVED,))
    assert result_from_agenda(voting(), event) == (VoteResult.PASSED, "Aprovado o parecer")
