"""Requests unreadable records from their sources again, with growing waits."""

from datetime import timedelta

from legis.domain.identity.source_registry import BY_ID
from legis.telemetry.metrics import ASKED_AGAIN

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.sources.refetch_requests import RefetchReason

ACQUIRE_SECONDS = 5.0
LONGEST_WAIT = timedelta(days=1)
MAX_AT_ONCE = 50

# Doubled 17 times, a second is longer than a day, and a day is still an interval: a larger exponent overflows.
# Only records that the source can be asked for one by one. All others are read again with their list.
_DUE = """
WITH due AS (
    SELECT dead_letter.id FROM dead_letter
    JOIN unnest($5::text[], $6::text[]) AS known (known_source, record_id) ON source = known_source
    WHERE resolved_at IS NULL AND stage IN ('ingest', 'set_aside') AND upstream_id ~ ('^(?:' || record_id || ')$')
      AND COALESCE(asked_at, first_at) + LEAST($1::interval * power(2, LEAST(asks, 17)), $2::interval) <= now()
    ORDER BY COALESCE(asked_at, first_at) LIMIT $3 FOR UPDATE OF dead_letter SKIP LOCKED
), asked AS (
    UPDATE dead_letter d SET asks = d.asks + 1, asked_at = now() FROM due WHERE d.id = due.id
    RETURNING d.source, d.upstream_id
)
INSERT INTO source_question (source, upstream_id, reason, after_seq, asked_at)
SELECT DISTINCT source, upstream_id, $4, 0, now() FROM asked
ON CONFLICT (source, upstream_id) DO NOTHING RETURNING source
"""


async def request_due_records(pool: Pool, first_wait: timedelta) -> int:
    """Requests the records that are due: first after `first_wait`, then after twice as long each time, up to a day.

    Returns the number of new requests. Raises StoreUnavailable.
    """
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            rows = await connection.fetch(
                _DUE, first_wait, LONGEST_WAIT, MAX_AT_ONCE, RefetchReason.SET_ASIDE.value, list(BY_ID),
                [row.askable for row in BY_ID.values()],
            )  # fmt: skip
    for row in rows:
        ASKED_AGAIN.labels(row["source"]).inc()
    return len(rows)
