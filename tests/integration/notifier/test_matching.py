"""Which subscriptions changes are matched with, over a real database."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from api_gateway.notifier.matcher import Matcher
from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.index.panics import EngineFailed
from api_gateway.search.percolator import Percolator
from api_gateway.settings import StoreSettings
from api_gateway.store.database.pool import open_pool
from api_gateway.store.database.reader import Database
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

LEFT_OUT = "legis_notifier_searches_left_out_total"
ALL = {"kind": ["CREATED", "MOVED", "EDITED", "READ"]}


@pytest.fixture
async def matcher(database_url: str) -> AsyncIterator[Matcher]:
    own = await open_pool(StoreSettings(database_url=database_url), name="matcher", statement_timeout=10)
    yield Matcher(own, Database(own, own, limit=2, acquire_timeout=5.0))
    own.terminate()  # the readers keep a connection


async def matched(pool: Any) -> list[list[int]]:
    """The subscriptions that each entry matched, by internal id."""
    return [row["subscription_ids"] for row in await pool.fetch("SELECT * FROM change_match ORDER BY seq")]


@pytest.mark.parametrize("state", ["ACTIVE", "PAUSED", "DISABLED", "BOUNCED"])
async def test_whatever_can_be_resumed_is_matched(
    pool: Any, matcher: Matcher, subscribe: Any, change: Any, state: str
) -> None:
    one = await subscribe("any", **ALL)
    await pool.execute("UPDATE subscription SET state = $1", state)
    await change([1])
    await matcher.step()
    assert await matched(pool) == [[one.id]]


@pytest.mark.parametrize("state", ["PENDING", "DISABLED", "BOUNCED"])
async def test_what_was_never_confirmed_is_not_matched(
    pool: Any, matcher: Matcher, subscribe: Any, change: Any, state: str
) -> None:
    await subscribe("any", **ALL)
    await pool.execute("UPDATE subscription SET state = $1, confirmed_at = NULL", state)
    await change([1])
    await matcher.step()
    assert await matched(pool) == []


class Panic(BaseException):
    """A panic of the index engine, as it arrives."""


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`raising(error, "PEC")` makes every search with that word raise it; without a word, every search."""

    def make(error: BaseException, word: str = "") -> None:
        matching = Percolator.matching

        def match(self: Percolator, wanted: BillFilter) -> set[int]:
            if word in repr(wanted):
                raise error
            return matching(self, wanted)

        monkeypatch.setattr(Percolator, "matching", match)

    return make


@pytest.mark.parametrize("error", [ValueError("a number is too long"), Panic("index out of bounds")])
async def test_a_search_that_raises_is_left_out(
    pool: Any, matcher: Matcher, subscribe: Any, change: Any, raising: Any, error: BaseException
) -> None:
    odd = await subscribe("odd", type=["PL", "PEC"], **ALL)
    others = [await subscribe("laws", type=["PL"], **ALL), await subscribe("every", **ALL)]
    raising(error, "PEC")
    failed = REGISTRY.get_sample_value(LEFT_OUT, {"reason": "raised"}) or 0
    with capture_logs() as said:
        for number in (1, 2):
            await change([number])
            await matcher.step()
    assert await matched(pool) == [[one.id for one in others]] * 2
    assert REGISTRY.get_sample_value(LEFT_OUT, {"reason": "raised"}) == failed + 2
    (told,) = [one for one in said if one["event"] == "search_raised"]
    assert told["subscriptions"] == [odd.id]


async def test_nothing_is_passed_over_while_every_search_raises(
    pool: Any, matcher: Matcher, subscribe: Any, change: Any, raising: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await subscribe("laws", type=["PL"], **ALL)
    await change([1])
    raising(Panic("no memory"))
    with pytest.raises(EngineFailed):
        await matcher.step()
    monkeypatch.undo()
    await matcher.step()
    assert await matched(pool) == [[one.id]]


@pytest.mark.parametrize("parameters", ['{"q":', '{"type": 5}', '{"kind": ["ANNOUNCED"]}', "[1]"])
async def test_a_search_that_cannot_be_read_is_left_out(
    pool: Any, matcher: Matcher, subscribe: Any, change: Any, parameters: str
) -> None:
    odd, well = await subscribe("odd"), await subscribe("every", **ALL)
    await pool.execute("UPDATE subscription SET parameters = $2 WHERE id = $1", odd.id, parameters)
    unread = REGISTRY.get_sample_value(LEFT_OUT, {"reason": "unreadable"}) or 0
    await change([1])
    await matcher.step()
    assert await matched(pool) == [[well.id]]
    assert REGISTRY.get_sample_value(LEFT_OUT, {"reason": "unreadable"}) == unread + 1
