"""Values that several tables of records have in common, and how rows are passed to a statement."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from legis.domain.brasilia_time import day_start

from api_gateway.store.database.connections import Connection

NEVER = datetime(1000, 1, 1, tzinfo=UTC)
"""Stored for an unknown time; older than any record."""


def sort_instant(at: datetime | None, day: date | None) -> datetime:
    """The instant by which a record is sorted: its own, else the beginning of its day in Brasília, else `NEVER`."""
    if at is not None:
        return at
    try:
        return day_start(day) if day else NEVER
    except (ValueError, OverflowError):  # the calendar's first and last days have no midnight in UTC
        return NEVER


async def execute_rows(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Runs a statement once, with one array for each column; not at all where there are no rows."""
    if rows:
        await connection.execute(statement, *(list(column) for column in zip(*rows, strict=True)))


async def fetch_rows(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
    """Like `execute_rows`, with the result."""
    return await connection.fetch(statement, *(list(column) for column in zip(*rows, strict=True))) if rows else ()
