"""Result of a committee's voting as the agenda of its meeting tells it: some sources publish votes without a result."""

from legis.domain.records.event_record import AgendaItem, AgendaOutcome, EventRecord
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.voting import VoteResult

RESULT_OF_OUTCOME = {AgendaOutcome.APPROVED: VoteResult.PASSED, AgendaOutcome.REJECTED: VoteResult.FAILED}
"""Outcomes that decide a voting. Others, such as DISCUSSED, say nothing about it."""


def needs_agenda_result(voting: VoteEventRecord) -> bool:
    """Whether the source gives the result of a committee's voting only in the agenda of its event, if at all."""
    return voting.result is VoteResult.UNKNOWN and voting.event_id is not None and voting.plenary is False


def result_from_agenda(voting: VoteEventRecord, event: EventRecord) -> tuple[VoteResult, str | None] | None:
    """Result and text of the agenda item that the voting decided; None where no item tells one, or two disagree.

    An item that names the voting goes before items with the same bill: one bill may be voted on several times.
    """
    if not needs_agenda_result(voting) or voting.event_id != event.id:
        return None
    items = [item for item in event.agenda if item.vote_event_id == voting.id]
    items = items or [item for item in event.agenda if item.vote_event_id is None and _is_about(item, voting)]
    found = {RESULT_OF_OUTCOME[item.outcome]: item for item in items if item.outcome in RESULT_OF_OUTCOME}
    if len(found) != 1:
        return None
    ((result, item),) = found.items()
    return result, item.outcome_text


def _is_about(item: AgendaItem, voting: VoteEventRecord) -> bool:
    if not {bill.id for bill in voting.bills}.isdisjoint(item.bill_ids):
        return True
    return item.identifier is not None and item.identifier == voting.subject_identifier
