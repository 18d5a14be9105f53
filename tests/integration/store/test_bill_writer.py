"""The writer against real PostgreSQL: what is stored, what is refused, what is logged."""

import asyncio
import itertools
import random
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from api_gateway.documents.models import BillDetail, BillSummary, Change
from api_gateway.documents.render import with_counterparts
from api_gateway.store import bill_writer
from api_gateway.store.bill_writer import apply
from api_gateway.store.commit import commit_changes
from api_gateway.store.items import DeadLetter, Outcome
from api_gateway.store.removal import mark_removed
from legis.domain.vocabulary import ActionKind, ReadingPart, Source
from legis.errors import StoreUnavailable

INSERTED, UPDATED, UNCHANGED = Outcome.INSERTED, Outcome.UPDATED, Outcome.UNCHANGED
STALE, PENDING, DEAD = Outcome.STALE, Outcome.PENDING, Outcome.DEAD


def outcomes(result: Any) -> list[Outcome]:
    return [item.outcome for item in result.results]


async def bill(pool: Any, key: str = "camara-1") -> Any:
    return await pool.fetchrow("SELECT * FROM bill WHERE id = $1", key)


async def changes(pool: Any) -> list[Any]:
    return list(await pool.fetch("SELECT * FROM bill_change ORDER BY seq"))


async def test_insert_update_unchanged_stale(pool: Any, observe: Any) -> None:
    assert outcomes(await apply(pool, [observe(1)])) == [INSERTED]
    assert outcomes(await apply(pool, [observe(2)])) == [UNCHANGED]
    assert outcomes(await apply(pool, [observe(3, title="Outro")])) == [UPDATED]
    late = await apply(pool, [observe(2, title="Antigo")])
    assert outcomes(late) == [STALE]
    assert not late.results[0].remember, "what was overtaken must be read again"
    again = await apply(pool, [observe(3, title="Outro")])
    assert outcomes(again) == [STALE]
    assert again.results[0].remember
    row = await bill(pool)
    assert (row["version"], row["read_seq"], row["change_seq"]) == (2, 3, 2)
    assert row["identifier"] == "PL 10/2024"
    log = await changes(pool)
    assert [(r["seq"], r["version"], r["kind"], r["fields"]) for r in log] == [
        (1, 1, "CREATED", []),
        (2, 2, "UPDATED", ["title"]),
    ]
    assert orjson.loads(log[1]["before"]) == {"title": "Institui o dia da educação"}
    assert orjson.loads(log[1]["document"])["changes"] == [
        {"field": "title", "old": "Institui o dia da educação", "new": "Outro"}
    ]


async def test_unchanged_moves_read_seq_but_no_stamp(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1)])
    before = await bill(pool)
    await apply(pool, [observe(7, at=500, title="  Institui o dia \n da educação")])
    after = await bill(pool)
    assert after["read_seq"] == 7
    assert after["last_seen_at"] > before["last_seen_at"]
    for column in ("version", "change_seq", "changed_at", "document", "summary", "record"):
        assert after[column] == before[column]


async def test_one_batch_with_several_versions_of_a_bill(pool: Any, observe: Any) -> None:
    batch = [observe(3, title="c"), observe(1, title="a"), observe(2, title="b"), observe(9, "2")]
    result = await apply(pool, batch)
    assert outcomes(result) == [UPDATED, INSERTED, UPDATED, INSERTED]
    log = await changes(pool)
    assert [(r["bill_id"], r["version"], r["seq"]) for r in log] == [
        ("camara-1", 1, 1),
        ("camara-1", 2, 2),
        ("camara-1", 3, 3),
        ("camara-2", 1, 4),
    ]
    assert (await bill(pool))["change_seq"] == 3


