"""What our side holds, read straight from PostgreSQL so that no part under test can colour it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson

from chaos.plan import SOURCES
from chaos.system.congress import Key

_BILLS = """
SELECT b.source, b.upstream_id, b.version, b.read_seq,
       (SELECT count(*) FROM unnest(h.items) AS item
        WHERE b.source = 'camara' OR item::jsonb->>'kind_code' = 'INFORME') AS actions
FROM bill b LEFT JOIN bill_history h ON h.bill_id = b.id AND h.field = 'actions'
"""
_SHOWN = "SELECT source, upstream_id, identifier, document, removed_at FROM bill"
_WINDOWS = "SELECT source, hi FROM ingest_window WHERE walk = 'INCREMENTAL' AND done_at IS NOT NULL ORDER BY hi"
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
    windows: Mapping[str, Sequence[int]]
    """Where the windows of today's changes that are stored whole ended, in order, by source."""

    seqs: tuple[int, ...]
    """Change numbers above the one asked for."""

    years_not_read: frozenset[tuple[str, int]]
    """Years whose list could not be had, by source; they are asked for again."""

    @property
    def parked(self) -> set[Key]:
        return {letter.key for letter in self.letters if letter.key is not None}


async def snapshot(connection: asyncpg.Connection, after: int) -> Snapshot:
    """One consistent look. Raises what asyncpg raises while the server is away."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        positions = await connection.fetch("SELECT source, walk, position FROM source_cursor")
        bills = await connection.fetch(_BILLS)
        windows = await connection.fetch(_WINDOWS)
        letters = await connection.fetch(_LETTERS)
        years = await connection.fetch("SELECT source, year FROM year_not_read")
        seqs = await connection.fetch("SELECT seq FROM bill_change WHERE seq > $1 ORDER BY seq", after)
    return Snapshot(
        {_key(row): Row(row["version"], row["read_seq"], row["actions"] or 0) for row in bills},
        tuple(_letter(row) for row in letters),
        {(row["source"], row["walk"]): row["position"] for row in positions},
        {source: [row["hi"] for row in windows if row["source"] == source] for source in SOURCES},
        tuple(row["seq"] for row in seqs),
        frozenset((row["source"], row["year"]) for row in years),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What readers are told of one bill, as far as the simulator tells it too. `detailed`: its detail was read, without
    which the chambers tell neither the code of the situation nor (the Senado) the latest action."""

    identifier: str
    title: str
    status_code: str | None
    status_text: str
    last_action_date: str | None
    removed: bool
    detailed: bool


async def shown(connection: asyncpg.Connection) -> dict[Key, Shown]:
    """Every bill as its document shows it."""
    return {_key(row): _shown(row) for row in await connection.fetch(_SHOWN)}


def _shown(row: Any) -> Shown:
    told = orjson.loads(row["document"])
    latest = told["latest_action"]
    return Shown(
        identifier=row["identifier"],
        title=folded(told["title"]),
        status_code=told["status_code"],
        status_text=folded(told["status_text"]),
        last_action_date=latest["date"] if latest else None,
        removed=row["removed_at"] is not None,
        detailed=any(answer["part"] == "DETAIL" for answer in told["provenance"]),
    )


def folded(text: str | None) -> str:
    """A text with its white space made one."""
    return " ".join((text or "").split())


def _key(row: Any) -> Key:
    return row["source"], int(row["upstream_id"])


def _letter(row: Any) -> Letter:
    named = (row["upstream_id"] or "").strip()
    key = (row["source"], int(named)) if named.isdigit() else None
    return Letter(key, row["source"], row["stage"], row["error"], row["payload"])
