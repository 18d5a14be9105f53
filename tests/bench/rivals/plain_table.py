"""The same bills as plain columns, for rivals that render what they read: a table in PostgreSQL, a file of SQLite."""

import asyncio
import sqlite3
from pathlib import Path

import asyncpg

_COLUMNS = (
    "id", "source", "chamber", "type_code", "number", "year", "identifier", "title", "status", "status_text",
    "in_progress", "introduced_on", "last_action_at", "organization", "authors", "parties", "subjects", "url",
)  # fmt: skip
_MAKE = """
CREATE TABLE rival_bill AS
SELECT b.id, b.source, b.chamber, b.type_code, b.number, b.year, b.identifier, s.j ->> 'title' AS title, b.status,
       s.j ->> 'status_text' AS status_text, b.in_progress, b.introduced_on, b.last_action_at, b.organization,
       (SELECT string_agg(a, ', ') FROM jsonb_array_elements_text(s.j -> 'authors') AS a) AS authors,
       array_to_string(b.parties, ', ') AS parties,
       (SELECT string_agg(a, ', ') FROM jsonb_array_elements_text(s.j -> 'subjects') AS a) AS subjects,
       s.j ->> 'url' AS url
FROM bill b, LATERAL (SELECT convert_from(b.summary, 'UTF8')::jsonb AS j) AS s
"""
_INDEXES = (
    "ALTER TABLE rival_bill ADD PRIMARY KEY (id)",
    "CREATE INDEX ON rival_bill (last_action_at, id)",
    "CREATE INDEX ON rival_bill (type_code, last_action_at, id)",
    "CREATE INDEX ON rival_bill (year, last_action_at, id)",
    "ANALYZE rival_bill",
)
_NUMBERS = ("number", "year", "in_progress")
_SQLITE = (
    "CREATE TABLE bill ("
    + ", ".join(f"{name} {'INTEGER' if name in _NUMBERS else 'TEXT'}" for name in _COLUMNS)
    + ", PRIMARY KEY (id))"
)
_SQLITE_INDEXES = (
    "CREATE INDEX bill_last ON bill (last_action_at)",
    "CREATE INDEX bill_type ON bill (type_code, last_action_at)",
    "CREATE INDEX bill_year ON bill (year, last_action_at)",
    "CREATE INDEX bill_type_year ON bill (type_code, year, last_action_at)",
    # in double quotes: that is how Datasette looks for the search table of a table
    'CREATE VIRTUAL TABLE bill_fts USING fts5(identifier, title, authors, subjects, content="bill",'
    " tokenize='unicode61 remove_diacritics 2')",
    "INSERT INTO bill_fts(bill_fts) VALUES ('rebuild')",
    "ANALYZE",
)
_ROWS_AT_ONCE = 5000


def make_table(url: str) -> None:
    """Makes the PostgreSQL table unless it is there."""
    asyncio.run(_make_table(url))


async def _make_table(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("SELECT to_regclass('rival_bill') IS NULL"):
            async with connection.transaction():
                for statement in (_MAKE, *_INDEXES):
                    await connection.execute(statement)
    finally:
        await connection.close()


def make_sqlite(url: str, path: Path) -> None:
    """Makes the SQLite file from the PostgreSQL table unless it is there."""
    if path.exists():
        return
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    database = sqlite3.connect(half)
    try:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute(_SQLITE)
        asyncio.run(_copy(url, database))
        for statement in _SQLITE_INDEXES:
            database.execute(statement)
        database.commit()
    finally:
        database.close()
    half.rename(path)


async def _copy(url: str, database: sqlite3.Connection) -> None:
    connection = await asyncpg.connect(url)
    asked = ", ".join(f"{name}::text" if name.endswith(("_on", "_at")) else name for name in _COLUMNS)
    marks = ", ".join("?" for _ in _COLUMNS)
    try:
        async with connection.transaction():
            cursor = await connection.cursor(f"SELECT {asked} FROM rival_bill")
            while rows := await cursor.fetch(_ROWS_AT_ONCE):
                database.executemany(f"INSERT INTO bill VALUES ({marks})", [tuple(row) for row in rows])
    finally:
        await connection.close()
