"""Redirects: followed within the API's origin, a few at most, and never with the key to another one."""

from collections.abc import Awaitable, Callable

import pytest
from legis_client import ApiError, AsyncLegis, InvalidRequest, Legis, RetryPolicy
from unit.legis_client.loopback_desk import Desk

LATEST, NEWEST = "/api/v1/exports/latest/files/bills.csv.gz", "/api/v1/exports/e2/files/bills.csv.gz"
ONCE = RetryPolicy(attempts=1)


def test_a_file_of_the_newest_export_is_had_with_the_range_that_was_asked_for(desk: Desk) -> None:
    desk.leads[LATEST] = NEWEST
    with (
        Legis(desk.url, api_key="k") as legis,
        legis.export_file("latest", "bills.csv.gz", start=3, etag='"e"') as reply,
    ):
        assert b"".join(reply.iter_bytes()) == b'{"data": "here"}'
    assert desk.paths == [LATEST, NEWEST]
    asked = desk.asked[1][1]
    assert (asked["Authorization"], asked["Range"], asked["If-Range"]) == ("Bearer k", "bytes=3-", '"e"')


async def test_the_same_for_asyncio(desk: Desk) -> None:
    desk.leads |= {LATEST: NEWEST, "/api/v1/stats": "/api/v1/counts"}
    async with AsyncLegis(desk.url, api_key="k") as legis:
        async with legis.export_file("latest", "bills.csv.gz") as reply:
            assert await reply.aread() == b'{"data": "here"}'
        assert await legis.stats() == {"data": "here"}
    assert desk.paths == [LATEST, NEWEST, "/api/v1/stats", "/api/v1/counts"]


def test_a_document_that_moved_is_read_where_it_is(desk: Desk) -> None:
    desk.leads["/api/v1/stats"] = f"{desk.url}/api/v1/counts"
    with Legis(desk.url) as legis:
        assert legis.stats() == {"data": "here"}


@pytest.mark.parametrize("ask", [Legis.stats, lambda legis: legis.export_file("latest", "x").__enter__()])
def test_another_origin_is_named_and_not_asked(desk: Desk, stranger: Desk, ask: Callable[[Legis], object]) -> None:
    target = f"{stranger.url}/x"
    desk.leads |= {"/api/v1/exports/latest/files/x": target, "/api/v1/stats": target}
    with Legis(desk.url, api_key="k", retry=ONCE) as legis, pytest.raises(InvalidRequest, match=target) as refused:
        ask(legis)
    assert (refused.value.status, refused.value.location, stranger.asked) == (307, target, [])


@pytest.mark.parametrize("ask", [AsyncLegis.stats, lambda legis: legis.export_file("latest", "x").__aenter__()])
async def test_nor_is_it_by_asyncio(desk: Desk, stranger: Desk, ask: Callable[[AsyncLegis], Awaitable[object]]) -> None:
    target = f"{stranger.url}/x"
    desk.leads |= {"/api/v1/exports/latest/files/x": target, "/api/v1/stats": target}
    async with AsyncLegis(desk.url, api_key="k", retry=ONCE) as legis:
        with pytest.raises(InvalidRequest, match=target):
            await ask(legis)
    assert stranger.asked == []


def test_a_ring_ends(desk: Desk) -> None:
    desk.leads |= {"/api/v1/stats": "/api/v1/counts", "/api/v1/counts": "/api/v1/stats"}
    with Legis(desk.url) as legis, pytest.raises(ApiError, match="redirect"):
        legis.stats()
    assert len(desk.asked) == 6


def test_an_address_that_is_none_is_told(desk: Desk) -> None:
    desk.leads["/api/v1/stats"] = "http://[::1/x"
    with Legis(desk.url) as legis, pytest.raises(ApiError, match=r"redirect to http://\[::1/x"):
        legis.stats()
