"""Starts the least servers that could answer: our own statements, or the same index, behind raw ASGI."""

import json
import pickle
from collections.abc import Callable, Sequence
from typing import Any

from api_gateway.search.index.folder import current_build, schema_folder

from bench.system.arena import Arena
from bench.turns import Sample


def of_details(arena: Arena, statements: Sequence[tuple[str, list[Any]]], seconds: float) -> Callable[[], Sample]:
    """`bench.rivals.raw_asyncpg` as something to measure: each reply is a document."""
    column, rows = "document", 1
    plan = arena.folder / f"{column}.pickle"
    plan.write_bytes(pickle.dumps([(sql, arguments, column, rows) for sql, arguments in statements]))
    raw, port = arena.python(f"raw-{column}", "bench.rivals.raw_asyncpg", {"STATEMENTS": str(plan)})
    return arena.subject(raw, port, [f"/{index}" for index in range(len(statements))], seconds=seconds)


def of_lists(
    arena: Arena, pairs: Sequence[tuple[str, int]], rows: int, seconds: float, *, threads: int
) -> Callable[[], Sample]:
    """`bench.rivals.raw_tantivy` as something to measure: each reply is the newest bills of a type and a year."""
    plan, home = arena.folder / "pairs.json", schema_folder(arena.index)
    plan.write_text(json.dumps(pairs))
    told = {"QUESTIONS": str(plan), "ROWS": str(rows), "INDEX_BUILD": str(home / (current_build(home) or ""))}
    told["THREADS"] = str(threads)
    raw, port = arena.python(f"raw-list-{threads}", "bench.rivals.raw_tantivy", told)
    return arena.subject(raw, port, [f"/{index}" for index in range(len(pairs))], seconds=seconds)
