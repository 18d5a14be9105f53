"""Following the change log ends at its head where no waiting is wanted, also where 0 comes from a command line."""

import json
from typing import Any

import pytest
from legis_client import AsyncLegis, Legis
from unit.legis_client.loopback_desk import Desk

HEAD = {"data": [], "page": {"next_after": 7, "has_more": False, "epoch": "e", "head": 7}}


@pytest.fixture
def log(desk: Desk) -> Desk:
    desk.body, desk.most = json.dumps(HEAD).encode(), 3
    return desk


@pytest.mark.parametrize("wait", [0, "0", "00", "-0", "0.0"])
def test_it_ends_at_the_head(log: Desk, wait: Any) -> None:
    with Legis(log.url) as legis:
        assert list(legis.changes.follow(after=7, wait=wait)) == []
    assert len(log.asked) == 1


@pytest.mark.parametrize("wait", [0, "0", "00", "-0", "0.0"])
async def test_the_same_for_asyncio(log: Desk, wait: Any) -> None:
    async with AsyncLegis(log.url) as legis:
        assert [change async for change in legis.changes.follow(after=7, wait=wait)] == []
    assert len(log.asked) == 1


@pytest.mark.parametrize("asked", [{}, {"wait": "5"}, {"wait": "soon"}, {"wait": None}])
def test_it_goes_on_otherwise(log: Desk, asked: Any) -> None:
    with Legis(log.url) as legis, pytest.raises(Exception, match="400"):
        list(legis.changes.follow(after=7, **asked))
    assert len(log.asked) == 4
