"""What our side holds, read straight from PostgreSQL so that no part under test can colour it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
from congress import Key

_BILLS = """
SELECT b.source, b.upstream_id, b.version, b.read_seq,
       (SELECT count(*) FROM unnest(h.items) AS item
        WHERE b.source = 'camara' OR item::jsonb->>'kind_code' = 'INFORME') AS actions
FROM bill b LEFT JOIN bill_history h ON h.bill_id = b.id AND h.field = 'actions'
"""
_TEXTS = "SELECT source, upstream_id, identifier, summary FROM bill WHERE removed_at IS NULL"
_LETTERS = "SELECT source, upstream_id, stage, error, payload FROM dead_letter WHERE resolved_at IS NULL"


@dataclass(frozen=True, slots=True)
class Row:
    """One stored bill. `actions` is 0 where no detail was read yet; of the Senado only reports count, which a move
    adds, not the movements that our normaliser puts between them."""

    version: int
    read_seq: int
    actions: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One open dead letter; `key` is None where no bill is named."""

    key: Key | None
    source: str
    stage: str
    error: str
    payload: bytes

    def tells_of(self, key: Key) -> bool:
        """Whether it is this bill's: by name, or where the record does not say which it is, by what arrived."""
        return self.key == key or (self.key is None and self.source == key[0] and str(key[1]).encode() in self.payload)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything at one instant of the database."""

    bills: Mapping[Key, Row]
    letters: tuple[Letter, ...]
    positions: Mapping[tuple[str, str], int]
    seqs: tuple[int, ...]
    """Change numbers above the one asked for."""

    @property
    def parked(self) -> set[Key]:
        return {letter.key for letter in self.letters if letter.key is not None}


async def snapshot(connection: asyncpg.Connection, after: int) -> Snapshot:
    """One consistent look. Raises what asyncpg raises while the server is away."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        positions = await connection.fetch("SELECT source, walk, position FROM source_cursor")
        bills = await connection.fetch(_BILLS)
        letters = await connection.fetch(_LETTERS)
        seqs = await connection.fetch("SELECT seq FROM bill_change WHERE seq > $1 ORDER BY seq", after)
    return Snapshot(
        {_key(row): Row(row["version"], row["read_seq"], row["actions"] or 0) for row in bills},
        tuple(_letter(row) for row in letters),
        {(row["source"], row["walk"]): row["position"] for row in positions},
        tuple(row["seq"] for row in seqs),
    )


async def texts(connection: asyncpg.Connection) -> dict[Key, tuple[str, str]]:
    """Label and title of every bill."""
    rows = await connection.fetch(_TEXTS)
    return {_key(row): (row["identifier"], folded(orjson.loads(row["summary"])["title"])) for row in rows}


def folded(text: str | None) -> str:
    """A text with its white space made one."""
    return " ".join((text or "").split())


def _key(row: Any) -> Key:
    return row["source"], int(row["upstream_id"])


def _letter(row: Any) -> Letter:
    named = (row["upstream_id"] or "").strip()
    key = (row["source"], int(named)) if named.isdigit() else None
    return Letter(key, row["source"], row["stage"], row["error"], row["payload"])
