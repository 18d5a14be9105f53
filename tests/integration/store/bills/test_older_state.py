"""What the writer does with a state older than the stored one."""

import itertools
from typing import Any

import orjson
from api_gateway.store.bills.bill_writer import apply
from integration.store.bills.stored_bills import PENDING, STALE, UNCHANGED, UPDATED, bill, outcomes
from legis.domain.vocabulary import ReadingPart


async def test_older_state_waits_for_confirmation(pool: Any, observe: Any) -> None:
    newer = {"latest_action": {"date": "2026-11-19", "kind": "OTHER"}}
    older = {"latest_action": {"date": "2026-11-10", "kind": "OTHER"}, "title": "Velho"}
    await apply(pool, [observe(1, **newer)])
    first = await apply(pool, [observe(2, at=10, **older)])
    assert outcomes(first) == [PENDING]
    assert not first.results[0].remember
    assert outcomes(await apply(pool, [observe(2, at=10, **older)])) == [PENDING], "delivered again is not seen again"
    assert outcomes(await apply(pool, [observe(3, at=30, **older)])) == [PENDING]
    assert (await bill(pool))["version"] == 1
    assert outcomes(await apply(pool, [observe(4, at=71, **older)])) == [UPDATED]
    assert (await bill(pool))["pending_fingerprint"] is None


async def test_pending_is_forgotten_when_the_newer_state_shows_again(pool: Any, observe: Any) -> None:
    newer = {"latest_action": {"date": "2026-11-19", "kind": "OTHER"}}
    older = {"latest_action": {"date": "2026-11-10", "kind": "OTHER"}}
    await apply(pool, [observe(1, **newer)])
    await apply(pool, [observe(2, at=10, **older)])
    assert outcomes(await apply(pool, [observe(3, at=20, **newer)])) == [UNCHANGED]
    assert outcomes(await apply(pool, [observe(4, at=90, **older)])) == [PENDING]


async def test_bulk_that_lags_is_stale_and_future_dates_say_nothing(pool: Any, observe: Any) -> None:
    newer = {"latest_action": {"date": "2026-11-19", "kind": "OTHER"}}
    older = {"latest_action": {"date": "2026-11-18", "kind": "OTHER"}, "title": "De ontem"}
    mistyped = {"latest_action": {"date": "2031-01-01", "kind": "OTHER"}}
    await apply(pool, [observe(1, **newer)])
    bulk = await apply(pool, [observe(2, part=ReadingPart.BULK, **older)])
    assert outcomes(bulk) == [STALE]
    assert bulk.results[0].remember, "the same lagging row need not come again"
    assert outcomes(await apply(pool, [observe(3, **mistyped)])) == [UPDATED]
    assert outcomes(await apply(pool, [observe(4, **newer)])) == [UPDATED], "a date in the future holds nothing up"


async def test_any_order_of_delivery_ends_the_same(pool: Any, observe: Any) -> None:
    readings = [{"title": f"t{n}", "nickname": f"n{n}"} for n in range(4)]
    for number, order in enumerate(itertools.permutations(range(4))):
        key = str(100 + number)
        for n in order:
            await apply(pool, [observe(n + 1, key, **readings[n])])
    rows = await pool.fetch("SELECT read_seq, record::text AS said, fingerprint FROM bill")
    assert {row["read_seq"] for row in rows} == {4}
    assert len({row["fingerprint"].split("-")[1:][0] for row in rows}) == 1
    documents = [orjson.loads(row["document"]) for row in await pool.fetch("SELECT document FROM bill")]
    assert {(d["title"], d["nickname"]) for d in documents} == {("t3", "n3")}
