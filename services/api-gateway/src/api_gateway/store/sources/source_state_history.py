"""History of state changes of the sources: when a source was unavailable, and why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from legis.domain.vocabulary import Source

from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.database.reader import Database
from api_gateway.store.sources.source_days import StateSince
from api_gateway.store.sources.source_state import Assessment, SourceState

ACQUIRE_SECONDS = 5.0
KEPT = 1000
"""State changes kept per source: with ten a day, more than three months."""

_REASON_KEPT = 1000
_LOCK = 7_305_004_001
"""Key of an advisory lock: several workers check the same sources, and only one may record a change."""

_LAST = "SELECT DISTINCT ON (source) source, to_state FROM source_state_change ORDER BY source, id DESC"
_LOCKED = "SELECT pg_advisory_xact_lock($1)"
_CHANGE = "INSERT INTO source_state_change (source, from_state, to_state, reason, at) VALUES ($1, $2, $3, $4, $5)"
_FORGET = """
DELETE FROM source_state_change WHERE source = $1 AND id < (
    SELECT id FROM source_state_change WHERE source = $1 ORDER BY id DESC OFFSET $2 LIMIT 1
)
"""
_HISTORY = """
SELECT id, from_state, to_state, reason, at FROM source_state_change
WHERE source = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""

_ALL = "SELECT source, to_state, at FROM source_state_change ORDER BY id"


async def record_assessments(pool: Pool, assessments: Mapping[Source, Assessment], at: datetime) -> None:
    """Records a change for each source whose state differs from the last one recorded. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            if not await _changed(connection, assessments):
                return
            async with connection.transaction():
                await connection.execute(_LOCKED, _LOCK)
                for source, before in (await _changed(connection, assessments)).items():
                    found = assessments[source]
                    reason = "; ".join(f"{one.code}: {one.detail}" for one in found.reasons)[:_REASON_KEPT]
                    await connection.execute(_CHANGE, source.value, before, found.state.value, reason, at)
                    await connection.execute(_FORGET, source.value, KEPT - 1)


async def load_history(database: Database, source: Source, *, before: int | None, limit: int) -> list[Any]:
    """At most `limit` changes of a source, newest first; with `before`, only those with a smaller id."""
    return await database.rows(_HISTORY, [source.value, before, limit])


async def load_histories(database: Database) -> dict[Source, list[StateSince]]:
    """Every recorded state of every source, oldest first: at most KEPT of each."""
    found: dict[Source, list[StateSince]] = {source: [] for source in Source}
    for row in await database.rows(_ALL, []):
        if row["source"] in list(Source):  # else one of a newer release
            found[Source(row["source"])].append(StateSince(SourceState(row["to_state"]), row["at"]))
    return found


async def _changed(connection: Connection, assessments: Mapping[Source, Assessment]) -> dict[Source, str | None]:
    """The sources whose state differs from the last one recorded, each with that last state."""
    last = {row["source"]: row["to_state"] for row in await connection.fetch(_LAST)}
    return {
        source: last.get(source.value)
        for source, found in assessments.items()
        if last.get(source.value) != found.state.value
    }
