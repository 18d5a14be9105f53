"""Starts the least server that answers from PostgreSQL: our own statements behind raw ASGI."""

import pickle
from collections.abc import Callable, Sequence
from typing import Any

from bench.arena import Arena
from bench.turns import Sample


def ceiling(
    arena: Arena, column: str, statements: Sequence[tuple[str, list[Any]]], rows: int, seconds: float
) -> Callable[[], Sample]:
    """`bench.rivals.raw_asyncpg` as something to measure: each reply is `rows` values of `column`."""
    plan = arena.folder / f"{column}.pickle"
    plan.write_bytes(pickle.dumps([(sql, arguments, column, rows) for sql, arguments in statements]))
    raw, port = arena.python(f"raw-{column}", "bench.rivals.raw_asyncpg", {"STATEMENTS": str(plan)})
    return arena.subject(raw, port, [f"/{index}" for index in range(len(statements))], seconds=seconds)
