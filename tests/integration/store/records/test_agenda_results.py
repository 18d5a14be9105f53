"""A committee's voting without a result takes that of its meeting's agenda, whichever of the two is stored first."""

from typing import Any

import orjson
import pytest
from integration.store.records.record_readings import event, reading, row, store, voting
from legis.domain.records.event_record import AgendaItem, AgendaOutcome
from legis.domain.records.record import RecordKind
from legis.domain.records.vote_event_record import VoteEventRecord
from legis.domain.vocabulary import Source

MEETING = "senado-meeting-1"


def committee_voting() -> VoteEventRecord:
    claims = {"plenary": False, "event_id": MEETING, "bill": "senado-10"}
    found: VoteEventRecord = voting(1, **claims)
    return found


def meeting(outcome: AgendaOutcome | None) -> Any:
    item = AgendaItem(key="1", bill_ids=("senado-10",), outcome=outcome, outcome_text=outcome and "Aprovado")
    return event(1, source=Source.SENADO, word="meeting", agenda=(item,))


async def shown(pool: Any) -> tuple[str, str | None, bool]:
    """Result, its text, and whether it is flagged as unknown."""
    document = orjson.loads((await row(pool, "record", "camara-vote-1"))["document"])
    assert (await row(pool, "vote_event", "camara-vote-1"))["result"] == document["result"]
    flags = {flag["code"] for flag in document["flags"]}
    return document["result"], document["result_text"], "RESULT_UNKNOWN" in flags


@pytest.mark.parametrize("order", ["voting first", "meeting first", "together"])
async def test_whichever_comes_first(pool: Any, order: str) -> None:
    one, other = reading(committee_voting(), 1), reading(meeting(AgendaOutcome.APPROVED), 2)
    batches = {"voting first": [[one], [other]], "meeting first": [[other], [one]], "together": [[one, other]]}
    for batch in batches[order]:
        await store(pool, *batch)
    assert await shown(pool) == ("PASSED", "Aprovado", False)
    await store(pool, reading(committee_voting().model_copy(update={"description": "Parecer"}), 3))
    assert await shown(pool) == ("PASSED", "Aprovado", False), "kept when the voting is read again"


async def test_an_outcome_that_is_taken_back_takes_the_result_along(pool: Any) -> None:
    await store(pool, reading(committee_voting(), 1), reading(meeting(AgendaOutcome.APPROVED), 2))
    await store(pool, reading(meeting(None), 3))
    assert await shown(pool) == ("UNKNOWN", None, True)


async def test_without_an_outcome_it_stays_unknown(pool: Any) -> None:
    await store(pool, reading(committee_voting(), 1), reading(meeting(AgendaOutcome.DISCUSSED), 2))
    assert await shown(pool) == ("UNKNOWN", None, True)
    assert (await row(pool, "record", "camara-vote-1"))["kind"] == RecordKind.VOTE_EVENT
