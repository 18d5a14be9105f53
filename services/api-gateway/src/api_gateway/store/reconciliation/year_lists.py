"""Collects the parts of a year's list until its window is complete, then compares the list with the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from legis.domain.brasilia_time import local_day
from legis.events import YearSighted
from legis.telemetry import logs
from legis.telemetry.metrics import RECONCILE_COMPARED, RECONCILE_LAST, RECONCILE_MISMATCH, REMOVALS

from api_gateway.store.database.connections import Connection, Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.reconciliation import year_list_sql as sql
from api_gateway.store.reconciliation.removal_rule import MAX_WITHOUT_SHARE, RemovalRule, allowance
from api_gateway.store.sources.refetch_requests import RefetchReason, request_refetch

_log = logs.get_logger(__name__)

ACQUIRE_SECONDS = 5.0
YEARS_AT_ONCE = 20
MAX_REQUESTS = 500
"""Unknown records of one list that are requested; the others wait for the next list."""

DOUBTFUL_SHARE = 0.1
"""A list that lacks a larger share of its bills than this is taken for truncated."""


@dataclass(frozen=True, slots=True)
class YearList:
    """A year's list, assembled from its parts."""

    source: str
    year: int
    read_seq: int
    fetched_at: datetime
    selective: bool
    upstream_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class YearComparison:
    """The result for one list. `outcome`: `compared`, `doubted` (it lacks too much), `empty`, `incomplete`, or `older`
    than one before it.
    """

    source: str
    year: int
    outcome: str
    missing_here: int = 0
    missing_there: int = 0


async def store_parts(connection: Connection, parts: Sequence[YearSighted], received_at: datetime) -> None:
    """Stores parts of lists; the same part again changes nothing."""
    for part in parts:
        await connection.execute(
            sql.KEEP, part.window.window_id, part.source.value, part.year, part.part, part.parts, part.read_seq,
            part.fetched_at, part.selective, list(part.upstream_ids), received_at,
        )  # fmt: skip


async def drop_old_parts(pool: Pool) -> None:
    """Deletes parts whose list was not complete within two days. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            await connection.execute(sql.FORGET_PARTS)


async def compare_lists(pool: Pool, rule: RemovalRule) -> tuple[YearComparison, ...]:
    """Compares the lists whose windows are complete, each in its own transaction. Raises StoreUnavailable."""
    made: list[YearComparison] = []
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            for row in await connection.fetch(sql.READY, YEARS_AT_ONCE):
                async with connection.transaction():
                    result = await _compare(connection, row["window_id"], row["year"], rule)
                if result is not None:
                    made.append(result)
                    RECONCILE_COMPARED.labels(result.source, result.outcome).inc()
    return tuple(made)


async def _compare(connection: Connection, window_id: str, year: int, rule: RemovalRule) -> YearComparison | None:
    rows = await connection.fetch(sql.TAKE, window_id, year)
    if not rows:  # another worker has them
        return None
    first = rows[0]
    ids = tuple(dict.fromkeys(upstream_id for row in rows for upstream_id in row["upstream_ids"]))
    found = YearList(first["source"], year, first["read_seq"], first["fetched_at"], first["selective"], ids)
    if len(rows) < first["parts"]:
        return YearComparison(found.source, year, "incomplete")
    before = await connection.fetchval(sql.BEFORE, found.source, year)
    if before is not None and before >= found.read_seq:
        return YearComparison(found.source, year, "older")
    if not ids:
        _log.warning("empty_list_proves_nothing", source=found.source, year=year)
        return YearComparison(found.source, year, "empty")
    return await _compare_with_store(connection, found, rule)


async def _compare_with_store(connection: Connection, found: YearList, rule: RemovalRule) -> YearComparison:
    lacking = [row["bill_id"] for row in await connection.fetch(sql.LACKING, *_key(found), found.read_seq)]
    known = await connection.fetchval(sql.KNOWN, found.source, found.year)
    await connection.execute(sql.SIGHTED, *_key(found))
    await connection.execute(sql.WITHDRAW, found.source, list(found.upstream_ids))
    returned = await connection.fetch(sql.RETURNED, found.source, list(found.upstream_ids))
    await request_refetch(connection, found.source, RefetchReason.RETURNED, [row["upstream_id"] for row in returned])
    here = 0 if found.selective else await _unknown(connection, found)
    if len(lacking) > max(MAX_WITHOUT_SHARE, known * DOUBTFUL_SHARE):
        _log.error("list_doubted", source=found.source, year=found.year, lacking=len(lacking), known=known)
        return YearComparison(found.source, found.year, "doubted", here)
    day = local_day(found.fetched_at)
    await connection.execute(sql.MISSED, lacking, day, found.read_seq, rule.days == 0)
    await connection.execute(
        sql.COMPARED, found.source, found.year, found.read_seq, found.fetched_at, len(found.upstream_ids), here,
        len(lacking),
    )  # fmt: skip
    RECONCILE_MISMATCH.labels(found.source, "missing_there").inc(len(lacking))
    RECONCILE_LAST.labels(found.source).set(found.fetched_at.timestamp())
    await _ask_for_suspects(connection, found, rule)
    return YearComparison(found.source, found.year, "compared", here, len(lacking))


async def _unknown(connection: Connection, found: YearList) -> int:
    """Requests records that the list has and the store lacks although the list's window is stored, and counts them.
    Normally none.
    """
    rows = await connection.fetch(sql.UNKNOWN, found.source, list(found.upstream_ids))
    unknown = [row["upstream_id"] for row in rows]
    if unknown:
        _log.warning(
            "listed_but_not_stored", source=found.source, year=found.year, count=len(unknown), some=unknown[:5]
        )
        RECONCILE_MISMATCH.labels(found.source, "missing_here").inc(len(unknown))
        await request_refetch(connection, found.source, RefetchReason.NOT_STORED, unknown[:MAX_REQUESTS])
    return len(unknown)


async def _ask_for_suspects(connection: Connection, found: YearList, rule: RemovalRule) -> None:
    rows = await connection.fetch(sql.SUSPECTS, found.source, rule.misses, rule.least_span)
    if not rows:
        return
    if (await allowance(connection, found.source, rule)).exceeded:
        REMOVALS.labels(found.source, "refused").inc(len(rows))
        return
    await request_refetch(
        connection, found.source, RefetchReason.MISSING, [row["upstream_id"] for row in rows], found.read_seq
    )


def _key(found: YearList) -> tuple[str, int, list[str]]:
    return found.source, found.year, list(found.upstream_ids)
