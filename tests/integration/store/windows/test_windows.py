"""Counted windows: the checkpoint moves when, and only when, everything before it is stored."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_gateway.store.bill_state.write_items import DeadLetter
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.dead_letters.dead_letter_writer import store_dead_letters
from api_gateway.store.windows.checkpoint_reader import load_cursors, load_epoch, renew_epoch
from api_gateway.store.windows.window_counts import TouchedWindow, abandon_old, close_windows
from legis.clock import epoch_micros
from legis.domain.vocabulary import Source
from legis.events import Walk, WindowEnded, WindowRef


def ended(window: str, items: int, *, lo: int = 0, hi: int = 10, walk: Walk = Walk.INCREMENTAL, seq: int = 50) -> Any:
    end = WindowEnded(
        source=Source.CAMARA, published_at=datetime.now(UTC), window_id=window, walk=walk, lo=lo, hi=hi, items=items,
        max_read_seq=seq,
    )  # fmt: skip
    return {window: TouchedWindow("camara", walk, None, end)}


def touched(window: str, seq: int = 1) -> Any:
    return {window: TouchedWindow("camara", Walk.INCREMENTAL, seq)}


async def position(pool: Any, walk: Walk = Walk.INCREMENTAL) -> int | None:
    cursors = await load_cursors(pool)
    return cursors[Source.CAMARA].positions.get(walk)


async def test_a_window_closes_when_its_last_item_is_stored(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "1", index=0), observe(2, "2", index=1)])
    assert not await close_windows(pool, touched("w1"))
    assert not await close_windows(pool, ended("w1", 3))
    assert await position(pool) is None
    await apply(pool, [observe(3, "3", index=2)])
    assert await close_windows(pool, touched("w1"))
    assert await position(pool) == 10
    assert await pool.fetchval("SELECT count(*) FROM ingest_window_item") == 0


async def test_an_item_delivered_twice_counts_once(pool: Any, observe: Any) -> None:
    for _ in range(3):
        await apply(pool, [observe(1, "1", index=0), observe(1, "1", index=0)])
    assert not await close_windows(pool, ended("w1", 2))
    assert await position(pool) is None


async def test_dead_letters_count_as_handled(pool: Any, observe: Any) -> None:
    reference = WindowRef(window_id="w1", walk=Walk.INCREMENTAL, index=1)
    await apply(pool, [observe(1, "1", index=0)], [DeadLetter("camara", "ingest", "e", b"x", window=reference)])
    assert await close_windows(pool, ended("w1", 2))


async def test_an_empty_window_moves_the_checkpoint(pool: Any) -> None:
    assert await close_windows(pool, ended("w1", 0))
    assert await position(pool) == 10


async def test_a_window_that_ended_is_not_opened_by_late_copies(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "1", index=0)])
    assert await close_windows(pool, ended("w1", 1))
    await apply(pool, [observe(1, "1", index=0)])
    assert not await close_windows(pool, ended("w1", 1))
    assert await pool.fetchval("SELECT count(*) FROM ingest_window_item") == 0


async def test_the_checkpoint_never_jumps_a_gap_and_never_goes_back(pool: Any) -> None:
    await close_windows(pool, ended("w1", 0, lo=0, hi=10, seq=70))
    await close_windows(pool, ended("w3", 0, lo=20, hi=30, seq=90))
    assert await position(pool) == 10, "10 to 20 is missing"
    await close_windows(pool, ended("w2", 0, lo=8, hi=20))
    assert await position(pool) == 20, "windows may overlap"
    await close_windows(pool, ended("w0", 0, lo=-5, hi=5))
    assert await position(pool) == 20
    assert (await load_cursors(pool))[Source.CAMARA].max_read_seq == 90


async def test_a_backfill_begins_with_the_current_year(pool: Any) -> None:
    year = datetime.now(UTC).year
    left_over = ended("old", 0, lo=-1990, hi=-1989, walk=Walk.BACKFILL)
    await close_windows(pool, left_over)
    assert await position(pool, Walk.BACKFILL) is None, "every year between would never be read"
    await close_windows(pool, ended("new", 0, lo=-year, hi=-year + 1, walk=Walk.BACKFILL))
    assert await position(pool, Walk.BACKFILL) == -year + 1


async def test_two_workers_with_the_last_two_items(pool: Any, observe: Any) -> None:
    for turn in range(10):
        window = f"w{turn}"
        await close_windows(pool, ended(window, 2, lo=turn * 10, hi=turn * 10 + 10))

        async def half(index: int, name: str = window) -> bool:
            await apply(pool, [observe(index + 1, f"{name}-{index}", window=name, index=index)])
            return await close_windows(pool, touched(name))

        assert any(await asyncio.gather(half(0), half(1)))
        assert await position(pool) == turn * 10 + 10


async def test_read_sequences_of_open_windows_are_published(pool: Any) -> None:
    await close_windows(pool, touched("w1", 1234))
    cursors = await load_cursors(pool)
    assert cursors[Source.CAMARA].max_read_seq == 1234
    assert cursors[Source.SENADO].max_read_seq == 0
    assert cursors[Source.CAMARA].epoch == await load_epoch(pool)


async def test_old_windows_are_abandoned(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, "1", window="old", index=0), observe(1, "2", window="young", index=0)])
    await close_windows(pool, {**touched("old"), **touched("young")})
    await pool.execute("UPDATE ingest_window SET first_seen_at = now() - interval '25 hours' WHERE window_id = 'old'")
    await abandon_old(pool)
    assert [r["window_id"] for r in await pool.fetch("SELECT window_id FROM ingest_window")] == ["young"]
    assert [r["window_id"] for r in await pool.fetch("SELECT window_id FROM ingest_window_item")] == ["young"]


async def test_a_restore_gets_a_new_epoch(pool: Any) -> None:
    before = await load_epoch(pool)
    await renew_epoch(pool)
    assert await load_epoch(pool) != before


@pytest.mark.parametrize("crash", [True, False])
async def test_nothing_is_counted_that_is_not_committed(pool: Any, observe: Any, crash: bool) -> None:
    from api_gateway.store.bills import bill_writer

    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await bill_writer._apply_once(connection, bill_writer._Batch([observe(1, "1", index=0)]))
        closed = await close_windows(pool, ended("w1", 1))
        assert not closed
        await (transaction.rollback() if crash else transaction.commit())
    assert await close_windows(pool, touched("w1")) is not crash


async def test_of_two_transactions_the_later_one_closes_the_window(pool: Any, observe: Any) -> None:
    """One stores the last item, the other the end; neither sees the other's before it commits."""
    from api_gateway.store.bills import bill_writer

    batch = bill_writer._Batch([observe(1, "1", index=0)], touched=touched("w1"))
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        result = await bill_writer._apply_once(connection, batch)
        assert not result.ended, "the end is not known yet, so this one need not look again"
        closing = asyncio.create_task(close_windows(pool, ended("w1", 1)))
        await asyncio.sleep(0.2)
        assert not closing.done(), "the end waits for those who store items"
        await transaction.commit()
    assert await asyncio.wait_for(closing, 60)


