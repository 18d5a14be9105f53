"""Writers at the same time leave one log without gaps."""

import asyncio
import random
from typing import Any

import orjson
import pytest
from api_gateway.store.bills import bill_writer
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.bills.commit_versions import commit_changes
from integration.store.bills.stored_bills import INSERTED, UPDATED, bill, changes, outcomes
from legis.errors import StoreUnavailable


async def test_two_workers_on_the_same_bills(pool: Any, observe: Any) -> None:
    async def worker(seed: int) -> None:
        rng = random.Random(seed)
        for turn in range(12):
            keys = rng.sample(range(40), 20)
            batch = [observe(turn * 2 + seed, str(key), title=f"{turn}-{seed}") for key in keys]
            await apply(pool, batch)

    await asyncio.gather(worker(1), worker(2))
    log = await changes(pool)
    assert [row["seq"] for row in log] == list(range(1, len(log) + 1))
    stamps = [row["changed_at"] for row in log]
    assert stamps == sorted(stamps), "time and sequence run the same way"
    for key in {row["bill_id"] for row in log}:
        own = [row for row in log if row["bill_id"] == key]
        assert [row["version"] for row in own] == list(range(1, len(own) + 1))
        assert [row["read_seq"] for row in own] == sorted(row["read_seq"] for row in own)
        stored = await bill(pool, key)
        assert (stored["version"], stored["change_seq"]) == (len(own), own[-1]["seq"])
        assert orjson.loads(stored["document"])["change_seq"] == own[-1]["seq"]


async def test_a_race_for_a_new_bill_is_taken_again(pool: Any, observe: Any) -> None:
    """Both see no row; the second must notice the first's instead of writing version 1 over it."""
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        results, states = await bill_writer._decide(slow, [observe(5, title="lento")], 60)
        assert [r.outcome for r in results] == [INSERTED]
        await apply(pool, [observe(1, title="rápido")])
        with pytest.raises(StoreUnavailable):
            await commit_changes(slow, states)
        await transaction.rollback()
    assert outcomes(await apply(pool, [observe(5, title="lento")])) == [UPDATED]
    assert [row["seq"] for row in await changes(pool)] == [1, 2]


async def test_a_crash_inside_a_transaction_leaves_no_gap(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1)])
    async with pool.acquire() as doomed:
        await doomed.execute("BEGIN")
        _, states = await bill_writer._decide(doomed, [observe(1, "2"), observe(2, "3")], 60)
        await commit_changes(doomed, states)
        waiting = asyncio.create_task(apply(pool, [observe(1, "4")]))
        await asyncio.sleep(0.2)
        assert not waiting.done(), "the next number is not known before this transaction ends"
        doomed.terminate()
        await waiting
    assert [(r["seq"], r["bill_id"]) for r in await changes(pool)] == [(1, "camara-1"), (2, "camara-4")]
