"""A reader's place in the change log is one of this log, or is refused with the reason and a place to begin."""

import asyncio
from typing import Any

import httpx2
import orjson
import pytest
from api_gateway.store.windows.checkpoint_reader import renew_epoch
from integration.web.events import events_of

Client = httpx2.AsyncClient
PATH = "/api/v1/changes"
OTHER = "5a1f6ad8-0000-4000-8000-000000000000"


async def where(api: Client) -> tuple[str, int]:
    page = (await api.get(PATH, params={"limit": 1})).json()["page"]
    return page["epoch"], page["head"]


def refused(reply: httpx2.Response, parameter: str, epoch: str, head: int) -> None:
    """It says why, and where to begin, to people and to programs."""
    assert reply.status_code == 410
    assert reply.headers["content-type"] == "application/problem+json"
    told = reply.json()
    assert (told["title"], told["status"], told["instance"].startswith(PATH)) == ("Gone", 410, True)
    assert [one["parameter"] for one in told["errors"]] == [parameter]
    assert f"after=0, or with after={head}" in told["detail"]
    assert (told["epoch"], told["head"]) == (epoch, head)


@pytest.fixture(scope="module", autouse=True)
async def bills(store: Any, make_bill: Any) -> None:
    await store([make_bill(number) for number in range(1, 9)])


async def test_every_page_says_which_log_it_is_of_and_where_that_ends(
    api: Client, connection: Any, store: Any, make_bill: Any
) -> None:
    epoch = str(await connection.fetchval("SELECT epoch FROM store_epoch"))
    for asked in ({}, {"after": 3, "limit": 2}, {"type": "MPV"}, {"kind": "MOVED"}, {"field": "-title"}):
        page = (await api.get(PATH, params=asked)).json()["page"]
        assert (page["epoch"], page["head"]) == (epoch, 8), asked
        assert f"epoch={epoch}" in page["next"]
    at_the_end = (await api.get(PATH, params={"after": 8, "epoch": epoch})).json()
    assert (at_the_end["data"], at_the_end["page"]["next_after"], at_the_end["page"]["has_more"]) == ([], 8, False)
    first = await api.get(PATH, params={"limit": 2})
    await store([make_bill(9)])
    again = await api.get(PATH, params={"limit": 2})
    assert again.json()["page"]["head"] == 9
    assert again.headers["etag"] == first.headers["etag"], "where the log ends says nothing of what is on the page"


@pytest.mark.parametrize("filters", [{}, {"chamber": "CAMARA"}, {"kind": "MOVED"}, {"wait": 1}])
async def test_a_place_that_is_not_in_this_log_is_refused(api: Client, filters: dict[str, Any]) -> None:
    epoch, head = await where(api)
    refused(await api.get(PATH, params={"after": head + 1, **filters}), "after", epoch, head)
    refused(await api.get(PATH, params={"after": 2**63 - 1, **filters}), "after", epoch, head)
    refused(await api.get(PATH, params={"after": head + 7, "epoch": epoch, **filters}), "after", epoch, head)
    refused(await api.get(PATH, params={"after": 1, "epoch": OTHER, **filters}), "epoch", epoch, head)
    assert (await api.get(PATH, params={"after": head, "epoch": epoch, **filters})).status_code == 200


async def test_a_stream_begins_with_its_position_and_refuses_the_same(api: Client) -> None:
    epoch, head = await where(api)
    path = f"{PATH}/stream"
    for place, after in ((f"{epoch}.{head - 2}", head - 2), (str(head - 2), head - 2)):
        async with api.stream("GET", path, headers={"Last-Event-ID": place}) as reply:
            found = await asyncio.wait_for(events_of(reply.aiter_lines(), 3), 60)
        assert [event["event"] for event in found] == ["position", "change", "change"]
        assert orjson.loads(found[0]["data"]) == {"epoch": epoch, "head": head, "after": after}
        assert [event["id"] for event in found] == [f"{epoch}.{after + n}" for n in range(3)]
    for asked, headers, name in (
        (f"?after={head + 1}", {}, "after"),
        (f"?after=1&epoch={OTHER}", {}, "epoch"),
        ("", {"Last-Event-ID": f"{OTHER}.1"}, "Last-Event-ID"),
        ("", {"Last-Event-ID": f"{epoch}.{head + 1}"}, "Last-Event-ID"),
        ("?after=1", {"Last-Event-ID": str(head + 1)}, "Last-Event-ID"),
    ):
        refused(await api.get(path + asked, headers=headers), name, epoch, head)
    for place in ("x", f"{epoch}.", f"{epoch}.-1", f"{epoch}.{2**63}", "1²"):
        reply = await api.get(path, headers={"Last-Event-ID": place.encode("latin-1")})
        assert reply.status_code == 400, place
        assert reply.json()["errors"][0]["parameter"] == "Last-Event-ID"


async def test_an_entry_that_the_board_has_not_seen_yet_is_no_error(api: Client, write: Any, make_bill: Any) -> None:
    await write([make_bill(10)])
    epoch, head = await where(api)
    async with api.stream("GET", f"{PATH}/stream?after={head}&epoch={epoch}") as reply:
        (first,) = await asyncio.wait_for(events_of(reply.aiter_lines(), 1), 60)
    assert first["id"] == f"{epoch}.{head}"


async def test_after_a_restore_the_old_place_is_refused_and_streams_end(
    api: Client, connection: Any, store: Any, make_bill: Any
) -> None:
    epoch, head = await where(api)
    waiting = asyncio.create_task(api.get(PATH, params={"after": head, "epoch": epoch, "wait": 30}))
    async with api.stream("GET", f"{PATH}/stream?after={head - 1}") as reply:
        lines = reply.aiter_lines()
        await asyncio.wait_for(events_of(lines, 2), 60)
        await renew_epoch(connection)
        new = str(await connection.fetchval("SELECT epoch FROM store_epoch"))
        (last,) = await asyncio.wait_for(events_of(lines, 1), 60)
        assert last["event"] == "gone"
        assert "id" not in last, "a reader that comes back by itself must not take the new log for the old one"
        told = orjson.loads(last["data"])
        assert (told["epoch"], told["head"]) == (new, head)
        rest = [line async for line in lines]
        assert rest, "it ends"
    refused(await asyncio.wait_for(waiting, 60), "epoch", new, head)
    refused(await api.get(PATH, params={"after": 2, "epoch": epoch}), "epoch", new, head)
    assert (await api.get(PATH, params={"after": 2})).json()["page"]["epoch"] == new, "a plain number is believed"
