"""Invariants that must hold in the end: what is stored is what the chambers show, once, in order, with its trace."""

import time
from bisect import bisect_right
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from ingest_senado.source.backfill_walk import next_window

from chaos.faults.fault_maker import Trouble
from chaos.system.cast import IN_FLIGHT, REQUESTS_PER_SECOND, Cast
from chaos.system.congress import Congress, Key
from chaos.verdicts.doubt_verdicts import doubts_left, losses
from chaos.verdicts.index_verdicts import filtered_difference, index_difference
from chaos.verdicts.record_verdicts import records_difference, stored_records
from chaos.verdicts.stored_snapshot import Letter, Shown, Snapshot, folded, shown, snapshot
from chaos.watch.change_follower import Entry
from chaos.watch.continuous_watch import Watch
from chaos.watch.list_watch import ListWatch

BUNCHED = 2.0
"""The simulator counts requests when it gets to them: on a busy machine it wakes late and meets many in one second that
left evenly. What left is counted apart, and strictly."""

SET_ASIDE = "set_aside"
"""The stage of letters for what upstream refused; one that names no bill is a row of a list, read with the next."""

SPANS_LOST_SECONDS = 10.0
"""Spans that a killed process had not written yet."""

_VERSIONS = "SELECT bill_id FROM bill_change GROUP BY bill_id HAVING max(version) <> count(*) OR min(version) <> 1"
_BACKWARDS = """
SELECT bill_id, version FROM (
    SELECT bill_id, version, read_seq, lag(read_seq) OVER (PARTITION BY bill_id ORDER BY version) AS before
    FROM bill_change WHERE about = 'BILL' AND fields <> '{agenda}') AS c
WHERE read_seq < before
"""
# Of a record each field keeps its own order, and a bill's agenda has that of the event.
_EMPTY = """
SELECT bill_id, version FROM bill_change WHERE kind NOT IN ('CREATED', 'REMOVED') AND cardinality(fields) = 0
"""
_LOG = "SELECT seq, bill_id, version FROM bill_change ORDER BY seq"
# what an operator does is not published
_TRACES = """
SELECT source, bill_id, version, trace_id, published_at FROM bill_change
WHERE version > 1 AND published_at IS NOT NULL AND about = 'BILL'
"""


NamedSpan = tuple[str, dict[str, Any]]
"""The file that a span was written to, and the span."""


async def difference(cast: Cast, congress: Congress) -> dict[str, list[str]]:
    """I1, I2, I5, I16, I19, I20 as they stand now; empty when all is well."""
    connection = await asyncpg.connect(cast.database_url, timeout=5)
    try:
        seen, documents = await snapshot(connection, 2**62), await shown(connection)
        doubts = await doubts_left(connection, congress)
        records = await stored_records(connection)
    finally:
        await connection.close()
    truth = congress.truth()
    found = {
        "I1": list(_wrong_set(congress, truth, seen)),
        "I2": [*_wrong_content(congress, truth, seen, documents), *_still_to_read(congress, seen)],
        "I5": [
            f"{key} is poisoned and was not parked"
            for key in sorted(congress.poisoned)
            if not any(letter.tells_of(key) for letter in seen.letters)
        ],
        "I19": doubts,
    }
    if not any(found.values()):  # as long as bills are missing there is no need to ask for lists of them
        found["I20"] = list(records_difference(congress, records))
        found["I16"] = await index_difference(cast)
    return {name: wrong for name, wrong in found.items() if wrong}


def _still_to_read(congress: Congress, seen: Snapshot) -> Iterable[str]:
    """All bills of the Senado are there long before their details: what is judged while those come moves under it."""
    years = congress.by_year["senado"]
    position = seen.positions.get(("senado", "BACKFILL"))
    window = next_window(min(years), position, max(years), details=True)
    if window is not None:
        yield f"the Senado's backfill has still to read {window.label}"


def _wrong_set(congress: Congress, truth: dict[Key, Any], seen: Snapshot) -> Iterable[str]:
    expected = {(s, i) for s, years in congress.by_year.items() for ids in years.values() for i in ids}
    expected |= {move.key for move in congress.moves}
    for key in sorted(expected - congress.deleted - seen.bills.keys() - seen.parked):
        yield f"{key} is missing"
    for key in sorted(seen.bills.keys() - truth.keys()):
        yield f"{key} is invented"


def _wrong_content(
    congress: Congress, truth: dict[Key, Any], seen: Snapshot, documents: dict[Key, Shown]
) -> Iterable[str]:
    moved = {move.key for move in congress.moves}
    for key, document in sorted(documents.items()):
        if key in congress.deleted or key not in truth:
            continue
        if document.removed:
            yield f"{key} counts as removed, and is there"
        if key in moved and not document.detailed:
            yield f"{key} moved, and its detail was never read"
        for field, told in _told(truth[key], detailed=document.detailed).items():
            if getattr(document, field) != told:
                yield f"{key} has {field} {getattr(document, field)!r}, not {told!r}"
    for key in sorted({move.key for move in congress.moves} - congress.deleted):
        row = seen.bills.get(key)
        if row is not None and row.actions != congress.actions[key]:
            yield f"{key} has {row.actions} entries, not {congress.actions[key]}"