async def test_rendered_bytes_fit_the_public_models(pool: Any, observe: Any) -> None:
    action = {"date": "2024-05-02", "kind": ActionKind.APPROVED, "order": 2, "description": "Aprovado"}
    await apply(
        pool,
        [
            observe(
                1,
                trace_id="ab" * 16,
                introduced_on="2024-02-01",
                latest_action=action,
                actions=[action, {"date": "2024-02-01", "kind": ActionKind.INTRODUCED, "order": 1}],
                sponsorships=[{"name": "Ana", "role": "AUTHOR", "kind": "LEGISLATOR", "party": "pt", "state": "SP"}],
                subjects=[{"name": "Educação, Cultura"}],
                organization={"acronym": "ccjc"},
                extras={"novo": {"x": 1}},
            )
        ],
    )
    row = await bill(pool)
    detail = BillDetail.model_validate_json(with_counterparts(row["document"], []))
    summary = BillSummary.model_validate_json(row["summary"])
    change = Change.model_validate_json((await changes(pool))[0]["document"])
    assert (detail.id, detail.version, detail.change_seq) == ("camara-1", 1, 1)
    assert detail.changed_at == row["changed_at"] == summary.changed_at == change.changed_at
    assert detail.last_action_at == row["last_action_at"] == datetime(2024, 5, 2, 3, tzinfo=UTC)
    assert (summary.authors, summary.parties, summary.subjects) == (["Ana"], ["PT"], ["Educação, Cultura"])
    assert (row["parties"], row["states"], row["subjects"]) == (["PT"], ["SP"], ["educacao-cultura"])
    assert (row["labels"], row["organization"]) == (["PL 10/2024"], "CCJC")
    assert (change.seq, change.kind, change.changes, change.trace_id) == (1, "CREATED", [], "ab" * 16)
    stored = await pool.fetchrow("SELECT items FROM bill_history WHERE bill_id = 'camara-1' AND field = 'actions'")
    assert [orjson.loads(item)["order"] for item in stored["items"]] == [1, 2]


async def test_search_finds_by_folded_words_labels_and_authors(pool: Any, observe: Any) -> None:
    sponsor = {"name": "João Conceição", "role": "AUTHOR", "kind": "LEGISLATOR"}
    await apply(pool, [observe(1, sponsorships=[sponsor], keywords=["Merenda escolar"])])
    found = "SELECT count(*) FROM bill WHERE search @@ websearch_to_tsquery('legis', $1)"
    for words in ("educacao", "educacao merenda", "pl 10/2024", "10", "merendas"):
        assert await pool.fetchval(found, words) == 1, words
    assert await pool.fetchval(found, "saude") == 0
    by_author = "SELECT count(*) FROM bill WHERE author_search @@ plainto_tsquery('simple', $1)"
    assert await pool.fetchval(by_author, "joao conceicao") == 1


async def test_partial_observations_of_the_same_facts_make_one_version(pool: Any, observe: Any) -> None:
    facts = {"introduced_on": "2024-02-01", "sponsorships": [], "actions": []}
    await apply(pool, [observe(1, part=ReadingPart.BULK, **facts)])
    assert outcomes(await apply(pool, [observe(2, part=ReadingPart.LIST)])) == [UNCHANGED]
    assert outcomes(await apply(pool, [observe(3, rapporteurs=[], nickname=None, **facts)])) == [UNCHANGED]
    assert (await bill(pool))["version"] == 1


async def test_histories_are_compared_without_being_read_again(pool: Any, observe: Any) -> None:
    first = {"date": "2024-02-01", "kind": "INTRODUCED", "order": 1}
    second = {"date": "2024-03-01", "kind": "ENACTED", "order": 2}
    await apply(pool, [observe(1, actions=[first])])
    assert outcomes(await apply(pool, [observe(2, title="Novo", part=ReadingPart.LIST)])) == [UPDATED]
    assert outcomes(await apply(pool, [observe(3, title="Novo", actions=[first])])) == [UNCHANGED]
    assert outcomes(await apply(pool, [observe(4, title="Novo", actions=[second, first])])) == [UPDATED]
    log = await changes(pool)
    assert log[2]["fields"] == ["status", "actions"]
    told = {change["field"]: change for change in orjson.loads(log[2]["document"])["changes"]}
    assert told["actions"]["old"] == []
    assert [entry["order"] for entry in told["actions"]["new"]] == [2]
    assert (told["status"]["old"], told["status"]["new"]) == ("UNKNOWN", "ENACTED")
    assert "actions" not in orjson.loads(log[2]["before"])
    # a later partial reading keeps what follows from the history
    await apply(pool, [observe(5, title="Novíssimo", part=ReadingPart.LIST)])
    assert (await bill(pool))["status"] == "ENACTED"


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


