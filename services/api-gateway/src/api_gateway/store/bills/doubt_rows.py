"""Stores list doubts, and the recent readings of each list of each source, by which an outage is recognised."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from legis.domain.identity.source_registry import BY_ID
from legis.telemetry import logs
from legis.telemetry.metrics import LIST_DOUBTS, LIST_OUTAGE, LISTS_IN_DOUBT

from api_gateway.store.bill_state.list_doubts import FEW_DOUBTS, RECENT_TIMES, Doubt, ListHealth
from api_gateway.store.bill_state.list_entries import ENTRY_KEYS
from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.record_state.record_fields import ENTRY_KEYS as RECORD_LISTS
from api_gateway.store.record_state.record_lists import EMPTY, list_of
from api_gateway.store.sources.refetch_requests import RefetchReason


class Doubting(Protocol):
    """A bill or another record whose lists were compared: `lists` is a `ListState` or has the same attributes."""

    bill_id: str
    lists: Any

    @property
    def source_name(self) -> str:
        """The source of the record."""
        ...

    @property
    def upstream_id(self) -> str:
        """The key by which the source is asked for it."""
        ...


ACQUIRE_SECONDS = 5.0
ASKED_AT_ONCE = 200
WITNESSES = FEW_DOUBTS + 1
"""Bills of a source that returned a list complete most recently. They are requested again if no other bill shows
whether the list is out. If it is, they become doubtful themselves, and are more than `FEW_DOUBTS`.
"""

LONGEST_WAIT = 4096
"""Longest wait between requests of a doubtful bill, in settle times: a month if one is ten minutes. The first request
comes after half a settle time, so that other bills are read around the same time; then after 1, 2, 4, … settle times,
since outages last from hours to years.
"""

_LOAD = "SELECT * FROM list_doubt WHERE bill_id = ANY($1::text[])"

# `whole_before` includes the readings of this batch, which are counted only later: they may be older than the doubt.
_PUT = """
INSERT INTO list_doubt AS d (bill_id, field, source, upstream_id, part, missing, first_at, last_at, readings, read_seq,
                             whole_before, asks, due_at)
SELECT n.bill_id, n.field, n.source, n.upstream_id, n.part, n.missing, n.first_at, n.last_at, n.readings, n.read_seq,
       n.whole + coalesce((SELECT r.whole FROM list_reading r WHERE r.source = n.source AND r.field = n.field), 0), 0,
       now() + make_interval(secs => $12::float8 / 2)
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
            $8::timestamptz[], $9::integer[], $10::bigint[], $11::bigint[])
     AS n(bill_id, field, source, upstream_id, part, missing, first_at, last_at, readings, read_seq, whole)
ON CONFLICT (bill_id, field) DO UPDATE SET
    part = excluded.part, missing = excluded.missing, first_at = excluded.first_at, last_at = excluded.last_at,
    readings = excluded.readings, read_seq = excluded.read_seq,
    whole_before = CASE WHEN excluded.readings = 1 THEN excluded.whole_before ELSE d.whole_before END,
    asks = CASE WHEN excluded.readings = 1 THEN 0 ELSE d.asks END,
    due_at = CASE WHEN excluded.readings = 1 THEN excluded.due_at ELSE d.due_at END
"""
_END = """
DELETE FROM list_doubt d USING unnest($1::text[], $2::text[]) AS n(bill_id, field)
WHERE d.bill_id = n.bill_id AND d.field = n.field
"""
_SHOWN = f"""
INSERT INTO list_reading AS r (source, field, whole, last_at, many_at, witnesses)
SELECT n.source, n.field, n.whole, n.last_at, n.many_at, string_to_array(n.witnesses, ',')
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::text[])
     AS n(source, field, whole, last_at, many_at, witnesses)
ON CONFLICT (source, field) DO UPDATE SET
    whole = r.whole + excluded.whole, last_at = greatest(r.last_at, excluded.last_at),
    many_at = greatest(r.many_at, excluded.many_at),
    witnesses = (excluded.witnesses || ARRAY(
        SELECT w FROM unnest(r.witnesses) WITH ORDINALITY AS k(w, place) WHERE w <> ALL (excluded.witnesses)
        ORDER BY place))[1:{WITNESSES}]