async def test_an_item_after_the_end_is_told_to_close_its_window(pool: Any, observe: Any) -> None:
    assert not await close_windows(pool, ended("w1", 1))
    result = await apply(pool, [observe(1, "1", index=0)], touched={**touched("w1"), **touched("w2")})
    assert result.ended == {"w1"}
    assert await close_windows(pool, touched("w1"))


NOON = datetime(2026, 11, 28, 15, tzinfo=UTC)  # in Brasília


async def settled(pool: Any, day: str, at: datetime, walk: Walk = Walk.INCREMENTAL) -> bool:
    """Whether a row of a list from `day` on, set aside at an instant, is settled by a window that lists at noon."""
    async with pool.acquire() as connection:
        await store_dead_letters(connection, [DeadLetter("camara", "set_aside", "e", b"row", upstream_id=day)])
    await pool.execute("UPDATE dead_letter SET upstream_id = $1, last_at = $2", day, at)
    lo = epoch_micros(NOON if walk is Walk.INCREMENTAL else NOON - timedelta(days=1))
    window = ended(f"{walk}-{day}-{at}", 0, lo=lo, hi=epoch_micros(NOON + timedelta(minutes=1)), walk=walk)
    assert await close_windows(pool, window)
    return await pool.fetchval("SELECT resolved_at FROM dead_letter") is not None


async def test_a_row_that_was_set_aside_is_settled_when_its_day_is_listed_without_it(pool: Any) -> None:
    before = NOON - timedelta(hours=2)
    assert await settled(pool, "2026-11-28", before)
    assert not await settled(pool, "2026-11-28", NOON + timedelta(minutes=2)), "reported by this very window"
    assert not await settled(pool, "2026-11-27", before), "its list began a day earlier than this one"
    assert await settled(pool, "2026-11-26", before, Walk.OVERLAP), "the last days are listed each night"
    assert not await settled(pool, "2026-11-25", before, Walk.OVERLAP)
    assert not await settled(pool, "2026-11-28", NOON, Walk.OVERLAP), "reported while it was read"
    assert not await settled(pool, "2026-11-28", before, Walk.VOTINGS), "that is a list of something else"
    assert not await settled(pool, "7", before), "a record is settled by its own reading"
