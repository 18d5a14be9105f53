"""Lists of whole years against what is stored: what is missed, asked about, marked as removed, and revived."""

import itertools
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from api_gateway.store.bill_state.write_items import ChangeMade, DeadLetter, Outcome
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.dead_letters.dead_letter_writer import store_dead_letters
from api_gateway.store.reconciliation.reconciliation_events import store_reconciliation_events
from api_gateway.store.reconciliation.removal_rule import RemovalRule
from api_gateway.store.reconciliation.year_lists import YearComparison, compare_lists
from api_gateway.store.sources.refetch_requests import load_refetch_requests
from api_gateway.store.windows.window_counts import TouchedWindow, close_windows
from legis.domain.bill import Action
from legis.domain.change_kind import ChangeKind
from legis.domain.vocabulary import ReadingPart, Source
from legis.events import BillGone, Walk, WindowEnded, WindowRef, YearSighted

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
RULE = RemovalRule()
ONCE = RemovalRule(misses=1, days=0)

Sight = Callable[..., Awaitable[tuple[YearComparison, ...]]]
_windows = itertools.count()


@pytest.fixture
def sight(pool: Any) -> Sight:
    """`sight(seq, ids, day=…)`: the list of 2024 comes with its window, which is stored whole, and is compared."""

    async def take(
        seq: int, ids: Sequence[str], *, day: int = 0, rule: RemovalRule = RULE, parts: int = 1, done: bool = True,
        **more: Any,
    ) -> tuple[YearComparison, ...]:  # fmt: skip
        window = f"list-{next(_windows)}"
        chunks = [tuple(ids[start::parts]) for start in range(parts)]
        lists = [
            YearSighted(
                source=Source.CAMARA, published_at=MONDAY, read_seq=seq, year=2024, part=number, parts=parts,
                upstream_ids=chunk, url="u", fetched_at=MONDAY + timedelta(days=day),
                window=WindowRef(window_id=window, walk=Walk.RECONCILE, index=number), **more,
            )
            for number, chunk in enumerate(chunks)
        ]  # fmt: skip
        await store_reconciliation_events(pool, lists, (), rule)
        end = WindowEnded(
            source=Source.CAMARA, published_at=MONDAY, window_id=window, walk=Walk.RECONCILE, lo=1, hi=2,
            items=parts if done else parts + 1, max_read_seq=seq,
        )  # fmt: skip
        await close_windows(pool, {window: TouchedWindow("camara", Walk.RECONCILE, seq, end)})
        return await compare_lists(pool, rule)

    return take


async def gone(pool: Any, seq: int, *ids: str, rule: RemovalRule = RULE) -> tuple[ChangeMade, ...]:
    """The source answers 404 for these."""
    window = f"gone-{next(_windows)}"
    absences = [
        BillGone(
            source=Source.CAMARA, published_at=MONDAY, read_seq=seq, upstream_id=upstream_id, url="u",
            fetched_at=MONDAY, window=WindowRef(window_id=window, walk=Walk.INCREMENTAL, index=index),
        )
        for index, upstream_id in enumerate(ids)
    ]  # fmt: skip
    return await store_reconciliation_events(pool, (), absences, rule)


async def removed(pool: Any) -> set[str]:
    return {row["upstream_id"] for row in await pool.fetch("SELECT upstream_id FROM bill WHERE removed_at IS NOT NULL")}


async def questions(pool: Any) -> set[str]:
    return set((await load_refetch_requests(pool))[Source.CAMARA])


async def reasons(pool: Any) -> set[tuple[str, str]]:
    return {tuple(row) for row in await pool.fetch("SELECT upstream_id, reason FROM source_question")}


