"""Every cell of docs/exports.md runs over a real export and gives what the export says."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

from integration.exports.conftest import Exports, rows

PAGE = Path(__file__).parents[3] / "docs" / "exports.md"
_CELL = re.compile(r"^```python (\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def run(exported: Exports) -> tuple[dict[str, Any], dict[str, str]]:
    """What the cells define, and what each printed."""
    names: dict[str, Any] = {"FILES": str(exported.folder / exported.newest.id)}
    printed = {}
    for name, code in _CELL.findall(PAGE.read_text()):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(code, f"exports.md: {name}", "exec"), names)
        printed[name] = out.getvalue()
    return names, printed


async def test_cells(exported: Exports) -> None:
    names, printed = run(exported)
    assert printed.keys() == {"duckdb", "pandas", "plain", "delta", "checksum"}
    tables = {table.name.value: table for table in exported.newest.tables}
    assert printed["plain"].strip() == str(tables["bills"].rows)
    assert "PL" in printed["duckdb"]
    assert "IN_COMMITTEE" in printed["pandas"]
    assert re.search(rf"TRANSFERRED\s+{tables['actions'].rows}\b", printed["pandas"])
    folder = exported.folder / exported.newest.id
    assert names["checksum"](folder / "bills.ndjson.gz") == tables["bills"].checksum
    delta = exported.newest.delta
    assert delta is not None
    yesterday = exported.folder / delta.from_export
    for told in delta.tables:
        name, key = told.name.value, tables[told.name].key
        before, changed = rows(yesterday / f"{name}.ndjson.gz"), rows(folder / f"delta-{name}.ndjson.gz")
        applied = names["apply_delta"](before, changed, key, told.emptied)
        today = rows(folder / f"{name}.ndjson.gz")
        assert sorted(map(str, applied)) == sorted(map(str, today))
