"""A record that cannot be stored costs no other its place."""

from typing import Any

import pytest
from api_gateway.store.bill_state.write_items import DeadLetter
from api_gateway.store.bills.bill_writer import apply
from integration.store.bills.stored_bills import DEAD, INSERTED, outcomes
from legis.errors import StoreUnavailable


async def test_one_impossible_record_does_not_hold_up_its_neighbours(pool: Any, observe: Any) -> None:
    batch = [observe(n, str(n)) for n in range(1, 10)]
    batch[4] = observe(5, "5", number=2**40)
    batch[7] = observe(8, "8", identifier="PL \x00/2024")
    result = await apply(pool, batch)
    assert outcomes(result) == [DEAD if n in (5, 8) else INSERTED for n in range(1, 10)]
    assert await pool.fetchval("SELECT count(*) FROM bill") == 7
    dead = await pool.fetch("SELECT * FROM dead_letter ORDER BY upstream_id")
    assert [(r["upstream_id"], r["stage"], r["tries"]) for r in dead] == [("5", "store", 1), ("8", "store", 1)]
    assert dead[0]["payload"] == batch[4].payload
    assert await pool.fetchval("SELECT count(*) FROM ingest_window_item") == 9, "dead letters count as handled"
    await apply(pool, [batch[4]])
    assert await pool.fetchval("SELECT tries FROM dead_letter WHERE upstream_id = '5'") == 2


async def test_dead_letters_are_kept_once_whatever_is_in_them(pool: Any) -> None:
    letter = DeadLetter("senado", "ingest", "bad \x00 \ud800", b"\x00\xff", upstream_id="7\x00")
    await apply(pool, (), [letter, letter])
    await apply(pool, (), [letter])
    rows = await pool.fetch("SELECT * FROM dead_letter")
    assert [(r["tries"], r["payload"], r["error"]) for r in rows] == [(2, b"\x00\xff", "bad \\x00 \\ud800")]


async def test_what_is_no_fault_of_the_record_parks_nothing(pool: Any, observe: Any) -> None:
    await pool.execute("ALTER TABLE bill RENAME TO bill_elsewhere")
    with pytest.raises(StoreUnavailable):
        await apply(pool, [observe(1), observe(2, "2")])
    await pool.execute("ALTER TABLE bill_elsewhere RENAME TO bill")
    assert await pool.fetchval("SELECT count(*) FROM dead_letter") == 0
    assert outcomes(await apply(pool, [observe(1)])) == [INSERTED]