async def test_a_bill_is_removed_only_after_misses_on_days_and_a_404(pool: Any, observe: Any, sight: Sight) -> None:
    await apply(pool, [observe(1, "1"), observe(2, "2")])
    await sight(10, ["1", "2"])
    assert await gone(pool, 11, "1") == (), "a 404 alone is no evidence: it was in the list"
    for seq, day in ((20, 1), (30, 2)):
        (comparison,) = await sight(seq, ["2"], day=day)
        assert (comparison.outcome, comparison.missing_there) == ("compared", 1)
        assert await questions(pool) == set()
        assert await gone(pool, seq + 1, "1") == ()
    await sight(35, ["2"], day=2)  # the same day again proves nothing new
    assert await questions(pool) == set()
    await sight(40, ["2"], day=3)
    assert await reasons(pool) == {("1", "missing")}
    assert await removed(pool) == set(), "not before its source says so itself"
    assert await gone(pool, 39, "1") == (), "an answer from before the last list"
    assert await questions(pool) == {"1"}
    assert await gone(pool, 41, "1") == (ChangeMade(Source.CAMARA, "REMOVED"),)
    assert (await removed(pool), await questions(pool)) == ({"1"}, set())
    assert await gone(pool, 42, "1") == (), "once is enough"
    document = orjson.loads(await pool.fetchval("SELECT document FROM bill WHERE upstream_id = '1'"))
    assert document["removed_at"] is not None
    assert await pool.fetchval("SELECT count(*) FROM bill") == 2


async def test_a_detail_that_is_still_there_ends_the_suspicion(pool: Any, observe: Any, sight: Sight) -> None:
    await apply(pool, [observe(1, "1"), observe(2, "2")])
    await sight(10, ["1", "2"])
    for day in (1, 2, 3):
        await sight(10 + day, ["2"], day=day)
    assert await questions(pool) == {"1"}
    await apply(pool, [observe(12, "1")])
    assert await questions(pool) == {"1"}, "read before the last list was: it answers nothing"
    await apply(pool, [observe(50, "1", window="w2")])
    assert await questions(pool) == set()
    assert await gone(pool, 51, "1") == ()
    assert await pool.fetchval("SELECT max(misses) FROM bill_sighting") == 0


async def test_an_empty_list_proves_nothing(pool: Any, observe: Any, sight: Sight) -> None:
    await apply(pool, [observe(1, "1")])
    await sight(10, ["1"], rule=ONCE)
    (comparison,) = await sight(11, [], rule=ONCE)
    assert comparison.outcome == "empty"
    assert await gone(pool, 12, "1", rule=ONCE) == ()
    assert await questions(pool) == set()


async def test_a_list_that_lacks_a_tenth_is_doubted(pool: Any, observe: Any, sight: Sight) -> None:
    ids = [str(n) for n in range(1, 61)]
    await apply(pool, [observe(int(n), n) for n in ids])
    await sight(100, ids, rule=ONCE)
    (comparison,) = await sight(101, ids[7:], rule=ONCE)
    assert comparison.outcome == "doubted"
    (comparison,) = await sight(102, ids[6:], rule=ONCE)
    assert (comparison.outcome, comparison.missing_there) == ("compared", 6)


