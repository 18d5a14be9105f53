"""Records that their source has no more: missing in two of its lists, or twice answered with 404, a settle time apart.

What its source shows alone is asked for after two such lists, and only a 404 removes it: a meeting may have moved to
days that no list shows. Like bills they are never deleted, and return when they are read or listed again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from legis.domain.brasilia_time import day_start
from legis.domain.identity.source_registry import can_be_asked_for
from legis.domain.records.record import RecordKind
from legis.events import RecordGone, RecordsSighted
from legis.telemetry import logs

from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.record_state.apply_records import RecordState
from api_gateway.store.record_state.observed_record import RecordItem
from api_gateway.store.records.record_rows import lock_records
from api_gateway.store.records.row_values import execute_rows
from api_gateway.store.sources.refetch_requests import RefetchReason, request_refetch

ACQUIRE_SECONDS = 5.0
MISSES = 2
FEW = 5
"""Records of a list that may be missing at once, whatever their share."""

DOUBTFUL_SHARE = 0.1
"""A list that lacks more than a few, and a larger share of its records than this, is taken for truncated."""

_KEEP = """
INSERT INTO record_list_part (window_id, read_seq, part, parts, ids, received_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""
_TAKE = """
DELETE FROM record_list_part WHERE window_id = $1 AND read_seq = $2
  AND (SELECT count(*) FROM record_list_part WHERE window_id = $1 AND read_seq = $2) = $3
RETURNING ids
"""
_FORGET_PARTS = "DELETE FROM record_list_part WHERE received_at < now() - interval '2 days'"
_THERE = """
SELECT r.id, r.read_seq FROM {table} x JOIN record r ON r.id = x.id
WHERE x.{at} >= $1 AND x.{at} < $2 AND r.kind = $3 AND r.source = $4 AND starts_with(r.id, $5) AND r.removed_at IS NULL
ORDER BY r.id
"""
_BACK = "SELECT id FROM record WHERE id = ANY($1::text[]) AND removed_at IS NOT NULL AND read_seq < $2 ORDER BY id"
_MISSED = """
INSERT INTO record_miss AS m (record_id, misses, first_at, last_at, read_seq)
SELECT n.id, 1, $2, $2, $3 FROM unnest($1::text[]) AS n(id) JOIN record r ON r.id = n.id
WHERE r.removed_at IS NULL AND r.read_seq < $3 ORDER BY n.id
ON CONFLICT (record_id) DO UPDATE SET misses = m.misses + 1, last_at = excluded.last_at, read_seq = excluded.read_seq
WHERE m.read_seq < excluded.read_seq
RETURNING record_id, misses, first_at, last_at
"""
_SIGHTED = "DELETE FROM record_miss WHERE record_id = ANY($1::text[]) AND read_seq < $2"
_READ = """
DELETE FROM record_miss m USING unnest($1::text[], $2::bigint[]) AS n(id, read_seq)
WHERE m.record_id = n.id AND m.read_seq < n.read_seq
"""
_RECENT = """
SELECT (SELECT count(*) FROM bill_change WHERE changed_at > now() - interval '1 day' AND kind = 'REMOVED'
                                               AND source = $1 AND about = $2) AS recent,
       (SELECT count(*) FROM record_miss m JOIN record r ON r.id = m.record_id
        WHERE r.source = $1 AND r.kind = $2 AND r.removed_at IS NULL AND m.misses >= $3
          AND m.last_at - m.first_at >= $4::interval) AS due
"""
_SOME_KIND = "SELECT count(*) FROM record WHERE source = $1 AND kind = $2"
_TABLES = {RecordKind.EVENT: ("event", "start_at"), RecordKind.VOTE_EVENT: ("vote_event", "sort_at")}
_MOST_SHARE = 0.005

_log = logs.get_logger(__name__)


async def keep_parts(connection: Connection, lists: Sequence[RecordsSighted], received_at: datetime) -> None:
    """Stores parts of lists; the same part again changes nothing."""
    for one in lists:
        await connection.execute(
            _KEEP, one.window.window_id, one.read_seq, one.part, one.parts, list(one.ids), received_at
        )


async def drop_old_list_parts(pool: Pool) -> None:
    """Deletes parts of lists that were never complete. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_FORGET_PARTS)


async def forget_misses(connection: Connection, items: Sequence[RecordItem]) -> None:
    """Forgets the earlier misses of records that were read."""
    await execute_rows(connection, _READ, sorted((item.record.id, item.read_seq) for item in items))


class Sightings:
    """Compares lists with the store, and removes or revives records. `outcomes` are for the metrics, after commit."""

    def __init__(self, settle_seconds: float) -> None:
        self._settle = timedelta(seconds=settle_seconds)
        self.outcomes: Counter[tuple[str, str]] = Counter()

    async def apply(
        self,
        connection: Connection,
        lists: Sequence[RecordsSighted],
        absences: Sequence[RecordGone],
        states: dict[str, RecordState],
    ) -> None:
        """Acts on lists that have arrived whole and on 404 answers. Changed records are added to `states`."""
        whole: dict[tuple[str, int], RecordsSighted] = {(one.window.window_id, one.read_seq): one for one in lists}
        for (window_id, read_seq), one in sorted(whole.items()):
            parts = await connection.fetch(_TAKE, window_id, read_seq, one.parts)
            if parts:
                await self._compare(connection, one, {key for row in parts for key in row["ids"]}, states)
        for gone in sorted(absences, key=lambda one: one.read_seq):
            await self._miss(connection, gone, [gone.record_id], states)

    async def _compare(
        self, connection: Connection, one: RecordsSighted, ids: set[str], states: dict[str, RecordState]
    ) -> None:
        await connection.execute(_SIGHTED, sorted(ids), one.read_seq)
        back = [row["id"] for row in await connection.fetch(_BACK, sorted(ids), one.read_seq)]
        for state in (await _locked(connection, back, states)).values():
            state.revive(one.read_seq)
        table, column = _TABLES[one.record_kind]
        first, after = day_start(one.first), day_start(one.last + timedelta(1))
        sql = _THERE.format(table=table, at=column)
        stored = await connection.fetch(sql, first, after, one.record_kind.value, one.source.value, one.prefix)
        missing = [row["id"] for row in stored if row["id"] not in ids and row["read_seq"] < one.read_seq]
        if (not ids and missing) or len(missing) > max(FEW, DOUBTFUL_SHARE * len(stored)):
            self.outcomes[one.source.value, "list_doubted"] += 1
            _log.warning("record_list_doubted", source=one.source.value, kind=one.record_kind.value, url=one.url,
                         missing=len(missing), stored=len(stored))  # fmt: skip
            return
        await self._miss(connection, one, missing, states)

    async def _miss(
        self,
        connection: Connection,
        one: RecordsSighted | RecordGone,
        missing: Sequence[str],
        states: dict[str, RecordState],
    ) -> None:
        if not missing:
            return
        rows = await connection.fetch(_MISSED, list(missing), one.fetched_at.astimezone(UTC), one.read_seq)
        due = [row["record_id"] for row in rows if _is_due(row, self._settle)]
        self.outcomes[one.source.value, "not_due"] += len(missing) - len(due)
        if isinstance(one, RecordsSighted):
            due = await self._ask(connection, one, due)
        if not due:
            return
        if await self._refused(connection, one.source.value, one.record_kind.value):
            self.outcomes[one.source.value, "refused"] += len(due)
            return
        for state in (await _locked(connection, due, states)).values():
            self.outcomes[one.source.value, "removed"] += state.remove(one.read_seq)

    async def _ask(self, connection: Connection, one: RecordsSighted, due: Sequence[str]) -> list[str]:
        """Requests the records that the source shows alone. Returns the others, of which its lists are all there is."""
        source = one.source.value
        alone = [key for key in due if can_be_asked_for(source, key)]
        self.outcomes[source, "asked"] += len(alone)
        await request_refetch(connection, source, RefetchReason.MISSING, alone, one.read_seq)
        return [key for key in due if key not in set(alone)]

    async def _refused(self, connection: Connection, source: str, kind: str) -> bool:
        """Whether more would be removed within a day than a source removes: then none is."""
        row = await connection.fetchrow(_RECENT, source, kind, MISSES, self._settle)
        assert row is not None  # an aggregate always has one row
        together = row["recent"] + row["due"]
        if together <= FEW:
            return False
        most = int(await connection.fetchval(_SOME_KIND, source, kind) * _MOST_SHARE)
        if together <= most:
            return False
        _log.error("removals_refused", source=source, kind=kind, due=row["due"], within_a_day=row["recent"], most=most)
        return True


def _is_due(row: Any, settle: timedelta) -> bool:
    return bool(row["misses"] >= MISSES and row["last_at"] - row["first_at"] >= settle)


async def _locked(
    connection: Connection, ids: Sequence[str], states: dict[str, RecordState]
) -> Mapping[str, RecordState]:
    """The states of these records, from the batch where it has them."""
    unknown = [key for key in ids if key not in states]
    if unknown:
        states |= await lock_records(connection, unknown)
    return {key: states[key] for key in ids if states[key].stored}