"""
_HEALTH = """
SELECT d.source, d.field, count(*) AS open, count(*) FILTER (WHERE d.first_at > now() - $1::interval) AS recent,
       coalesce(max(r.whole), 0) - coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY d.whole_before)
           FILTER (WHERE d.first_at > now() - $1::interval), 0) AS whole, r.last_at AS last_whole_at,
       r.many_at AS last_many_at, coalesce(r.witnesses, '{}') AS witnesses
FROM list_doubt d LEFT JOIN list_reading r ON r.source = d.source AND r.field = d.field
GROUP BY d.source, d.field, r.last_at, r.many_at, r.witnesses
"""

# Requests the doubtful bills and records that are due and that the source can be asked for. If no other list was read
# complete around the same time, also requests those that returned theirs last.
_ASK = """
WITH known AS (
    SELECT known_source, askable FROM unnest($5::text[], $6::text[]) AS k(known_source, askable)
), due AS (
    UPDATE list_doubt d
    SET asks = d.asks + 1,
        due_at = now() + make_interval(secs => $1::float8 * least(power(2, least(d.asks, 30)), $4::float8))
    WHERE (d.bill_id, d.field) IN (
        SELECT o.bill_id, o.field FROM list_doubt o
        JOIN known ON known_source = o.source AND o.upstream_id ~ ('^' || askable || '$')
        LEFT JOIN bill b ON b.id = o.bill_id
        LEFT JOIN record r ON r.id = o.bill_id
        WHERE o.due_at <= now() AND coalesce(b.id, r.id) IS NOT NULL AND coalesce(b.removed_at, r.removed_at) IS NULL
        ORDER BY o.due_at, o.bill_id, o.field LIMIT $3::bigint FOR UPDATE OF o SKIP LOCKED)
    RETURNING d.source, d.field, d.upstream_id, d.read_seq, d.first_at, d.last_at
), asked AS (
    SELECT source, upstream_id, max(after_seq) AS after_seq FROM (
        SELECT source, upstream_id, read_seq AS after_seq FROM due
        UNION ALL
        SELECT due.source, w.upstream_id, 0 FROM due
        JOIN list_reading r ON r.source = due.source AND r.field = due.field
             AND coalesce(r.many_at, r.last_at) < make_interval(secs => $1::float8 / 2)
                 + greatest(due.first_at, due.last_at - make_interval(secs => $1::float8))
        JOIN known ON known_source = due.source
        CROSS JOIN LATERAL unnest(r.witnesses) AS w(upstream_id)
        WHERE w.upstream_id ~ ('^' || askable || '$')
    ) AS u GROUP BY source, upstream_id
)
INSERT INTO source_question (source, upstream_id, reason, after_seq, asked_at)
SELECT source, upstream_id, $2::text, after_seq, now() FROM asked ORDER BY source, upstream_id
ON CONFLICT (source, upstream_id) DO NOTHING
"""
_log = logs.get_logger(__name__)


async def load_doubts(connection: Connection, ids: Sequence[str]) -> dict[str, list[Doubt]]:
    """The open doubts of these bills, whose rows are locked. One statement; none if `ids` is empty."""
    found: dict[str, list[Doubt]] = {}
    for row in await connection.fetch(_LOAD, list(ids)) if ids else ():
        doubt = Doubt(
            row["field"], row["part"], row["missing"], row["first_at"], row["last_at"], row["readings"], row["read_seq"]
        )
        found.setdefault(row["bill_id"], []).append(doubt)
    return found


async def load_health(connection: Connection, settle_seconds: float) -> dict[tuple[str, str], ListHealth]:
    """Recent readings of every doubtful list, by source and field."""
    return {
        (row["source"], row["field"]): ListHealth(
            row["open"],
            row["recent"],
            row["whole"],
            row["last_whole_at"],
            row["last_many_at"],
            tuple(row["witnesses"]),
        )
        for row in await connection.fetch(_HEALTH, timedelta(seconds=RECENT_TIMES * settle_seconds))
    }


async def write_doubts(connection: Connection, states: Iterable[Doubting], settle_seconds: float) -> None:
    """Stores the doubts that a batch began, continued or ended.

    To be called before the refetch requests of these bills are deleted: `request_doubted` locks the two tables in
    the same order.
    """
    applied = [state for state in states if state.lists.applied]
    open_now = [(state, doubt) for state in applied for doubt in _begun_or_continued(state)]
    if open_now:
        counts = Counter({(source, name): count for source, name, count, *_ in _complete_counts(applied)})
        rows = [_row(state, doubt, counts) for state, doubt in open_now]
        await connection.execute(_PUT, *(list(column) for column in zip(*rows, strict=True)), float(settle_seconds))
    ended = [(s.bill_id, name) for s in applied for name in sorted(s.lists.before.keys() - s.lists.doubts.keys())]
    if ended:
        await connection.execute(_END, [bill_id for bill_id, _ in ended], [name for _, name in ended])
    _report(applied)


async def count_complete(connection: Connection, states: Iterable[Doubting]) -> None:
    """Counts the lists that a batch returned complete. All batches update the same rows, so this is one of the last
    steps.
    """
    if complete := _complete_counts([state for state in states if state.lists.applied]):
        await connection.execute(_SHOWN, *(list(column) for column in zip(*complete, strict=True)))


async def request_doubted(pool: Pool, settle_seconds: float) -> None:
    """Requests doubtful bills and records that are due from their sources. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(
                _ASK, float(settle_seconds), RefetchReason.IN_DOUBT.value, ASKED_AT_ONCE, float(LONGEST_WAIT),
                list(BY_ID), [row.askable for row in BY_ID.values()],
            )  # fmt: skip