def _told(bill: dict[str, Any], *, detailed: bool) -> dict[str, Any]:
    """All that the simulator tells of a bill and that is to be found in what we were given of it."""
    told = {
        "identifier": bill["identifier"].removesuffix("/0"),
        "title": folded(bill["title"]),
        "status_text": folded(bill["status_text"]),
    }
    return told | {name: bill[name] for name in ("status_code", "last_action_date") if detailed}


async def judge(cast: Cast, congress: Congress, trouble: Trouble, watch: Watch, lists: ListWatch) -> None:
    """Everything else that is judged once, in the end; told to the watch."""
    for name, line in await lists.judge(trouble.timelines.eras):
        watch.broken(name, line)
    for line in await filtered_difference(cast):
        watch.broken("I16", line)
    spans = list(_spans(cast.trace_files()))
    for line in _pace(spans, congress):
        watch.broken("I9", line)
    connection = await asyncpg.connect(cast.database_url, timeout=5)
    try:
        for row in await connection.fetch(_VERSIONS):
            watch.broken("I4", f"{row['bill_id']}: its versions are not 1, 2, 3 …")
        for row in await connection.fetch(_BACKWARDS):
            watch.broken("I3", f"{row['bill_id']}: version {row['version']} comes from an older reading")
        for row in await connection.fetch(_EMPTY):
            watch.broken("I11", f"{row['bill_id']}: version {row['version']} changes nothing")
        for line in await losses(connection, congress):
            watch.broken("I19", line)
        seen = await snapshot(connection, 2**62)
        log = await connection.fetch(_LOG)
        changes = await connection.fetch(_TRACES)
    finally:
        await connection.close()
    _change_log([(row["seq"], row["bill_id"], row["version"]) for row in log], watch)
    for letter in seen.letters:
        _letter(letter, seen, congress, trouble, watch)
    for line in trouble.programs.wrong(trouble.hits):
        watch.broken("I14", line)
    _traces(changes, spans, trouble, watch)


def _change_log(stored: list[Entry], watch: Watch) -> None:
    if [number for number, _, _ in stored] != list(range(1, len(stored) + 1)):
        watch.broken("I4", "change numbers have gaps")
    followed = watch.followed
    for met, kept in zip(followed, stored[: len(followed)], strict=False):
        if met != kept:
            watch.broken("I4", f"a reader of the change log met {met} where {kept} is stored")
    if len(followed) > len(stored):
        watch.broken("I4", f"a reader of the change log met {followed[len(stored)]}, which is not stored")


def _letter(letter: Letter, seen: Snapshot, congress: Congress, trouble: Trouble, watch: Watch) -> None:
    if any(letter.tells_of(key) for key in congress.poisoned):
        return
    if letter.stage == "decode" and letter.source == "unknown" and trouble.bad_messages:
        return
    if letter.stage == SET_ASIDE and trouble.upstream_faults and (letter.key is None or letter.key in seen.bills):
        return
    watch.broken("I5", f"{letter.source} {letter.key} is parked at {letter.stage}: {letter.error[:150]}")


def _pace(spans: list[NamedSpan], congress: Congress) -> Iterable[str]:
    """I9: what left in any second, by the traces of who sent it; and by far, what arrived in any."""
    for source, arrived in congress.busiest_seconds().items():
        if arrived > REQUESTS_PER_SECOND * BUNCHED:
            yield f"{source} met {arrived} requests in a second, not {REQUESTS_PER_SECOND}"
        left = sorted(
            datetime.fromisoformat(span["start"]).timestamp()
            for _, span in spans
            if span["name"] == "GET" and span["attributes"].get("legis.source") == source
        )
        most = max((n - bisect_right(left, at - 1) for n, at in enumerate(left, 1)), default=0)
        # those in flight may have been let go just before a process stood still, and leave after it
        if most > REQUESTS_PER_SECOND + IN_FLIGHT:
            yield f"{source} was sent {most} requests in a second, not {REQUESTS_PER_SECOND}"


def _traces(changes: list[Any], spans: list[NamedSpan], trouble: Trouble, watch: Watch) -> None:
    """I12: the trace of an update has a reading of ours in it, or is that of a batch that links to one.

    Rows of lists and files share one trace and are filed under their batch.
    """
    read = {span["trace_id"] for name, span in spans if name.startswith("ingest-")}
    read |= {s["trace_id"] for _, s in spans if any(link["trace_id"] in read for link in s["links"])}
    for row in changes:
        at = row["published_at"].timestamp()
        if row["trace_id"] in read or time.time() - at < SPANS_LOST_SECONDS:
            continue
        names = (f"ingest-{row['source']}", "worker-1", "worker-2")
        if not any(-5 < hit - at < SPANS_LOST_SECONDS for name in names for hit in trouble.hits.get(name, ())):
            watch.broken("I12", f"{row['bill_id']} version {row['version']}: no reading in trace {row['trace_id']}")


def _spans(files: Iterable[Path]) -> Iterable[NamedSpan]:
    for path in files:
        for line in path.read_bytes().splitlines():
            with suppress(orjson.JSONDecodeError):  # cut by a kill
                yield path.name, orjson.loads(line)
