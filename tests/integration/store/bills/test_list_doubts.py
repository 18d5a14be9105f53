"""Lists that a reading shows shorter than they are stored: kept, flagged, asked for again, and believed in the end."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.bills.doubt_rows import LONGEST_WAIT, WITNESSES, count_doubts, request_doubted
from api_gateway.store.sources.refetch_requests import load_refetch_requests
from integration.store.bills.stored_bills import UNCHANGED, UPDATED, bill, changes, outcomes
from integration.store.conftest import NOON
from legis.domain.vocabulary import ReadingPart, Source
from prometheus_client import REGISTRY

SETTLE = 600.0
LATER = (datetime.now(UTC) - NOON).total_seconds() + 60
"""Seconds after `NOON` that are a minute from now."""

WARNING = ({"code": "LIST_IN_DOUBT", "field": "sponsorships"},)


def authors(*names: str) -> dict[str, Any]:
    return {"sponsorships": [{"name": n, "role": "AUTHOR", "kind": "LEGISLATOR", "legislator_id": n} for n in names]}


def votings(*members: int) -> dict[str, Any]:
    return {"vote_events": [
        {"upstream_id": f"v{place}", "date": "2026-11-18",
         "votes": [{"name": f"m{n}", "legislator_id": str(n), "option": "YES"} for n in range(count)]}
        for place, count in enumerate(members)
    ]}  # fmt: skip


async def put(pool: Any, *observed: Any) -> Any:
    return await apply(pool, observed, settle_seconds=SETTLE)


async def shown(pool: Any, key: str = "camara-1") -> tuple[list[str], list[tuple[str, str]], int]:
    """Names of the authors, warnings, and the version, as the document says them."""
    document = orjson.loads((await bill(pool, key))["document"])
    flags = [(flag["code"], flag["field"]) for flag in document["quality_flags"]]
    return [item["name"] for item in document["sponsorships"]], flags, document["version"]


async def doubts(pool: Any) -> list[Any]:
    return list(await pool.fetch("SELECT * FROM list_doubt ORDER BY bill_id, field"))


async def test_case_10_in_the_store(pool: Any, observe: Any) -> None:
    """ok, 404, ok, empty, ok: nothing goes, the log says nothing of it, and readers are warned meanwhile."""
    full = {**authors("Poder Executivo"), **votings(*[3] * 12), "title": "Institui o marco legal"}
    await put(pool, observe(1, **full))
    names = ("sponsorships", "vote_events")
    missing = {"quality_flags": [{"code": "LIST_IN_DOUBT", "field": name} for name in names]}
    gone = await put(pool, observe(2, at=10, title="Institui o marco legal.", **missing))
    assert outcomes(gone) == [UPDATED], "the rest of the reading is applied"
    assert not gone.results[0].remember
    document = orjson.loads((await bill(pool))["document"])
    assert sorted(flag["field"] for flag in document["quality_flags"]) == sorted(names)
    await put(pool, observe(3, at=20, **full))
    empty = await put(pool, observe(4, at=30, **{**full, "sponsorships": [], "vote_events": []}))
    assert (outcomes(empty), empty.results[0].remember, empty.visible) == ([UPDATED], False, True)
    assert (await shown(pool))[:2] == (["Poder Executivo"], [("LIST_IN_DOUBT", "sponsorships"),
                                                              ("LIST_IN_DOUBT", "vote_events")])  # fmt: skip
    back = await put(pool, observe(5, at=40, **full))
    assert (outcomes(back), back.results[0].remember, back.visible) == ([UPDATED], True, True)
    assert await doubts(pool) == []
    assert (await shown(pool))[:2] == (["Poder Executivo"], [])
    items = await pool.fetchval("SELECT items FROM bill_history WHERE field = 'vote_events'")
    assert [len(orjson.loads(item)["votes"]) for item in items] == [3] * 12
    told = {name for row in await changes(pool) if row["kind"] == "EDITED" for name in row["fields"]}
    assert told == {"title"}


async def test_a_list_is_asked_for_however_often_it_was(pool: Any, observe: Any) -> None:
    await put(pool, observe(1, **authors("a", "b")))
    await put(pool, observe(2, at=10, **authors("a")))
    await pool.execute("UPDATE list_doubt SET asks = 2147483646, due_at = now()")
    await request_doubted(pool, SETTLE)
    (row,) = await doubts(pool)
    assert row["asks"] == 2147483647
    assert (row["due_at"] - datetime.now(UTC)).total_seconds() > (LONGEST_WAIT - 1) * SETTLE


async def test_a_true_removal_is_believed_after_the_second_reading(pool: Any, observe: Any) -> None:
    await put(pool, observe(1, **authors("a", "b", "c")))
    assert outcomes(await put(pool, observe(2, at=10, **authors("a", "c")))) == [UPDATED]
    (row,) = await doubts(pool)
    assert (row["field"], row["part"], row["readings"], row["asks"]) == ("sponsorships", "DETAIL", 1, 0)
    assert outcomes(await put(pool, observe(3, at=SETTLE, **authors("a", "c")))) == [UNCHANGED]
    assert (await doubts(pool))[0]["readings"] == 2
    second = await put(pool, observe(4, at=10 + SETTLE, **authors("a", "c")))
    assert (outcomes(second), second.results[0].remember) == ([UPDATED], True)
    assert await shown(pool) == (["a", "c"], [], 2)
    assert await doubts(pool) == []
    assert (await changes(pool))[-1]["fields"] == ["sponsorships"]


async def test_members_votes_are_kept(pool: Any, observe: Any) -> None:
    await put(pool, observe(1, **votings(400, 2)))
    await put(pool, observe(2, at=10, **votings(0, 2)))
    items = await pool.fetchval("SELECT items FROM bill_history WHERE field = 'vote_events'")
    assert sorted(len(orjson.loads(item)["votes"]) for item in items) == [2, 400]
    assert [row["field"] for row in await doubts(pool)] == ["vote_events.votes"]


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"source": "camara", "list": "sponsorships", **labels}) or 0.0


async def out_of_order(pool: Any, observe: Any, bills: int) -> None:
    """So many bills lost an author at once."""
    for number in range(bills):
        await put(pool, observe(1, str(number), **authors("a", "b")))
    for number in range(bills):
        await put(pool, observe(2, str(number), at=10, **authors("b")))


async def whole(pool: Any, observe: Any, key: str, at: float) -> None:
    """A bill whose authors are stored and then shown again."""
    for seq in (1, 2):
        await put(pool, observe(seq, key, at=at, **authors("x", "y")))


async def test_nothing_is_believed_while_a_list_is_out(pool: Any, observe: Any) -> None:
    await out_of_order(pool, observe, 6)
    await pool.execute("UPDATE list_doubt SET first_at = now() - interval '1 hour'")  # begun today, by the server
    before = metric("legis_list_doubts_total", outcome="refused")
    await put(pool, observe(3, "0", at=LATER, **authors("b")))
    assert (await shown(pool, "camara-0"))[0] == ["a", "b"]
    assert metric("legis_list_doubts_total", outcome="refused") == before + 1
    async with pool.acquire() as connection:
        await count_doubts(connection, ["camara"], SETTLE)
    assert metric("legis_lists_in_doubt") == 6
    assert metric("legis_list_outage") == 1

    for number in range(10, 14):  # others show all that is stored of theirs, more than half of those that lack it
        await whole(pool, observe, str(number), at=LATER + 1)
    async with pool.acquire() as connection:
        await count_doubts(connection, ["camara"], SETTLE)
    assert metric("legis_list_outage") == 0
    await put(pool, observe(4, "0", at=LATER + 2, **authors("b")))
    assert (await shown(pool, "camara-0"))[0] == ["b"]


async def test_an_empty_list_needs_another_bill_that_has_one(pool: Any, observe: Any) -> None:
    await put(pool, observe(1, subjects=[{"name": "Saúde"}]))
    await put(pool, observe(2, at=10, subjects=[]))
    await put(pool, observe(3, at=10 + SETTLE, subjects=[]))
    assert [row["readings"] for row in await doubts(pool)] == [2]
    for seq in (1, 2):
        await put(pool, observe(seq, "2", at=20 + SETTLE, subjects=[{"name": "Educação"}]))
    await put(pool, observe(4, at=30 + SETTLE, subjects=[]))
    assert await doubts(pool) == []
    assert orjson.loads((await bill(pool))["document"])["subjects"] == []


async def test_a_doubt_is_not_settled_by_the_batch_that_begins_it(pool: Any, observe: Any) -> None:
    """Nobody looked at other bills for it, so that one outage may contain both readings."""
    await whole(pool, observe, "2", at=0)
    await put(pool, observe(1, **authors("a", "b")))
    late = [observe(seq, at=10 + seq * SETTLE, **authors("b")) for seq in (2, 3)]
    await put(pool, *late)
    assert (await shown(pool))[0] == ["a", "b"]
    assert [row["readings"] for row in await doubts(pool)] == [2]


async def due(pool: Any) -> None:
    await pool.execute("UPDATE list_doubt SET due_at = now()")


async def asked(pool: Any) -> list[str]:
    await request_doubted(pool, SETTLE)
    found = sorted((await load_refetch_requests(pool))[Source.CAMARA])
    await pool.execute("DELETE FROM source_question")
    return found


async def test_the_bill_is_asked_for_again_and_later_each_time(pool: Any, observe: Any) -> None:
    await put(pool, observe(1, **authors("a", "b")))
    await put(pool, observe(2, at=10, **authors("b")))
    assert await asked(pool) == [], "not before half of the settled time"
    waits = []
    for _ in range(14):
        await due(pool)
        assert await asked(pool) == ["1"]
        waits.append(await pool.fetchval("SELECT round(extract(epoch FROM due_at - now()) / 600) FROM list_doubt"))
    assert [int(wait) for wait in waits] == [min(2**n, LONGEST_WAIT) for n in range(14)]


async def test_an_answer_ends_the_question_and_not_the_doubt(pool: Any, observe: Any) -> None:
    await put(pool, observe(1, **authors("a", "b")))
    await put(pool, observe(2, at=10, **authors("b")))
    await due(pool)
    await request_doubted(pool, SETTLE)
    assert [row["reason"] for row in await pool.fetch("SELECT reason FROM source_question")] == ["in_doubt"]
    await put(pool, observe(3, at=20, **authors("b")))
    assert await pool.fetchval("SELECT count(*) FROM source_question") == 0
    assert [row["readings"] for row in await doubts(pool)] == [2]


async def test_who_showed_the_list_last_is_asked_beside(pool: Any, observe: Any) -> None:
    for number in range(10, 20):
        await whole(pool, observe, str(number), at=number)
    await put(pool, observe(1, at=20, **authors("a", "b")))
    await put(pool, observe(2, at=30, **authors("b")))
    await due(pool)
    assert await asked(pool) == ["1", *(str(number) for number in range(20 - WITNESSES, 20))]
    await put(pool, observe(3, "10", at=30 + SETTLE, **authors("x", "y")))
    await due(pool)
    assert await asked(pool) == ["1"], "the list has been seen elsewhere"


async def test_a_removed_bill_is_not_asked_for(pool: Any, observe: Any) -> None:
    await put(pool, observe(1, **authors("a", "b")))
    await put(pool, observe(2, at=10, **authors("b")))
    await due(pool)
    await pool.execute("UPDATE bill SET removed_at = now()")
    assert await asked(pool) == []


async def test_a_new_bill_without_an_answer_is_in_doubt_and_asked_for(pool: Any, observe: Any) -> None:
    first = await put(pool, observe(1, quality_flags=WARNING))
    assert not first.results[0].remember
    assert [(row["field"], row["missing"]) for row in await doubts(pool)] == [("sponsorships", "")]
    await due(pool)
    assert await asked(pool) == ["1"]
    await put(pool, observe(2, at=10, **authors("a")))
    assert (await doubts(pool), (await shown(pool))[:2]) == ([], (["a"], []))


async def test_a_yearly_file_raises_a_doubt_that_a_detail_settles(pool: Any, observe: Any) -> None:
    await put(pool, observe(1, **authors("a", "b")))
    for seq, at in ((2, 10), (3, 10 + 2 * SETTLE)):
        await put(pool, observe(seq, at=at, part=ReadingPart.BULK, **authors("b")))
    assert (await shown(pool))[0] == ["a", "b"]
    await put(pool, observe(4, at=20 + 2 * SETTLE, **authors("b")))
    assert (await shown(pool))[0] == ["b"]


async def test_an_older_state_raises_no_doubt(pool: Any, observe: Any) -> None:
    newer, older = ({"latest_action": {"date": day, "kind": "OTHER"}} for day in ("2026-11-19", "2026-11-10"))
    await put(pool, observe(1, **newer, **authors("a", "b")))
    await put(pool, observe(2, at=10, **older, **authors("a")))
    assert await doubts(pool) == []
    assert (await shown(pool))[:2] == (["a", "b"], [])


@pytest.mark.parametrize("again", [False, True])
async def test_delivered_again_is_not_seen_again_nor_remembered(pool: Any, observe: Any, again: bool) -> None:
    await put(pool, observe(1, **authors("a", "b")))
    short = observe(2, at=10, **authors("b"))
    await put(pool, short, *([short] if again else []))
    assert not (await put(pool, short)).results[0].remember
    assert [row["readings"] for row in await doubts(pool)] == [1]
