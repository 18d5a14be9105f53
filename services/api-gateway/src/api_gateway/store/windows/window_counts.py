"""Counts the stored items of each window, and moves the walk's checkpoint when a window is complete."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from legis.clock import instant_of
from legis.domain.brasilia_time import local_day
from legis.events import YEARLY_WALKS, Walk, WindowEnded, WindowRef

from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.sources.refetch_requests import delete_old_requests

ACQUIRE_SECONDS = 5.0

_ITEMS = """
INSERT INTO ingest_window_item (window_id, index)
SELECT DISTINCT n.window_id, n.index FROM unnest($1::text[], $2::integer[]) AS n(window_id, index)
ORDER BY n.window_id, n.index
ON CONFLICT DO NOTHING
"""

_SEEN = """
INSERT INTO ingest_window AS w (window_id, source, walk, lo, hi, items, max_read_seq, first_seen_at)
SELECT n.*, now()
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::integer[], $7::bigint[])
     AS n(window_id, source, walk, lo, hi, items, max_read_seq)
ORDER BY n.window_id
ON CONFLICT (window_id) DO UPDATE SET
    lo = COALESCE(excluded.lo, w.lo), hi = COALESCE(excluded.hi, w.hi), items = COALESCE(excluded.items, w.items),
    max_read_seq = GREATEST(w.max_read_seq, excluded.max_read_seq)
RETURNING window_id, source, walk, lo, hi, items, max_read_seq, first_seen_at, done_at
"""

# A separate statement after the row is locked, so that it sees what the previous holder of the lock committed.
_COUNT = "SELECT count(*) FROM ingest_window_item WHERE window_id = $1"
_DROP_ITEMS = "DELETE FROM ingest_window_item WHERE window_id = $1"
_DONE = "UPDATE ingest_window SET done_at = now() WHERE window_id = $1"

# The checkpoint moves only if no gap is left before the window. A backfill begins with the current year ($6). A window
# of an older year without a checkpoint comes from before a restore or loss of the database, and must not create one.
_MOVE = """
INSERT INTO source_cursor AS c (source, walk, position, max_read_seq, updated_at)
SELECT $1::text, $2::text, $4::bigint, $5::bigint, now()
WHERE $3::bigint <= $6::bigint OR EXISTS (SELECT FROM source_cursor WHERE source = $1 AND walk = $2)
ON CONFLICT (source, walk) DO UPDATE SET
    position = CASE WHEN c.position >= $3 THEN GREATEST(c.position, excluded.position) ELSE c.position END,
    max_read_seq = GREATEST(c.max_read_seq, excluded.max_read_seq),
    updated_at = CASE WHEN c.position >= $3 THEN excluded.updated_at ELSE c.updated_at END
"""

# A row that could not be had is known by the first day of its list. A later window that lists the same day ($3 is its
# first) and does not report the row again has read it: its own rows are reported after $2.
_LISTED = r"""
UPDATE dead_letter SET resolved_at = now(), note = 'a list with its day was read whole since'
WHERE source = $1 AND stage = 'set_aside' AND resolved_at IS NULL AND last_at < $2
  AND upstream_id ~ '^\d{4}-\d\d-\d\d$' AND upstream_id >= $3