async def test_replaying_everything_twice_changes_nothing(pool: Any, observe: Any) -> None:
    rng = random.Random(3)
    log = [
        observe(n, str(rng.randrange(15)), title=f"t{rng.randrange(4)}", part=rng.choice(list(ReadingPart)))
        for n in range(1, 120)
    ]
    for start in range(0, len(log), 25):
        await apply(pool, log[start : start + 25])
    before = await pool.fetch("SELECT id, version, change_seq, document, summary, changed_at FROM bill ORDER BY id")
    for _ in range(2):
        for start in range(0, len(log), 40):
            result = await apply(pool, log[start : start + 40])
            assert result.changes == ()
    after = await pool.fetch("SELECT id, version, change_seq, document, summary, changed_at FROM bill ORDER BY id")
    assert before == after


@pytest.mark.parametrize("first", [Source.CAMARA, Source.SENADO])
async def test_counterparts_are_linked_whoever_comes_first(pool: Any, observe: Any, first: Source) -> None:
    hint = {"rule": "EXPLICIT_URI", "chamber": "CAMARA", "type_code": "PL", "number": 10, "year": 2024}
    camara = observe(1, "1", source=Source.CAMARA, chamber="CAMARA")
    senado = observe(
        2, "9", source=Source.SENADO, chamber="SENADO", type="PLC", type_code="PLC", number=3, number_text="3",
        identifier="PLC 3/2024", counterpart_hints=[hint | {"evidence": "says so", "upstream_id": "1"}],
    )  # fmt: skip
    for item in [camara, senado] if first is Source.CAMARA else [senado, camara]:
        await apply(pool, [item])
    rows = await pool.fetch("SELECT bill_id, counterpart_id, rule FROM bill_counterpart ORDER BY bill_id")
    assert [tuple(row) for row in rows] == [
        ("camara-1", "senado-9", "EXPLICIT_URI"),
        ("senado-9", "camara-1", "EXPLICIT_URI"),
    ]
    changed = observe(3, "9", source=Source.SENADO, chamber="SENADO", type="PLC", type_code="PLC", number=3,
                      number_text="3", identifier="PLC 3/2024", counterpart_hints=[])  # fmt: skip
    assert outcomes(await apply(pool, [changed])) == [UPDATED]
    assert await pool.fetchval("SELECT count(*) FROM bill_counterpart") == 0


async def test_both_records_of_a_bill_in_one_batch_are_linked(pool: Any, observe: Any) -> None:
    items = [
        observe(1, "1", source=Source.CAMARA, chamber="CAMARA"),
        observe(2, "9", source=Source.SENADO, chamber="SENADO"),
    ]
    await apply(pool, items)
    assert await pool.fetchval("SELECT count(*) FROM bill_counterpart") == 2


async def test_what_is_no_fault_of_the_record_parks_nothing(pool: Any, observe: Any) -> None:
    await pool.execute("ALTER TABLE bill RENAME TO bill_elsewhere")
    with pytest.raises(StoreUnavailable):
        await apply(pool, [observe(1), observe(2, "2")])
    await pool.execute("ALTER TABLE bill_elsewhere RENAME TO bill")
    assert await pool.fetchval("SELECT count(*) FROM dead_letter") == 0
    assert outcomes(await apply(pool, [observe(1)])) == [INSERTED]


async def test_removed_bills_stay_and_come_back_on_sight(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1), observe(1, "2")])
    made = await mark_removed(pool, ["camara-1", "camara-404", "camara-1"])
    assert [change.kind for change in made] == ["REMOVED"]
    assert await mark_removed(pool, ["camara-1"]) == ()
    row = await bill(pool)
    assert row["removed_at"] == row["changed_at"]
    assert BillDetail.model_validate_json(with_counterparts(row["document"], [])).removed_at == row["removed_at"]
    assert BillSummary.model_validate_json(row["summary"]).version == 2
    assert outcomes(await apply(pool, [observe(2)])) == [UPDATED], "the same content, but it is there again"
    row = await bill(pool)
    assert (row["removed_at"], row["version"]) == (None, 3)
    log = [change for change in await changes(pool) if change["bill_id"] == "camara-1"]
    assert [(c["kind"], c["version"]) for c in log] == [("CREATED", 1), ("REMOVED", 2), ("REVIVED", 3)]
    assert [Change.model_validate_json(c["document"]).kind for c in log] == ["CREATED", "REMOVED", "REVIVED"]
