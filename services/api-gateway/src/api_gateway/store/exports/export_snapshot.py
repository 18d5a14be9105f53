"""One snapshot of the database for a whole export, read row by row through cursors of the server.

This is the one place that reads by psycopg: an export is written by synchronous code in a process of its own, and a
cursor of psycopg holds a few hundred rows at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from legis.domain.records.record import RecordKind
from legis.errors import StoreUnavailable

_LOCK_KEY = 5_270_261_998_134
"""Any number that no other lock of this database has."""

_ROWS_AT_ONCE = 500
_CONNECT_SECONDS = 5
_LIMITS = "SET LOCAL statement_timeout = '120s'; SET LOCAL idle_in_transaction_session_timeout = '120s'"

_HEAD = """
SELECT e.epoch::text, c.last_seq, clock_timestamp(), (SELECT count(*) FROM bill),
       (SELECT count(*) FROM bill_history WHERE field = 'actions')
FROM store_epoch e CROSS JOIN change_counter c
"""
_RECORDS = "SELECT kind, count(*) FROM record GROUP BY kind"
_BILLS = """
SELECT b.ordinal, b.id, b.document, l.links FROM bill b LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object(
        'id', o.id, 'source', o.source, 'identifier', o.identifier,
        'title', convert_from(o.summary, 'UTF8')::jsonb ->> 'title',
        'rule', c.rule, 'confidence', c.confidence, 'evidence', c.evidence
    ) ORDER BY c.confidence DESC, o.id) AS links
    FROM bill_counterpart c JOIN bill o ON o.id = c.counterpart_id WHERE c.bill_id = b.id
) AS l ON true ORDER BY b.ordinal
"""
_ACTIONS = """
SELECT b.ordinal, b.id, b.source, h.items FROM bill b
JOIN bill_history h ON h.bill_id = b.id AND h.field = 'actions' ORDER BY b.ordinal
"""
_KIND = "SELECT ordinal, id, document FROM record WHERE kind = %s ORDER BY ordinal"


class AlreadyBuilding(Exception):
    """Another process is building an export."""


@dataclass(frozen=True, slots=True)
class SnapshotHead:
    """What the snapshot is of: identity and last entry of the change log, its instant, and how many there are of bills,
    of bills with actions, and of records by kind.
    """

    epoch: str
    seq: int
    at: datetime
    bills: int
    bills_with_actions: int
    records: dict[str, int]


class ExportSnapshot:
    """The data at one moment. Rows come in the order of their ordinal, which never changes."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        row = connection.execute(_HEAD).fetchone()
        assert row is not None  # both tables have one row
        epoch, seq, at, bills, bills_with_actions = row
        records = dict(connection.execute(_RECORDS).fetchall())
        self.head = SnapshotHead(epoch, seq, at, bills, bills_with_actions, records)

    def bills(self) -> Iterator[tuple[int, str, bytes, list[dict[str, Any]] | None]]:
        """Ordinal, id, document and links of each bill, removed ones too."""
        return self._rows("bills", _BILLS)

    def actions(self) -> Iterator[tuple[int, str, str, list[str]]]:
        """Ordinal, id and source of each bill with actions, and these as JSON, oldest first."""
        return self._rows("actions", _ACTIONS)

    def records(self, kind: RecordKind) -> Iterator[tuple[int, str, bytes]]:
        """Ordinal, id and document of each record of a kind, removed ones too."""
        return self._rows("records", _KIND, kind.value)

    def _rows(self, name: str, sql: str, *values: str) -> Iterator[Any]:
        with _store_errors(), self._connection.cursor(f"export_{name}", binary=True) as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            cursor.execute(sql, values)
            yield from cursor


class ExportSession:
    """A session with the right to be the only builder, which ends with it. It needs a connection of its own, not one of
    a pooler that shares sessions.
    """

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection

    @contextmanager
    def snapshot(self) -> Iterator[ExportSnapshot]:
        """The data at this moment, for as long as the context lasts."""
        with _store_errors(), self._connection.transaction():
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            self._connection.execute(_LIMITS)
            yield ExportSnapshot(self._connection)


@contextmanager
def export_session(database_url: str) -> Iterator[ExportSession]:
    """Opens the session. Raises AlreadyBuilding, or StoreUnavailable."""
    with _store_errors():
        connection = psycopg.connect(
            database_url,
            autocommit=True,
            prepare_threshold=None,
            connect_timeout=_CONNECT_SECONDS,
            application_name="legis-export",
            target_session_attrs="primary" if "," in database_url else "any",
        )
    with connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK_KEY]).fetchone()
        if row is None or not row[0]:
            raise AlreadyBuilding
        yield ExportSession(connection)


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        raise StoreUnavailable(f"database: {type(error).__name__}") from error
