"""Refetch requests: records to be read again from their source. Each is kept until a reading of it is stored."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from legis.domain.vocabulary import ReadingPart, Source
from legis.events import BillObserved
from legis.telemetry.metrics import QUESTIONS_OPEN

from api_gateway.store.bill_state.write_items import DeadLetter, ObservedItem
from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors

ACQUIRE_SECONDS = 5.0
MAX_PUBLISHED = 1000
"""Requests of one source that are published to ingest at once, the oldest first."""


class RefetchReason(StrEnum):
    """Why a record is requested."""

    MISSING = "missing"
    RETURNED = "returned"
    NOT_STORED = "not_stored"
    REPLAY = "replay"
    SET_ASIDE = "set_aside"
    IN_DOUBT = "in_doubt"


_ASK = """
INSERT INTO source_question (source, upstream_id, reason, after_seq, asked_at)
SELECT $1, n.upstream_id, $2, $4, now() FROM unnest($3::text[]) AS n(upstream_id)
ON CONFLICT (source, upstream_id) DO NOTHING
"""

# A stored reading completes older requests, proves that the bill exists, and resolves its dead letters. A record that
# was set aside is resolved only by a reading of its details: a row of a list does not contain what could not be read.
_ANSWERED = """
WITH n AS MATERIALIZED (
    SELECT *
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::boolean[], $7::boolean[])
        AS n(bill_id, source, upstream_id, read_seq, published_at, settles, whole)
), answered AS (
    DELETE FROM source_question q USING n
    WHERE q.source = n.source AND q.upstream_id = n.upstream_id AND q.after_seq < n.read_seq
), there AS (
    UPDATE bill_sighting s SET misses = 0, first_missed_on = NULL, last_missed_on = NULL, missed_seq = NULL
    FROM n WHERE s.bill_id = n.bill_id AND s.misses > 0 AND s.missed_seq < n.read_seq
)
UPDATE dead_letter d SET resolved_at = now(), note = 'a later reading of the record was stored'
FROM n WHERE n.settles AND d.resolved_at IS NULL AND d.source = n.source AND d.upstream_id = n.upstream_id
         AND d.last_at < n.published_at AND (n.whole OR d.stage <> 'set_aside')
"""
_RECORDS_ANSWERED = """
DELETE FROM source_question q USING unnest($1::text[], $2::text[], $3::bigint[]) AS n(source, record_id, read_seq)
WHERE q.source = n.source AND q.upstream_id = n.record_id AND q.after_seq < n.read_seq
"""
_REJECTED = """
DELETE FROM source_question q USING unnest($1::text[], $2::text[]) AS n(source, upstream_id)
WHERE q.source = n.source AND q.upstream_id = n.upstream_id AND q.reason <> 'missing'
"""
_LOAD = """
SELECT source, upstream_id FROM (
    SELECT source, upstream_id, row_number() OVER (PARTITION BY source ORDER BY asked_at, upstream_id) AS place
    FROM source_question
) AS q WHERE place <= $1
"""
_COUNT = "SELECT source, reason, count(*) AS n FROM source_question GROUP BY source, reason"
_FORGET = "DELETE FROM source_question WHERE asked_at < now() - interval '30 days'"


async def request_refetch(
    connection: Connection, source: str, reason: RefetchReason, upstream_ids: Sequence[str], after_seq: int = 0
) -> None:
    """Adds requests. A record that is already requested keeps its row."""
    if upstream_ids:
        await connection.execute(_ASK, source, reason.value, sorted(set(upstream_ids)), after_seq)


async def complete_requests(connection: Connection, items: Iterable[ObservedItem], settling: Iterable[bool]) -> None:
    """Deletes the requests that these readings complete and resets the misses of their bills. Readings that are
    settling also resolve open dead letters of the same record. One statement.
    """
    rows = [
        (*_names(e), e.read_seq, e.published_at, settles, e.part is ReadingPart.DETAIL)
        for e, settles in ((item.event, settles) for item, settles in zip(items, settling, strict=True))
    ]
    if rows:
        await connection.execute(_ANSWERED, *(list(column) for column in zip(*rows, strict=True)))


async def complete_record_requests(connection: Connection, answers: Sequence[tuple[str, str, int]]) -> None:
    """Deletes the requests of records that were read again, or that the source has no more: source, id of ours, and the
    sequence of the reading.
    """
    if answers:
        await connection.execute(_RECORDS_ANSWERED, *(list(column) for column in zip(*answers, strict=True)))


def _names(event: BillObserved) -> tuple[str, str, str]:
    return event.bill.id, event.source.value, event.bill.upstream_id


async def drop_rejected(connection: Connection, letters: Iterable[DeadLetter]) -> None:
    """Deletes the requests whose answer could not be read: the dead letter replaces them."""
    # An unreadable payload may contain any id. Ids of requests are always printable ASCII.
    rows = [(x.source, x.upstream_id) for x in letters if x.upstream_id and x.upstream_id.isascii()]
    rows = [row for row in rows if row[1] and row[1].isprintable()]
    if rows:
        await connection.execute(_REJECTED, [row[0] for row in rows], [row[1] for row in rows])


async def load_refetch_requests(pool: Pool) -> Mapping[Source, Sequence[str]]:
    """The open requests of every source, including sources without any. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            rows = await connection.fetch(_LOAD, MAX_PUBLISHED)
    found: dict[Source, list[str]] = {source: [] for source in Source}
    for row in rows:
        if row["source"] in list(Source):
            found[Source(row["source"])].append(row["upstream_id"])
    return found


async def count_refetch_requests(connection: Connection) -> None:
    """Sets the gauge of open requests."""
    found = {(row["source"], row["reason"]): row["n"] for row in await connection.fetch(_COUNT)}
    for source in Source:
        for reason in RefetchReason:
            QUESTIONS_OPEN.labels(source.value, reason.value).set(found.get((source.value, reason.value), 0))


async def delete_old_requests(connection: Connection) -> None:
    """Deletes requests that were not completed within a month. If the reason still holds, they are made again."""
    await connection.execute(_FORGET)
