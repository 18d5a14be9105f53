"""Entries of the change log say what kind of change they tell, by what was known of the bill before."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from api_gateway.documents.models import Change
from api_gateway.store.bills.bill_writer import apply
from api_gateway.store.reconciliation.removal import mark_removed
from integration.store.bills.stored_bills import UNCHANGED, UPDATED, bill, changes, outcomes
from legis.domain.vocabulary import ReadingPart, Source
from legis.domain.voting import VoteResult

LIST, DETAIL = ReadingPart.LIST, ReadingPart.DETAIL
ACTION = {"date": "2024-05-02", "kind": "OTHER", "order": 1}
ONE, OTHER = [result for result in VoteResult if result != "UNKNOWN"][:2]
LATER = {"date": "2024-05-03", "kind": "VOTED", "order": 2}


async def told(pool: Any) -> list[Change]:
    """Every entry, as served; column, document and marks agree."""
    rows = await changes(pool)
    entries = [Change.model_validate_json(row["document"]) for row in rows]
    assert [row["kind"] for row in rows] == [entry.kind for entry in entries]
    assert [row["fields"] for row in rows] == [[change.field for change in entry.changes] for entry in entries]
    return entries


def kinds(entry: Change) -> dict[str, str | None]:
    return {change.field: change.kind for change in entry.changes}


async def test_a_row_and_then_its_detail_are_created_and_read(pool: Any, observe: Any) -> None:
    detail = {"status": "IN_COMMITTEE", "status_text": "Na CCJ", "latest_action": ACTION, "actions": [ACTION],
              "rapporteurs": [], "sponsorships": [{"name": "Ana", "role": "AUTHOR", "kind": "LEGISLATOR"}]}  # fmt: skip
    await apply(pool, [observe(1, part=LIST)])
    await apply(pool, [observe(2, **detail)])
    await apply(pool, [observe(3, **detail)])
    entries = await told(pool)
    assert [entry.kind for entry in entries] == ["CREATED", "READ"]
    assert set(kinds(entries[1]).values()) == {"READ"}


async def test_what_was_claimed_to_be_empty_is_known(pool: Any, observe: Any) -> None:
    """The readings are equal as stored; only that they claimed it tells none from not read."""
    ana = [{"name": "Ana"}]
    await apply(pool, [observe(1, "1", part=LIST), observe(1, "2", part=LIST)])
    assert outcomes(await apply(pool, [observe(2, "1", rapporteurs=[])])) == [UNCHANGED]
    await apply(pool, [observe(3, "1", rapporteurs=ana), observe(3, "2", rapporteurs=ana)])
    assert [entry.kind for entry in await told(pool)] == ["CREATED", "CREATED", "MOVED", "READ"]


async def test_a_history_read_first_while_the_bill_moved_is_movement(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, part=LIST, latest_action=ACTION)])
    await apply(pool, [observe(2, latest_action=LATER, actions=[ACTION, LATER])])
    (_, entry) = await told(pool)
    assert entry.kind == "MOVED"
    assert kinds(entry) == {"latest_action": "MOVED", "actions": "READ"}


async def test_a_status_that_follows_from_a_first_history_is_no_movement(pool: Any, observe: Any) -> None:
    """An old law whose situation was never brought up to date: known from a row, its history read later."""
    enacted = {"date": "1998-05-02", "kind": "ENACTED", "order": 3}
    await apply(pool, [observe(1, status="IN_COMMITTEE", status_text="Tramitando", part=LIST)])
    await apply(pool, [observe(2, status="IN_COMMITTEE", status_text="Tramitando", actions=[ACTION, enacted])])
    # the same made by a reader, who flags it
    stale = [{"code": "STATUS_STALE", "field": "status"}]
    await apply(pool, [observe(1, "2", status="IN_COMMITTEE", in_progress=True, part=LIST)])
    await apply(pool, [observe(2, "2", status="ENACTED", in_progress=False, quality_flags=stale, actions=[enacted])])
    assert [entry.kind for entry in await told(pool)] == ["CREATED", "READ", "CREATED", "READ"]
    assert (await bill(pool))["status"] == "ENACTED"
    # once the history is known, what comes to it moves the status
    await apply(pool, [observe(1, "3", status="IN_COMMITTEE", actions=[ACTION])])
    await apply(pool, [observe(2, "3", status="IN_COMMITTEE", actions=[ACTION, enacted])])
    entry = (await told(pool))[-1]
    assert (entry.kind, kinds(entry)) == ("MOVED", {"status": "MOVED", "in_progress": "MOVED", "actions": "MOVED"})


async def test_the_same_bytes_by_another_reader_are_no_movement(pool: Any, observe: Any) -> None:
    def by(version: str, item: Any, sha: str = "0" * 64) -> Any:
        provenance = item.event.provenance.model_copy(update={"parser_version": version, "payload_sha256": sha})
        return replace(item, event=item.event.model_copy(update={"provenance": provenance}))

    await apply(pool, [by("1", observe(1, status="UNKNOWN", title="a"))])
    await apply(pool, [by("2", observe(2, status="ARCHIVED", title="a"))])
    await apply(pool, [by("2", observe(3, status="APPROVED", title="a"))])
    await apply(pool, [by("3", observe(4, status="APPROVED", title="b"), "1" * 64)])
    await apply(pool, [by("4", observe(5, status="VETOED", title="b", part=ReadingPart.BULK), "1" * 64)])
    kinds_told = [entry.kind for entry in await told(pool)]
    assert kinds_told == ["CREATED", "READ", "MOVED", "EDITED", "MOVED"], "other bytes, and those of another part"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ({"actions": [ACTION, LATER]}, {"actions": [ACTION]}, "CORRECTED"),
        ({"actions": [ACTION]}, {"actions": [ACTION | {"description": "Recebido"}]}, "READ"),
        ({"actions": [ACTION]}, {"actions": [LATER, ACTION]}, "MOVED"),
        ({"latest_action": LATER}, {"latest_action": ACTION}, "CORRECTED"),
        ({"organization": {"code": "4"}}, {"organization": {"code": "4", "name": "Mesa"}}, "READ"),
        ({"related_bills": []}, {"related_bills": [{"kind": "JOINED_TO", "upstream_id": "7"}]}, "MOVED"),
        ({"documents": []}, {"documents": [{"kind": "FULL_TEXT", "url": "http://x"}]}, "EDITED"),
        ({"identifier": "PL 10/2024"}, {"identifier": "PL 11/2024", "number": 11}, "EDITED"),
        ({"vote_events": [{"upstream_id": "v", "date": None, "result": ONE}]},
         {"vote_events": [{"upstream_id": "v", "date": None, "result": OTHER}]}, "CORRECTED"),
        ({"vote_events": [{"upstream_id": "v", "date": None}]},
         {"vote_events": [{"upstream_id": "v", "date": None, "votes": [{"name": "Ana", "option": "YES"}]}]}, "READ"),
    ],
)  # fmt: skip
async def test_through_the_writer(pool: Any, observe: Any, before: Any, after: Any, kind: str) -> None:
    await apply(pool, [observe(1, **before)], confirm_seconds=0)
    for number in (2, 3):  # an older state, or a list that lacks something, is believed when it is seen again
        await apply(pool, [observe(number, at=number, **after)], confirm_seconds=0, settle_seconds=0)
    entries = await told(pool)
    assert [entry.kind for entry in entries] == ["CREATED", kind]


async def test_a_bill_that_comes_back_is_corrected_whatever_else_changed(pool: Any, observe: Any) -> None:
    await apply(pool, [observe(1, status="IN_COMMITTEE")])
    await mark_removed(pool, ["camara-1"])
    await apply(pool, [observe(2, status="APPROVED")])
    entry = (await told(pool))[-1]
    assert (entry.kind, kinds(entry)) == ("CORRECTED", {"status": "MOVED", "removed_at": "CORRECTED"})
    before = orjson.loads((await changes(pool))[-1]["before"])
    assert before["status"] == "IN_COMMITTEE"
    assert datetime.fromisoformat(before["removed_at"]) == (await changes(pool))[1]["changed_at"]


async def test_what_only_links_records_makes_no_entry(pool: Any, observe: Any) -> None:
    hint = {"rule": "EXPLICIT_URI", "chamber": "CAMARA", "type_code": "PL", "number": 10, "year": 2024,
            "evidence": "says so", "upstream_id": "1"}  # fmt: skip
    senado = {"source": Source.SENADO, "type_code": "PLC", "number": 3, "number_text": "3", "identifier": "PLC 3/2024"}
    await apply(pool, [observe(1, "1", chamber="CAMARA"), observe(1, "9", chamber="SENADO", **senado)])
    before = await bill(pool, "senado-9")
    result = await apply(pool, [observe(2, "9", chamber="SENADO", counterpart_hints=[hint], **senado)])
    assert (outcomes(result), result.changes, result.visible) == ([UPDATED], (), True)
    after = await bill(pool, "senado-9")
    assert (after["version"], after["change_seq"], after["document"]) == (1, before["change_seq"], before["document"])
    assert "PL 10/2024" in after["labels"]
    assert after["render_seq"] == 1, "the index follows its labels"
    assert await pool.fetchval("SELECT count(*) FROM bill_counterpart") == 2
    assert outcomes(await apply(pool, [observe(3, "9", chamber="SENADO", counterpart_hints=[hint], **senado)])) == [
        UNCHANGED
    ]
    # beside something that is told they are still not told
    await apply(pool, [observe(4, "9", chamber="SENADO", counterpart_hints=[], nickname="Lei da Merenda", **senado)])
    assert [list(kinds(entry)) for entry in await told(pool)] == [[], [], ["nickname"]]
    assert await pool.fetchval("SELECT count(*) FROM bill_counterpart") == 0


async def test_movement_is_marked(pool: Any, observe: Any) -> None:
    today = datetime.now(UTC).date().isoformat()
    await apply(pool, [observe(1, "1", introduced_on=today), observe(1, "2", introduced_on="1998-03-01")])
    await apply(pool, [observe(2, "2", introduced_on="1998-03-01", status="APPROVED")])
    await apply(pool, [observe(3, "2", introduced_on="1998-03-01", status="VETOED", title="Outro")])
    await apply(pool, [observe(4, "2", introduced_on="1998-03-01", status="VETOED", title="Mais outro")])
    await mark_removed(pool, ["camara-2"])
    found = [(row["kind"], row["movement"]) for row in await changes(pool)]
    assert found == [
        ("CREATED", True), ("CREATED", False), ("READ", False), ("MOVED", True), ("EDITED", False), ("REMOVED", True)
    ]  # fmt: skip


async def test_rows_of_the_release_before_know_what_they_say_and_what_was_read(pool: Any, observe: Any) -> None:
    ana = [{"name": "Ana"}]
    senado = {"source": Source.SENADO, "part": DETAIL}
    await apply(pool, [observe(1, "1", part=LIST, latest_action=ACTION), observe(1, "2", rapporteurs=[]),
                       observe(1, "3", **senado, decision=None)])  # fmt: skip
    await pool.execute("UPDATE bill SET known_fields = NULL")
    await apply(pool, [observe(2, "1", latest_action=LATER), observe(2, "2", rapporteurs=ana),
                       observe(2, "3", **senado, decision={"text": "Aprovado"})])  # fmt: skip
    found = {entry.bill_id: entry.kind for entry in await told(pool)}
    assert found["camara-1"] == "MOVED", "its record says that there was an action"
    assert found["camara-2"] == "READ", "not all details of the Câmara claim rapporteurs"
    assert found["senado-3"] == "MOVED", "all details of the Senado claim a decision"
    assert {"latest_action", "title"} <= set((await bill(pool))["known_fields"])


async def test_what_is_counted_is_what_was_committed(pool: Any, observe: Any) -> None:
    """Two workers store the same new bills: one loses the race, and decides again what they are to it."""
    for start in range(20):
        key = str(100 + start)
        batches = [[observe(1, key, status="IN_COMMITTEE")], [observe(2, key, status="APPROVED")]]
        results = await asyncio.gather(*(apply(pool, batch) for batch in batches))
        made = sorted(change.kind for result in results for change in result.changes)
        stored = await pool.fetch("SELECT kind FROM bill_change WHERE bill_id = $1", f"camara-{key}")
        assert made == sorted(row["kind"] for row in stored)