async def count_doubts(connection: Connection, sources: Iterable[str], settle_seconds: float) -> None:
    """Sets the gauges of doubtful lists and of list outages: of bills, and of records by the name of the list."""
    found = await load_health(connection, settle_seconds)
    for source in sources:
        for name in ENTRY_KEYS:
            health = found.get((source, name), ListHealth())
            LISTS_IN_DOUBT.labels(source, name).set(health.open)
            LIST_OUTAGE.labels(source, name).set(int(health.is_out))
        for name in RECORD_LISTS:
            mine = {field: health for (of, field), health in found.items() if of == source and list_of(field) == name}
            LISTS_IN_DOUBT.labels(source, name).set(sum(health.open for health in mine.values()))
            out = any(health.is_out for field, health in mine.items() if field.endswith(EMPTY))
            LIST_OUTAGE.labels(source, name).set(int(out))


def _begun_or_continued(state: Doubting) -> list[Doubt]:
    before = state.lists.before
    return [doubt for name, doubt in sorted(state.lists.doubts.items()) if before.get(name) != doubt]


def _row(state: Doubting, doubt: Doubt, complete: Mapping[tuple[str, str], int]) -> tuple[Any, ...]:
    return (
        state.bill_id, doubt.field, state.source_name, state.upstream_id, doubt.part, doubt.missing, doubt.first_at,
        doubt.last_at, doubt.readings, doubt.read_seq, complete[state.source_name, doubt.field],
    )  # fmt: skip


CompleteCount = tuple[str, str, int, datetime, datetime | None, str]


def _complete_counts(states: Iterable[Doubting]) -> list[CompleteCount]:
    """Per source and list: how many readings of the batch returned it complete, the times of the last one and of the
    last one with several entries, and their bills.
    """
    seen: dict[tuple[str, str], list[tuple[datetime, int, str]]] = {}
    for state in states:
        for compared in state.lists.applied:
            for name, entries in compared.whole.items():
                seen.setdefault((state.source_name, name), []).append((compared.seen_at, entries, state.upstream_id))
    return [_row_of(*key, found) for key, found in sorted(seen.items())]


def _row_of(source: str, name: str, found: Sequence[tuple[datetime, int, str]]) -> CompleteCount:
    many = [at for at, entries, _ in found if entries > 1]
    whose = list(dict.fromkeys(upstream_id for _, _, upstream_id in found))[-WITNESSES:]
    return source, name, len(found), max(at for at, _, _ in found), max(many, default=None), ",".join(whose)


def _report(states: Iterable[Doubting]) -> None:
    counts: Counter[tuple[str, str, str]] = Counter()
    for state in states:
        source, lists = state.source_name, state.lists
        accepted = {name for compared in lists.applied for name in compared.accepted}
        for name in lists.doubts.keys() - lists.before.keys():
            counts[source, name, "begun"] += 1
        for name in lists.before.keys() - lists.doubts.keys():
            counts[source, name, "accepted" if name in accepted else "came_back"] += 1
        for name in {name for compared in lists.applied for name in compared.refused}:
            counts[source, name, "refused"] += 1
    for (source, name, outcome), number in sorted(counts.items()):
        LIST_DOUBTS.labels(source, name, outcome).inc(number)
        report = _log.warning if outcome == "refused" else _log.info
        report("list_doubts", source=source, list=name, outcome=outcome, bills=number)
