"""Invariants that must hold in the end: what is stored is what the chambers show, once, in order, with its trace."""

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from cast import REQUESTS_PER_SECOND, Cast
from congress import Congress, Key
from faults import Trouble
from stored import Letter, Snapshot, folded, snapshot, texts
from watch import Watch

SLACK = 1.25
"""The simulator counts arrivals on a busy machine: what left evenly may arrive in a bunch."""

SET_ASIDE = "cannot be read while others can"
SPANS_LOST_SECONDS = 10.0
"""Spans that a killed process had not written yet."""

_VERSIONS = "SELECT bill_id FROM bill_change GROUP BY bill_id HAVING max(version) <> count(*) OR min(version) <> 1"
_BACKWARDS = """
SELECT bill_id, version FROM (
    SELECT bill_id, version, read_seq, lag(read_seq) OVER (PARTITION BY bill_id ORDER BY version) AS before
    FROM bill_change) AS c
WHERE read_seq < before
"""
_EMPTY = "SELECT bill_id, version FROM bill_change WHERE kind = 'UPDATED' AND cardinality(fields) = 0"
_TRACES = "SELECT source, bill_id, version, trace_id, published_at FROM bill_change WHERE version > 1"


async def difference(cast: Cast, congress: Congress) -> dict[str, list[str]]:
    """I1, I2, I5 as they stand now; empty when all is well."""
    connection = await asyncpg.connect(cast.database_url, timeout=5)
    try:
        seen, words = await snapshot(connection, 2**62), await texts(connection)
    finally:
        await connection.close()
    truth = congress.truth()
    found = {
        "I1": list(_wrong_set(congress, truth, seen)),
        "I2": list(_wrong_content(congress, truth, seen, words)),
        "I5": [
            f"{key} is poisoned and was not parked"
            for key in sorted(congress.poisoned)
            if not any(letter.tells_of(key) for letter in seen.letters)
        ],
    }
    return {name: wrong for name, wrong in found.items() if wrong}


def _wrong_set(congress: Congress, truth: dict[Key, Any], seen: Snapshot) -> Iterable[str]:
    expected = {(s, i) for s, years in congress.by_year.items() for ids in years.values() for i in ids}
    expected |= {move.key for move in congress.moves}
    for key in sorted(expected - congress.deleted - seen.bills.keys() - seen.parked):
        yield f"{key} is missing"
    for key in sorted(seen.bills.keys() - truth.keys()):
        yield f"{key} is invented"


def _wrong_content(
    congress: Congress, truth: dict[Key, Any], seen: Snapshot, words: dict[Key, tuple[str, str]]
) -> Iterable[str]:
    for key, (label, title) in sorted(words.items()):
        if key in congress.deleted or key not in truth:
            continue
        told = truth[key]["identifier"].removesuffix("/0"), folded(truth[key]["title"])
        if (label, title) != told:
            yield f"{key} is {(label, title)}, not {told}"
    for key in sorted({move.key for move in congress.moves} - congress.deleted):
        row = seen.bills.get(key)
        if row is not None and row.actions != congress.actions[key]:
            yield f"{key} has {row.actions} entries, not {congress.actions[key]}"


async def judge(cast: Cast, congress: Congress, trouble: Trouble, watch: Watch) -> None:
    """Everything else that is judged once, in the end; told to the watch."""
    for source, busiest in congress.busiest_seconds().items():
        if busiest > REQUESTS_PER_SECOND * SLACK:
            watch.broken("I9", f"{source} met {busiest} requests in a second, not {REQUESTS_PER_SECOND}")
    connection = await asyncpg.connect(cast.database_url, timeout=5)
    try:
        for row in await connection.fetch(_VERSIONS):
            watch.broken("I4", f"{row['bill_id']}: its versions are not 1, 2, 3 …")
        for row in await connection.fetch(_BACKWARDS):
            watch.broken("I3", f"{row['bill_id']}: version {row['version']} comes from an older reading")
        for row in await connection.fetch(_EMPTY):
            watch.broken("I11", f"{row['bill_id']}: version {row['version']} changes nothing")
        seen = await snapshot(connection, 0)
        changes = await connection.fetch(_TRACES)
    finally:
        await connection.close()
    _change_log(seen, watch)
    for letter in seen.letters:
        _letter(letter, seen, congress, trouble, watch)
    _traces(changes, cast, trouble, watch)


def _change_log(seen: Snapshot, watch: Watch) -> None:
    if seen.seqs != tuple(range(1, len(seen.seqs) + 1)):
        watch.broken("I4", "change numbers have gaps")
    missed = set(seen.seqs[: len(watch.followed)]) - set(watch.followed)
    if missed:
        watch.broken("I4", f"a reader of the change log never met {sorted(missed)[:5]}")


def _letter(letter: Letter, seen: Snapshot, congress: Congress, trouble: Trouble, watch: Watch) -> None:
    if any(letter.tells_of(key) for key in congress.poisoned):
        return
    if letter.stage == "decode" and letter.source == "unknown" and trouble.bad_messages:
        return
    if letter.error.startswith(SET_ASIDE) and trouble.upstream_faults and letter.key in seen.bills:
        return
    watch.broken("I5", f"{letter.source} {letter.key} is parked at {letter.stage}: {letter.error[:150]}")


def _traces(changes: list[Any], cast: Cast, trouble: Trouble, watch: Watch) -> None:
    """I12: the trace of an update has a reading of ours in it, or is that of a batch that links to one.

    Rows of lists and files share one trace and are filed under their batch.
    """
    spans = list(_spans(cast.trace_files()))
    read = {span["trace_id"] for name, span in spans if name.startswith("ingest-")}
    read |= {s["trace_id"] for _, s in spans if any(link["trace_id"] in read for link in s["links"])}
    for row in changes:
        at = row["published_at"].timestamp()
        if row["trace_id"] in read or time.time() - at < SPANS_LOST_SECONDS:
            continue
        names = (f"ingest-{row['source']}", "worker-1", "worker-2")
        if not any(-5 < hit - at < SPANS_LOST_SECONDS for name in names for hit in trouble.hits.get(name, ())):
            watch.broken("I12", f"{row['bill_id']} version {row['version']}: no reading in trace {row['trace_id']}")


def _spans(files: Iterable[Path]) -> Iterable[tuple[str, dict[str, Any]]]:
    for path in files:
        for line in path.read_bytes().splitlines():
            with suppress(orjson.JSONDecodeError):  # cut by a kill
                yield path.name, orjson.loads(line)
