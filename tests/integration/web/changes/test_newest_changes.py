"""The newest entries of the change log, newest first."""

from typing import Any

import httpx2
import pytest
from api_gateway.store.changes import change_reader
from api_gateway.web.responses.reply_schemas import ChangeList
from legis.domain.vocabulary import BillStatus

Client = httpx2.AsyncClient
PATH = "/api/v1/changes?sort=-seq"


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    """Entries 1 to 4: created, created, moved, edited; entry 5: the other one moved."""
    await store([make_bill(1)])
    await store([make_bill(2, type_code="PEC")])
    await store([make_bill(1, status=BillStatus.APPROVED)])
    await store([make_bill(2, type_code="PEC", title="Outro título.")])
    await store([make_bill(2, type_code="PEC", title="Outro título.", status=BillStatus.REJECTED)])


async def seqs(api: Client, asked: str = "") -> list[int]:
    reply = await api.get(PATH + asked)
    assert reply.status_code == 200, reply.text
    return [one.seq for one in ChangeList.model_validate(reply.json()).data]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("&limit=2", [5, 4]),
        ("&kind=MOVED", [5, 3]),
        ("&kind=MOVED&limit=1", [5]),
        ("&kind=EDITED", [4]),
        ("&kind=REMOVED", []),
        ("&field=title", [4]),
        ("&type=PEC", [5, 4, 2]),
        ("&type=PL&kind=MOVED", [3]),
        ("&about=event", []),
    ],
)
async def test_the_newest_come_first(api: Client, asked: str, wanted: list[int]) -> None:
    assert await seqs(api, asked) == wanted


async def test_they_are_the_entries_of_the_log_and_lead_on_from_there(api: Client, store: Any, make_bill: Any) -> None:
    forwards, newest = [(await api.get(path)).json() for path in ("/api/v1/changes?kind=MOVED", f"{PATH}&kind=MOVED")]
    assert newest["data"] == forwards["data"][::-1]
    page = newest["page"]
    assert (page["next_after"], page["head"], page["has_more"]) == (page["head"], page["head"], False)
    assert "sort" not in page["next"]
    assert f"after={page['head']}" in page["next"]
    assert (await api.get(page["next"])).json()["data"] == []
    assert "sort" not in forwards["page"]["next"]


@pytest.mark.parametrize("more", ["after=1", "epoch=x", "wait=1", "format=csv"])
async def test_a_place_in_the_log_and_newest_first_are_not_asked_for_together(api: Client, more: str) -> None:
    reply = await api.get(f"{PATH}&{more}")
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["parameter"] == "sort"
    assert (await api.get("/api/v1/changes?sort=newest")).status_code == 400


async def test_what_moved_is_found_behind_many_entries_that_did_not(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backfill logs thousands of readings: these are passed over by the mark of movement, not one by one."""
    monkeypatch.setattr(change_reader, "ENTRIES_PASSED", 2)
    assert await seqs(api, "&kind=MOVED") == [5, 3]
    assert await seqs(api, "&kind=CREATED") == []
