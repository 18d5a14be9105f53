"""Rows of the double and of a real PostgreSQL side by side, without what only a server's own clock says."""

from datetime import date
from typing import Any

import orjson

from twin.store_double.store_tables import Tables

TABLES = (
    "bill", "bill_history", "bill_change", "bill_counterpart", "bill_sighting", "dead_letter", "source_question",
    "year_list", "year_list_part", "year_not_read", "list_doubt", "list_reading", "ingest_window", "ingest_window_item",
    "source_cursor", "change_counter",
)  # fmt: skip
_CLOCK = ("created_at", "changed_at", "first_at", "last_at", "asked_at", "received_at", "compared_at", "first_seen_at",
          "updated_at", "due_at", "document", "summary")  # fmt: skip
"""Columns that hold the time at which either side did something, or text made of it."""
_WHETHER = ("removed_at", "resolved_at", "done_at")
"""Columns of which only whether they are set can be the same."""


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in _CLOCK}
    if "error" in kept:  # words of the server; the kind of error is what tells one from another
        kept["error"] = kept["error"].partition(":")[0]
    if b'"removed_at"' in kept.get("before", b""):
        kept["before"] = orjson.loads(kept["before"]) | {"removed_at": "then"}
    return {name: value is not None if name in _WHETHER else value for name, value in kept.items()}


async def compare_rows(real: Any, tables: Tables, where: str) -> None:
    """Every table of the double beside the real one, by the columns that both have. Raises AssertionError."""
    for table in TABLES:
        found = [_plain(row) for row in tables.table(table).values()]
        rows = [_plain(dict(row)) for row in await real.fetch(f"SELECT * FROM {table}")]
        assert len(found) == len(rows), f"{table} after {where}"
        names = set.intersection(*map(set, found), *map(set, rows)) if found else set()
        expected = [{name: row[name] for name in names} for row in rows]
        shown = [{name: row[name] for name in names} for row in found]
        assert sorted(map(_text, shown)) == sorted(map(_text, expected)), f"{table} after {where}"


def _text(row: dict[str, Any]) -> str:
    return repr([(name, _alike(value)) for name, value in sorted(row.items())])


def _alike(value: Any) -> Any:
    """Dates stay texts in the double where nothing reckons with them."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
