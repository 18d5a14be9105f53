"""A bill that changes upstream is served changed within a poll, with one change row and one trace behind it."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from ingest_senado.source.backfill_walk import next_window
from legis.telemetry import trace_tree

POLL_SECONDS = 2.0
GRACE_SECONDS = 1.0
OLDEST_YEAR = 1934
BUSY_TRIES = 5
"""Changes of which one must be served in time: another process may have the processor during the others."""

pytestmark = pytest.mark.timeout(900)  # the first test waits for the start and for both backfills


def whole_backfill_stored(legis) -> bool:
    """Every bill that the simulator knows is stored."""
    truth = legis.simulator("/truth/summary")["sources"]
    stored = legis.query("SELECT source, count(*) FROM bill WHERE removed_at IS NULL GROUP BY source")
    return dict(stored) == {source: facts["total"] for source, facts in truth.items()}


def changes_of(legis, bill_id: str) -> list[Any]:
    return legis.query("SELECT seq, version, trace_id FROM bill_change WHERE bill_id = $1 ORDER BY seq", bill_id)


@pytest.fixture(scope="module")
def settled(legis):
    """The system with everything read once, and a Congress in which nothing moves unless a test moves it."""
    legis.simulator("/control/freeze", {"frozen": True})
    legis.until(lambda: whole_backfill_stored(legis), 90, "the whole backfill stored")
    legis.until(lambda: backfills_ended(legis), 120, "every detail read")
    legis.until(lambda: quiet(legis), 60, "the system quiet")
    yield legis
    legis.simulator("/control/freeze", {"frozen": False})


def quiet(legis) -> bool:
    """No new change for three polls: whatever moved while the Congress was read has arrived."""
    before = legis.query("SELECT last_seq FROM change_counter")
    time.sleep(3 * POLL_SECONDS)
    return before == legis.query("SELECT last_seq FROM change_counter")


def test_bills_say_whether_they_were_read_whole(settled) -> None:
    rows = settled.query(
        """SELECT source, convert_from(provenance, 'UTF8')::jsonb ? 'DETAIL',
               convert_from(document, 'UTF8') LIKE '%NOT_READ_WHOLE%', count(*)
        FROM bill WHERE removed_at IS NULL GROUP BY 1, 2, 3""",
    )
    assert [source for source, whole, flagged, _ in rows if source == "senado" and (flagged or not whole)] == []
    assert all(whole is not flagged for _, whole, flagged, _ in rows)
    assert any(source == "camara" and flagged for source, _, flagged, _ in rows), "of old years only files were read"


@pytest.mark.parametrize("source", ["camara", "senado"])
def test_a_change_is_served_within_a_poll_and_a_second(settled, source: str) -> None:
    legis = settled
    known = legis.simulator(f"/truth/bills?source={source}&limit=40")["bills"]
    chosen = next(bill for bill in reversed(known) if not bill["deleted"])
    bill_id = f"{source}-{chosen['id']}"
    for _ in range(BUSY_TRIES):
        before = legis.get(f"/api/v1/bills/{bill_id}").json()["data"]
        rows_before = changes_of(legis, bill_id)
        began = time.monotonic()
        legis.simulator("/control/change", {"source": source, "id": chosen["id"]})
        after = legis.until(
            lambda version=before["version"]: moved(legis, bill_id, version),
            POLL_SECONDS + GRACE_SECONDS + 10,
            f"{bill_id} served changed",
        )
        seconds = time.monotonic() - began
        print(f"{source}: changed upstream → served in {seconds:.2f} s (poll {POLL_SECONDS:g} s)")
        if seconds <= POLL_SECONDS + GRACE_SECONDS:
            break
    time.sleep(2 * POLL_SECONDS)
    added = changes_of(legis, bill_id)[len(rows_before) :]
    assert len(added) == 1, added
    assert after["version"] == before["version"] + 1
    assert seconds <= POLL_SECONDS + GRACE_SECONDS
    feed = legis.get(f"/api/v1/changes?after={added[0][0] - 1}&limit=1").json()["data"][0]
    assert (feed["seq"], feed["bill_id"], feed["kind"]) == (added[0][0], bill_id, "MOVED")
    (listed,) = legis.get(f"/api/v1/bills?ids={bill_id}&min_seq={added[0][0]}").json()["data"]
    assert listed["version"] == after["version"]
    assert feed["changes"]


def moved(legis, bill_id: str, version: int) -> Any:
    body = legis.get(f"/api/v1/bills/{bill_id}").json()["data"]
    return body if body["version"] > version else None


def test_one_trace_leads_from_the_fetch_to_the_stored_row(settled) -> None:
    legis = settled
    chosen = legis.simulator("/truth/bills?source=camara&limit=5")["bills"][0]
    bill_id = f"camara-{chosen['id']}"
    rows_before = changes_of(legis, bill_id)

    legis.simulator("/control/change", {"source": "camara", "id": chosen["id"]})
    added = legis.until(lambda: changes_of(legis, bill_id)[len(rows_before) :], 10, "a change row")
    trace_id = added[0][2]
    assert trace_id
    spans = legis.until(lambda: complete(legis, trace_id), 15, "the trace on disk")

    by_id = {span.span_id: span for span in spans}
    stored = next(span for span in spans if span.name.startswith("store bill"))
    path = [stored.name]
    span = stored
    while span.parent_id is not None:
        span = by_id[span.parent_id]
        path.append(span.name)
    assert {span.service for span in spans} >= {"ingest-camara", "worker"}
    assert any(name.startswith("send legis.bills") for name in path), path
    assert path[-1] == "read bill", path
    fetches = [s for s in spans if s.kind == "CLIENT" and s.service == "ingest-camara"]
    assert fetches, "no upstream request in the trace"


def complete(legis, trace_id: str) -> list[Any] | None:
    spans = [span for span in trace_tree.read_spans(legis.traces) if span.trace_id == trace_id]
    names = {span.service for span in spans}
    return spans if {"ingest-camara", "worker"} <= names and any(s.name == "read bill" for s in spans) else None


def test_reading_everything_again_changes_nothing(settled) -> None:
    legis = settled
    before = legis.query("SELECT last_seq FROM change_counter")
    bills = legis.query("SELECT count(*) FROM bill")
    legis.query("UPDATE store_epoch SET epoch = gen_random_uuid()")
    legis.query("DELETE FROM source_cursor")

    legis.until(lambda: backfills_ended(legis), 120, "both sources read again")
    assert legis.until(lambda: quiet(legis), 30, "quiet again")
    ((head,),) = before
    news = legis.query(f"SELECT about, kind, fields FROM bill_change WHERE seq > {head}")
    # records are read in the background meanwhile, for the first time
    assert [one for one in news if one[0] == "BILL" or one[1] not in ("CREATED", "READ")] == []
    assert legis.query("SELECT count(*) FROM bill") == bills


def backfills_ended(legis) -> bool:
    """Both backfills have nothing left; the Câmara's position is minus the year it has come down to."""
    rows = legis.query("SELECT source, position FROM source_cursor WHERE walk = 'BACKFILL'")
    at = dict(rows)
    if at.keys() != {"camara", "senado"} or at["camara"] <= -OLDEST_YEAR:
        return False
    return next_window(OLDEST_YEAR, at["senado"], datetime.now(UTC).year, details=True) is None
