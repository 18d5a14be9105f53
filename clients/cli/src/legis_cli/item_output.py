"""Writes items to stdout as table, JSON, NDJSON or CSV. A closed pipe (`| head`) ends the command with success."""

import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import typer

from legis_cli.item_columns import Columns, Item, text_of, value_at


class OutputFormat(StrEnum):
    """Formats of what a command writes."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters by which a text could control the terminal."""

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""First characters by which a spreadsheet takes a text for a formula."""


def chosen(wanted: OutputFormat | None) -> OutputFormat:
    """The wanted format; without one, a table on a terminal and NDJSON elsewhere."""
    return wanted or (OutputFormat.TABLE if sys.stdout.isatty() else OutputFormat.NDJSON)


def show_items(items: Iterable[Item], columns: Columns, wanted: OutputFormat | None) -> None:
    """Writes a list; all but a table item by item."""
    with _pipe_may_close():
        match chosen(wanted):
            case OutputFormat.TABLE:
                _show_table(items, columns)
            case OutputFormat.JSON:
                _write("[" + ",\n".join(map(_json, items)) + "]\n")
            case OutputFormat.NDJSON:
                for item in items:
                    _write(_json(item) + "\n")
            case OutputFormat.CSV:
                _write(csv_line(list(columns)))
                for item in items:
                    _write(csv_line([_cell(value_at(item, path)) for path in columns.values()]))


def show_one(item: Item, columns: Columns, wanted: OutputFormat | None) -> None:
    """Writes one thing: as a table of its fields, or in the other formats like a list of one, JSON without brackets."""
    match chosen(wanted):
        case OutputFormat.TABLE:
            pairs = [{"field": name, "value": value_at(item, path)} for name, path in columns.items()]
            show_items(pairs, {"field": "field", "value": "value"}, OutputFormat.TABLE)
        case OutputFormat.JSON:
            with _pipe_may_close():
                _write(json.dumps(item, ensure_ascii=False, indent=2) + "\n")
        case other:
            show_items([item], columns, other)


def show_line(item: Item, columns: Columns, wanted: OutputFormat) -> None:
    """Writes one item of a list that never ends, at once."""
    with _pipe_may_close():
        if wanted is OutputFormat.TABLE:
            _write("  ".join(safe_text(text_of(value_at(item, path))) for path in columns.values()) + "\n")
        elif wanted is OutputFormat.CSV:
            _write(csv_line([_cell(value_at(item, path)) for path in columns.values()]))
        else:
            _write(_json(item) + "\n")
        sys.stdout.flush()


def safe_text(text: str) -> str:
    """The text without characters that control a terminal."""
    return _CONTROL.sub("", text)


def csv_line(cells: list[str]) -> str:
    """One line of RFC 4180."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _cell(value: Any) -> str:
    text = text_of(value)
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def _show_table(items: Iterable[Item], columns: Columns) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    for item in items:  # Text: what a source writes is never markup
        table.add_row(*(Text(safe_text(text_of(value_at(item, path)))) for path in columns.values()))
    Console(highlight=False).print(table)


def _json(item: Item) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def _write(text: str) -> None:
    sys.stdout.write(text)


@contextmanager
def _pipe_may_close() -> Iterator[None]:
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter's own flush fails
        raise typer.Exit(0) from None
