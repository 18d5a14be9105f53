"""Which observations the writer makes a new version of."""

import random
from typing import Any

import orjson
from api_gateway.documents.models import BillDetail, BillSummary, Change
from api_gateway.documents.render import with_counterparts
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.reconciliation.removal import mark_removed
from integration.store.bills.stored_bills import INSERTED, STALE, UNCHANGED, UPDATED, bill, changes, outcomes
from legis.domain.vocabulary import ReadingPart


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
        (2, 2, "EDITED", ["title"]),
    ]
    assert orjson.loads(log[1]["before"]) == {"title": "Institui o dia da educação"}
    assert orjson.loads(log[1]["document"])["changes"] == [
        {"field": "title", "old": "Institui o dia da educação", "new": "Outro", "kind": "EDITED"}
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
    assert log[2]["fields"] == ["status", "in_progress", "actions"]
    told = {change["field"]: change for change in orjson.loads(log[2]["document"])["changes"]}
    assert told["actions"]["old"] == []
    assert [entry["order"] for entry in told["actions"]["new"]] == [2]
    assert (told["status"]["old"], told["status"]["new"]) == ("UNKNOWN", "ENACTED")
    assert "actions" not in orjson.loads(log[2]["before"])
    # a later partial reading keeps what follows from the history
    await apply(pool, [observe(5, title="Novíssimo", part=ReadingPart.LIST)])
    assert (await bill(pool))["status"] == "ENACTED"


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
    assert [(c["kind"], c["version"]) for c in log] == [("CREATED", 1), ("REMOVED", 2), ("CORRECTED", 3)]
    told = [Change.model_validate_json(c["document"]) for c in log]
    assert [change.kind for change in told] == ["CREATED", "REMOVED", "CORRECTED"]
    assert [(c.field, c.new, c.kind) for c in told[2].changes] == [("removed_at", None, "CORRECTED")]
    assert told[2].subject.id == told[2].bill_id == "camara-1"
