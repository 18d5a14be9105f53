"""The histories of a bill of which only a row was read say so: an empty list is not taken for "nothing happened"."""

from datetime import date
from typing import Any

import httpx2
import pytest
from api_gateway.web.responses.journey_schemas import JourneyReply
from api_gateway.web.responses.record_schemas import VoteList
from api_gateway.web.responses.reply_schemas import ActionList
from integration.store.records.record_readings import votes, voting
from integration.web.records.asking_records import get
from legis.domain.bill import Action
from legis.domain.vocabulary import ActionKind, ReadingPart

Client = httpx2.AsyncClient
INTRODUCED = Action(date=date(2024, 2, 1), kind=ActionKind.INTRODUCED, description="Apresentação do projeto")


async def read_whole(api: Client, bill_id: str) -> dict[str, bool]:
    """What each history says about its bill, and the item of it in a journey."""
    actions = await get(api, f"/bills/{bill_id}/actions")
    votings = await get(api, f"/bills/{bill_id}/votes")
    journey = await get(api, f"/bills/{bill_id}/journey")
    ActionList.model_validate(actions)
    VoteList.model_validate(votings)
    JourneyReply.model_validate(journey)
    of_bills = {one["id"]: one["read_whole"] for one in journey["bills"]}
    return {"actions": actions["read_whole"], "votes": votings["read_whole"], "journey": of_bills[bill_id]}


@pytest.mark.parametrize("part", [ReadingPart.BULK, ReadingPart.LIST])
async def test_a_row_is_not_the_whole_bill(api: Client, store: Any, make_bill: Any, part: ReadingPart) -> None:
    number = 100 + list(ReadingPart).index(part)
    await store([make_bill(number)], part)
    assert await read_whole(api, f"camara-{number}") == {"actions": False, "votes": False, "journey": False}
    assert (await get(api, f"/bills/camara-{number}/actions"))["data"] == []
    await store([make_bill(number, actions=(INTRODUCED,))])
    assert await read_whole(api, f"camara-{number}") == {"actions": True, "votes": True, "journey": True}
    await store([make_bill(number)], part)  # the next list or file does not undo it
    assert await read_whole(api, f"camara-{number}") == {"actions": True, "votes": True, "journey": True}


async def test_a_bill_without_any_action_was_read_whole(api: Client, store: Any, make_bill: Any) -> None:
    await store([make_bill(2)])
    assert await read_whole(api, "camara-2") == {"actions": True, "votes": True, "journey": True}
    assert (await get(api, "/bills/camara-2/actions"))["data"] == []


async def test_votings_of_a_bill_not_read_whole_are_shown(api: Client, store: Any, put: Any, make_bill: Any) -> None:
    await store([make_bill(3)], ReadingPart.BULK)
    await put(voting(31, day=date(2025, 1, 1), bill="camara-3", votes=votes("YYN")))
    found = await get(api, "/bills/camara-3/votes")
    assert [one["id"] for one in found["data"]] == ["camara-vote-31"]
    assert not found["read_whole"]


async def test_every_page_says_so(api: Client, store: Any, make_bill: Any) -> None:
    await store([make_bill(4, actions=(INTRODUCED, INTRODUCED.model_copy(update={"date": date(2024, 2, 2)})))])
    first = await get(api, "/bills/camara-4/actions", limit=1)
    second = await get(api, "/bills/camara-4/actions", limit=1, cursor=first["page"]["next_cursor"])
    assert [len(page["data"]) for page in (first, second)] == [1, 1]
    assert (first["read_whole"], second["read_whole"]) == (True, True)
    assert second["page"]["next_cursor"] is None
