"""Dead letters for the operator: list, show, resolve, and request the record again."""

from dataclasses import dataclass
from datetime import datetime

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.sources.refetch_requests import RefetchReason, request_refetch

ACQUIRE_SECONDS = 5.0
MAX_LISTED = 1000


@dataclass(frozen=True, slots=True)
class StoredDeadLetter:
    """A stored dead letter without its payload. `size` is the payload's length in bytes; `note` says how it was
    resolved or replayed.
    """

    id: int
    source: str
    stage: str
    upstream_id: str | None
    error: str
    url: str | None
    trace_id: str | None
    tries: int
    first_at: datetime
    last_at: datetime
    resolved_at: datetime | None
    note: str | None
    size: int


@dataclass(frozen=True, slots=True)
class DeadLetterQuery:
    """Which dead letters to list, newest first."""

    source: str | None = None
    stage: str | None = None
    limit: int = 100
    resolved_too: bool = False


_FIELDS = """id, source, stage, upstream_id, error, url, trace_id, tries, first_at, last_at, resolved_at, note,
             octet_length(payload) AS size"""
_LIST = f"""
SELECT {_FIELDS} FROM dead_letter
WHERE ($1::text IS NULL OR source = $1) AND ($2::text IS NULL OR stage = $2) AND ($4 OR resolved_at IS NULL)
ORDER BY last_at DESC, id DESC LIMIT $3
"""
_ONE = f"SELECT {_FIELDS}, payload FROM dead_letter WHERE id = $1"
_RESOLVE = "UPDATE dead_letter SET resolved_at = now(), note = $2 WHERE id = $1 AND resolved_at IS NULL RETURNING id"
_NOTE = "UPDATE dead_letter SET note = $2 WHERE id = $1"


async def list_dead_letters(pool: Pool, query: DeadLetterQuery) -> tuple[StoredDeadLetter, ...]:
    """The dead letters that match, at most `MAX_LISTED`. Raises StoreUnavailable."""
    limit = max(1, min(query.limit, MAX_LISTED))
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            rows = await connection.fetch(_LIST, query.source, query.stage, limit, query.resolved_too)
    return tuple(StoredDeadLetter(**dict(row)) for row in rows)


async def load_dead_letter(pool: Pool, letter_id: int) -> tuple[StoredDeadLetter, bytes] | None:
    """A dead letter and its original payload, or None. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            row = await connection.fetchrow(_ONE, letter_id)
    if row is None:
        return None
    fields = dict(row)
    return StoredDeadLetter(**{name: value for name, value in fields.items() if name != "payload"}), fields["payload"]


async def resolve_dead_letter(pool: Pool, letter_id: int, note: str) -> bool:
    """Marks a dead letter as resolved. False if there is no such open one. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return await connection.fetchval(_RESOLVE, letter_id, note) is not None


async def set_dead_letter_note(pool: Pool, letter_id: int, note: str) -> None:
    """Sets the note of a dead letter. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(_NOTE, letter_id, note)


async def request_record(pool: Pool, source: str, upstream_id: str) -> None:
    """Requests the record from its source; ingest reads it with its next incremental walk. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await request_refetch(connection, source, RefetchReason.REPLAY, [upstream_id])