"""

_OVERLAP = timedelta(days=2)
"""The nightly walks of both houses list more days than this before their end."""

_CLOCKS_AGREE = timedelta(hours=1)

_ABANDON = """
WITH old AS (
    DELETE FROM ingest_window
    WHERE (done_at IS NULL AND first_seen_at < now() - interval '1 day') OR done_at < now() - interval '7 days'
    RETURNING window_id
)
DELETE FROM ingest_window_item WHERE window_id IN (SELECT window_id FROM old)
"""


@dataclass(frozen=True, slots=True)
class TouchedWindow:
    """What a batch contains of a window: items with this greatest read sequence, and its end if it has arrived."""

    source: str
    walk: Walk
    max_read_seq: int | None = None
    end: WindowEnded | None = None


async def insert_items(connection: Connection, references: Iterable[WindowRef]) -> None:
    """Records items of windows as handled, inside the transaction that handles them."""
    pairs = [(reference.window_id, reference.index) for reference in references]
    if pairs:
        await connection.execute(_ITEMS, [pair[0] for pair in pairs], [pair[1] for pair in pairs])


async def touch(connection: Connection, touched: Mapping[str, TouchedWindow]) -> frozenset[str]:
    """Stores the greatest read sequence of each window, inside the transaction that stores its bills. Returns the ids
    of the windows whose end was stored before.

    Ingest assigns read sequences above the greatest stored one. If it were stored after the bill, a worker that dies in
    between would leave a bill whose next reading could look older than the stored one (if the clock of ingest was set
    back).

    A window without an end need not be closed by this transaction: the worker that stores its end waits for the row
    lock taken here, and then counts the items of this transaction too. To be called late in the transaction, since
    others wait from here on.
    """
    if not touched:
        return frozenset()
    noted = {key: TouchedWindow(window.source, window.walk, window.max_read_seq) for key, window in touched.items()}
    rows = await connection.fetch(_SEEN, *_arguments(noted))
    return frozenset(row["window_id"] for row in rows if row["items"] is not None)


async def close_windows(pool: Pool, touched: Mapping[str, TouchedWindow]) -> bool:
    """Closes the windows that are complete. Returns whether a checkpoint may have moved.

    To be called after the transaction that stored the items is committed; it uses its own transaction. Raises
    StoreUnavailable.
    """
    if not touched:
        return False
    moved = False
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection, connection.transaction():
            rows = await connection.fetch(_SEEN, *_arguments(touched))
            for row in rows:
                moved = await _close(connection, row) or moved
    return moved


async def abandon_old(pool: Pool) -> None:
    """Deletes windows whose end did not come within a day (they were read again under another id), and finished ones
    after a week. Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_ABANDON)
            await delete_old_requests(connection)


async def _close(connection: Connection, row: Any) -> bool:
    window_id = row["window_id"]
    if row["items"] is None:
        return False
    if row["done_at"] is not None:  # delivered again after it was done
        await connection.execute(_DROP_ITEMS, window_id)
        return False
    if row["items"] and await connection.fetchval(_COUNT, window_id) < row["items"]:
        return False
    first = _first_position(row["walk"], row["first_seen_at"])
    read_seq = row["max_read_seq"] or 0
    await connection.execute(_MOVE, row["source"], row["walk"], row["lo"], row["hi"], read_seq, first)
    await connection.execute(_DONE, window_id)
    await connection.execute(_DROP_ITEMS, window_id)
    if (listed := _listed(row["walk"], row["lo"], row["hi"])) is not None:
        first_day, before = listed
        await connection.execute(_LISTED, row["source"], before, first_day.isoformat())
    return True


def _listed(walk: str, lo: int, hi: int) -> tuple[date, datetime] | None:
    """The first day of the list that a window has read for sure, and an instant before it was read by any clock; None
    for walks that read no list of days.
    """
    match walk:
        case Walk.INCREMENTAL:  # begins at the end of the window before
            return local_day(instant_of(lo)), instant_of(lo)
        case Walk.OVERLAP:
            return local_day(instant_of(hi) - _OVERLAP), instant_of(hi) - _CLOCKS_AGREE
    return None


def _first_position(walk: str, seen_at: datetime) -> int:
    """The greatest `lo` that may create a walk's first checkpoint."""
    return -seen_at.year if walk in YEARLY_WALKS else 2**62


def _arguments(touched: Mapping[str, TouchedWindow]) -> Sequence[list[Any]]:
    rows = []
    for window_id, window in sorted(touched.items()):
        end = window.end
        known = (end.lo, end.hi, end.items) if end else (None, None, None)
        greatest = max((seq for seq in (window.max_read_seq, end.max_read_seq if end else None) if seq), default=None)
        rows.append((window_id, window.source, window.walk.value, *known, greatest))
    return [list(column) for column in zip(*rows, strict=True)]