async def test_more_than_the_share_is_refused_whole(
    pool: Any, observe: Any, sight: Sight, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [str(n) for n in range(1, 101)]
    await apply(pool, [observe(int(n), n) for n in ids])
    await sight(200, ids, rule=ONCE)
    await sight(201, ids[6:], rule=ONCE)
    assert await questions(pool) == set(), "six of a hundred: not even asked for"
    assert await gone(pool, 202, *ids[:3], rule=ONCE) == (), "three of six in one batch are refused too"
    generous = RemovalRule(misses=1, days=0, most_share=0.06)
    assert len(await gone(pool, 203, *ids[:6], rule=generous)) == 6
    await sight(204, [*ids[:6], *ids[7:]], rule=ONCE)
    assert await gone(pool, 205, ids[6], rule=ONCE) == (), "those of the last day count too"


async def test_five_may_always_go(pool: Any, observe: Any, sight: Sight) -> None:
    ids = [str(n) for n in range(1, 11)]
    await apply(pool, [observe(int(n), n) for n in ids])
    await sight(20, ids, rule=ONCE)
    await sight(21, ids[5:], rule=ONCE)
    assert await questions(pool) == set(ids[:5])
    assert len(await gone(pool, 22, *ids[:5], rule=ONCE)) == 5


async def test_a_removed_bill_that_is_listed_again_is_asked_for_and_revived(
    pool: Any, observe: Any, sight: Sight
) -> None:
    await apply(pool, [observe(1, "1"), observe(2, "2")])
    await sight(10, ["1", "2"], rule=ONCE)
    await sight(11, ["2"], rule=ONCE)
    await gone(pool, 12, "1", rule=ONCE)
    assert await removed(pool) == {"1"}
    late = await apply(pool, [observe(11, "1", title="read before the 404")])
    assert late.results[0].outcome is Outcome.STALE
    await sight(13, ["1", "2"], rule=ONCE)
    assert await reasons(pool) == {("1", "returned")}
    result = await apply(pool, [observe(14, "1", window="w3")])
    assert result.changes == (ChangeMade(Source.CAMARA, ChangeKind.CORRECTED),)
    assert (await removed(pool), await questions(pool)) == (set(), set())
    assert await gone(pool, 15, "1", rule=ONCE) == (), "its misses are forgotten"


@pytest.mark.parametrize("part", [ReadingPart.BULK, ReadingPart.DETAIL])
async def test_even_an_older_state_revives(pool: Any, observe: Any, sight: Sight, part: ReadingPart) -> None:
    new, old = Action(date="2026-05-02", kind="OTHER"), Action(date="2026-05-01", kind="OTHER")
    await apply(pool, [observe(1, "1", latest_action=new, title="new"), observe(2, "2")])
    await sight(10, ["1", "2"], rule=ONCE)
    await sight(11, ["2"], rule=ONCE)
    await gone(pool, 12, "1", rule=ONCE)
    result = await apply(pool, [observe(14, "1", part=part, latest_action=old, title="old")])
    assert result.changes == (ChangeMade(Source.CAMARA, ChangeKind.CORRECTED),)
    document = orjson.loads(await pool.fetchval("SELECT document FROM bill WHERE upstream_id = '1'"))
    assert (document["title"], document["removed_at"]) == ("new", None)


async def test_a_list_waits_for_its_window_and_for_all_its_parts(pool: Any, observe: Any, sight: Sight) -> None:
    await apply(pool, [observe(1, "1"), observe(2, "2")])
    assert await sight(10, ["1", "2"], done=False) == ()
    (comparison,) = await sight(11, ["1", "2"], parts=2)
    assert (comparison.outcome, comparison.missing_here) == ("compared", 0)
    (older,) = await sight(9, ["1"])
    assert older.outcome == "older"
    assert await pool.fetchval("SELECT sum(misses) FROM bill_sighting") == 0


async def test_what_is_listed_but_not_stored_is_asked_for(pool: Any, observe: Any, sight: Sight) -> None:
    await apply(pool, [observe(1, "1")])
    async with pool.acquire() as connection:
        await store_dead_letters(connection, [DeadLetter("camara", "ingest", "bad", b"{}", upstream_id="3")])
    (selective,) = await sight(10, ["1", "2", "3"], selective=True)
    assert selective.missing_here == 0
    (comparison,) = await sight(11, ["1", "2", "3"])
    assert comparison.missing_here == 1
    assert await reasons(pool) == {("2", "not_stored")}, "of the third a dead letter tells"


async def test_what_was_read_after_the_list_is_not_missed(pool: Any, observe: Any, sight: Sight) -> None:
    await apply(pool, [observe(1, "1"), observe(2, "2")])
    await sight(10, ["1", "2"])
    await apply(pool, [observe(30, "1", window="w2")])
    (comparison,) = await sight(20, ["2"], day=1)
    assert comparison.missing_there == 0
