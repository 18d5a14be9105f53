"""Records through the worker: a stream of readings, lists and 404 answers, stored once whatever happens in between."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from api_gateway.worker import batch_handler
from integration.streams.test_worker import count, drained, publish
from legis.domain.bill import Provenance
from legis.domain.records.event_record import EventRecord, EventStatus
from legis.domain.vocabulary import ReadingPart, Source
from legis.domain.voting import Vote, VoteEvent, VoteOption, VotePurpose, VoteResult
from legis.errors import StoreUnavailable
from legis.events import RecordObserved, Walk, WindowEnded, WindowRef
from legis.streams.checkpoints import read_cursors
from legis.streams.stored_marks import read_marks

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _observed(number: int, seq: int, index: int) -> RecordObserved:
    record = EventRecord(
        id=f"camara-event-{number}",
        source=Source.CAMARA,
        upstream_id=str(number),
        start=NOW + timedelta(days=1),
        status=EventStatus.CONFIRMED,
    )
    return RecordObserved(
        source=Source.CAMARA,
        published_at=NOW,
        window=WindowRef(window_id="agenda-1", walk=Walk.AGENDA, index=index),
        read_seq=seq,
        record=record,
        provenance=Provenance(url="https://example.test", fetched_at=NOW, payload_sha256="0" * 64, parser_version="1"),
        part=ReadingPart.LIST,
        marks={ReadingPart.LIST: f"mark-{seq}"},
    )


def _end(items: int) -> WindowEnded:
    return WindowEnded(
        source=Source.CAMARA, published_at=NOW, window_id="agenda-1", walk=Walk.AGENDA, lo=1, hi=2, items=items,
        max_read_seq=99,
    )  # fmt: skip


async def _moved(redis: Any) -> bool:
    cursors = await read_cursors(redis, Source.CAMARA)
    return cursors is not None and cursors.positions.get(Walk.AGENDA) == 2


async def test_a_window_of_records_goes_all_the_way(redis: Any, pool: Any, worker: Any, eventually: Any) -> None:
    await publish(redis, *(_observed(n, n, n - 1) for n in range(1, 31)), _end(30))
    async with worker():
        await eventually(lambda: _moved(redis))
        await eventually(drained(redis))
    assert await count(pool, "record") == 30
    assert await count(pool, "event") == 30
    cursors = await read_cursors(redis, Source.CAMARA)
    assert cursors is not None
    seen = await read_marks(redis, Source.CAMARA, cursors.epoch, ["camara-event-5", "5"], ReadingPart.LIST)
    assert seen.fingerprints == ["mark-5", None], "under the record's id"


@pytest.mark.parametrize("dies", ["before", "after"])
async def test_a_worker_that_dies_at_any_point_stores_once(
    redis: Any, pool: Any, worker: Any, eventually: Any, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    """The store fails twice, before or after its commit; what is delivered again changes nothing."""
    real, failures = batch_handler.store_records, iter(range(2))

    async def failing(*args: Any) -> Any:
        if dies == "after":
            result = await real(*args)
        if next(failures, None) is not None:
            raise StoreUnavailable("as if the process had died here")
        return result if dies == "after" else await real(*args)

    monkeypatch.setattr(batch_handler, "store_records", failing)
    await publish(redis, *(_observed(n, n, n - 1) for n in range(1, 11)), _end(10))
    async with worker():
        await eventually(lambda: _moved(redis))
        await eventually(drained(redis))
    assert next(failures, None) is None, "it failed"
    log = await pool.fetch("SELECT seq, bill_id, version, about FROM bill_change ORDER BY seq")
    assert [(one["seq"], one["version"], one["about"]) for one in log] == [(n, 1, "EVENT") for n in range(1, 11)]
    assert await count(pool, "record") == 10


async def test_two_workers_store_the_same_records(redis: Any, pool: Any, worker: Any, eventually: Any) -> None:
    batch = [_observed(n % 7, turn * 100 + n, turn * 100 + n) for turn in range(5) for n in range(40)]
    await publish(redis, *batch)
    async with worker(count=7), worker(count=9):
        await eventually(drained(redis))
        await asyncio.sleep(0)
    assert await count(pool, "record") == 7
    rows = await pool.fetch("SELECT read_seq, version FROM record")
    assert {one["version"] for one in rows} == {1}
    assert max(one["read_seq"] for one in rows) == 439


async def test_the_votings_of_a_bill_are_records_too(
    redis: Any, pool: Any, events: Any, worker: Any, eventually: Any
) -> None:
    voting = VoteEvent(
        upstream_id="9-1",
        date=NOW.date(),
        purpose=VotePurpose.PASSAGE,
        result=VoteResult.PASSED,
        votes=(Vote(legislator_id="204534", name="Ana", party="PT", state="SP", option=VoteOption.YES),),
    )
    await publish(redis, events.bill(1, "9", vote_events=(voting,)), events.bill(2, "8", vote_events=(voting,)))
    async with worker():
        await eventually(drained(redis))
    document = orjson.loads(await pool.fetchval("SELECT document FROM record WHERE id = 'camara-vote-9-1'"))
    assert [one["id"] for one in document["bills"]] == ["camara-8", "camara-9"]
    assert document["votes"][0]["legislator_id"] == "camara-deputy-204534"
    assert await count(pool, "member_vote") == 1
    assert await count(pool, "vote_event_bill") == 2
