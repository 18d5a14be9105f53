"""Requests to run a backfill again: which checkpoint and which marks they change, whatever is being read meanwhile."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from api_gateway.backfill import BackfillRequest, parse, request_backfill
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.reconciliation.reconciliation_events import store_reconciliation_events
from api_gateway.store.reconciliation.removal_rule import RemovalRule
from api_gateway.store.sources.source_status import load_status_by
from api_gateway.store.windows.checkpoint_reader import load_cursors
from api_gateway.store.windows.window_counts import TouchedWindow, close_windows
from api_gateway.worker.source_tasks import republish_years_not_read
from legis.clock import epoch_micros
from legis.domain.vocabulary import ReadingPart, Source
from legis.events import Walk, WindowEnded, WindowRef, YearNotRead
from legis.streams.connection import connect
from legis.streams.stored_marks import StoredReading, read_marks, write_marks
from legis.streams.unread_years import read_years_not_read
from redis.asyncio import Redis

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEQ = epoch_micros(NOW)


@pytest_asyncio.fixture(loop_scope="session")
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url, client_name="test")
    yield client
    await client.aclose()


async def ask(pool: Any, redis: Redis, year: int | None = None, source: Source = Source.CAMARA) -> list[str]:
    return await request_backfill(pool, redis, BackfillRequest((source,), year), lambda: NOW)


async def end(pool: Any, walk: Walk, lo: int, hi: int) -> None:
    """A window of the walk, without items, is stored."""
    name = f"{walk}-{lo}-{hi}"
    ended = WindowEnded(
        source=Source.CAMARA, published_at=NOW, window_id=name, walk=walk, lo=lo, hi=hi, items=0, max_read_seq=7
    )
    await close_windows(pool, {name: TouchedWindow("camara", walk, end=ended)})


async def position(pool: Any, walk: Walk) -> int | None:
    async with pool.acquire() as connection:
        return (await load_cursors(connection))[Source.CAMARA].positions.get(walk)


async def years(pool: Any) -> list[int]:
    return list((await load_status_by(pool)).years_not_read[Source.CAMARA])


async def told(pool: Any, read_seq: int, reason: str | None = None) -> None:
    """The walk YEARS tells that 1998 is read, or why not."""
    window = WindowRef(window_id=f"w{read_seq}", walk=Walk.YEARS, index=0)
    one = YearNotRead(
        source=Source.CAMARA, published_at=NOW, window=window, read_seq=read_seq, year=1998, reason=reason
    )
    await store_reconciliation_events(pool, (), (), RemovalRule(), (one,))


async def test_a_year_is_open_until_a_reading_that_began_after_the_request(pool: Any, redis: Redis) -> None:
    await ask(pool, redis, 1998)
    await ask(pool, redis, 1998)
    assert await years(pool) == [1998]
    assert await pool.fetchval("SELECT reason FROM year_not_read") == "requested by an operator"
    await told(pool, SEQ - 1)
    assert await years(pool) == [1998], "read before it was requested"
    await told(pool, SEQ + 1)
    assert await years(pool) == []


async def test_a_request_is_newer_than_what_a_chamber_with_a_fast_clock_gave(pool: Any, redis: Redis) -> None:
    await pool.execute("INSERT INTO source_cursor VALUES ('camara', 'INCREMENTAL', 5, $1, now())", SEQ + 1000)
    await ask(pool, redis, 1998)
    await told(pool, SEQ + 999)
    assert await years(pool) == [1998]


async def test_a_request_makes_years_due_until_a_window_has_tried_the_year(pool: Any, redis: Redis) -> None:
    await end(pool, Walk.YEARS, 0, SEQ)
    await republish_years_not_read(pool, redis)
    assert await position(pool, Walk.YEARS) == SEQ, "nothing was requested"
    await ask(pool, redis, 1998)
    await republish_years_not_read(pool, redis)
    assert await position(pool, Walk.YEARS) == -1
    assert await read_years_not_read(redis, Source.CAMARA) == (1998,)
    await end(pool, Walk.YEARS, SEQ, SEQ + 5)
    assert await position(pool, Walk.YEARS) == -1, "a window that was open before"
    await end(pool, Walk.YEARS, -1, SEQ + 6)
    await republish_years_not_read(pool, redis)
    assert await position(pool, Walk.YEARS) == -1, "this one had not heard of the year"
    await told(pool, SEQ + 7, reason="404")
    await end(pool, Walk.YEARS, -1, SEQ + 8)
    await republish_years_not_read(pool, redis)
    assert await position(pool, Walk.YEARS) == SEQ + 8, "tried: from now on once a day"
    await ask(pool, redis, 1998)
    await republish_years_not_read(pool, redis)
    assert await position(pool, Walk.YEARS) == -1, "requested once more"


async def test_every_year_rewinds_the_backfill_to_the_newest(pool: Any, redis: Redis) -> None:
    assert await ask(pool, redis) == ["camara: the backfill stands at its first year already"], "it has not begun"
    await end(pool, Walk.BACKFILL, -datetime.now(UTC).year, -1997)
    assert await ask(pool, redis) == ["camara: every year is read again"]
    assert await position(pool, Walk.BACKFILL) == -2026
    await end(pool, Walk.BACKFILL, -1997, -1996)
    assert await position(pool, Walk.BACKFILL) == -2026, "a window that was open meanwhile"
    assert await ask(pool, redis) == ["camara: the backfill stands at its first year already"]
    assert await years(pool) == []


async def remembered(pool: Any, redis: Redis) -> dict[str, str | None]:
    epoch = (await load_status_by(pool)).epoch or ""
    found = await read_marks(redis, Source.CAMARA, epoch, ["1", "2", "3"], ReadingPart.DETAIL)
    return dict(zip("123", found.fingerprints, strict=True))


async def test_marks_of_the_year_are_forgotten_and_no_others(pool: Any, redis: Redis, observe: Any) -> None:
    epoch = (await load_status_by(pool)).epoch or ""
    await apply(pool, [observe(1, "1", year=1998), observe(2, "2", year=2001), observe(3, "3", year=2001)])
    await pool.execute("INSERT INTO bill_sighting VALUES ('camara-3', 'camara', 1998, 0, NULL, NULL, NULL)")
    marks = {ReadingPart.DETAIL: "d", ReadingPart.BULK: "b"}
    await write_marks(redis, epoch, [StoredReading(Source.CAMARA, one, 5, marks) for one in "123"])
    assert await ask(pool, redis, 1998) == ["camara: 1998 is read again, with 2 stored bills"]
    assert await remembered(pool, redis) == {"1": None, "2": "d", "3": None}
    await ask(pool, redis, source=Source.SENADO)
    assert await remembered(pool, redis) == {"1": None, "2": "d", "3": None}, "another source"
    await ask(pool, redis)
    assert await remembered(pool, redis) == dict.fromkeys("123")


@pytest.mark.parametrize(
    "wrong", ["--year=1998", "--source=stf --year=1998", "--source=all --year=1821", "--source=senado --year=2027"]
)
def test_wrong_options_are_refused(wrong: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(wrong.split(), lambda: NOW)


def test_options_name_a_source_or_all() -> None:
    assert parse(["--source=all"], lambda: NOW) == BackfillRequest(tuple(Source), None)
    assert parse(["--source=senado", "--year=2026"], lambda: NOW) == BackfillRequest((Source.SENADO,), 2026)
