"""Rows as CSV: RFC 4180, or as Excel in Portuguese opens it by a double click."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Cell = str | int | float | bool | None
"""A value of a table: text, number, truth value or nothing."""

Dialect = Literal["rfc4180", "excel-pt"]

_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
"""First characters by which a spreadsheet takes a text for a formula (OWASP), full-width forms too."""

BOM = "\ufeff"
SEPARATOR = " | "
"""Between the values of one cell; no name has it."""


@dataclass(frozen=True, slots=True)
class _Rules:
    delimiter: str
    bom: bool
    decimal_comma: bool


_RULES: dict[Dialect, _Rules] = {
    "rfc4180": _Rules(",", bom=False, decimal_comma=False),
    "excel-pt": _Rules(";", bom=True, decimal_comma=True),
}


def harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text


def csv_head(names: Sequence[str], dialect: Dialect) -> str:
    """The first line, after a byte order mark where the dialect has one."""
    return (BOM if _RULES[dialect].bom else "") + csv_lines([list(names)], dialect)


def csv_lines(rows: Iterable[Sequence[Cell]], dialect: Dialect) -> str:
    """The rows as lines that end with CRLF. A missing value is an empty cell; numbers are never changed but for the
    decimal comma.
    """
    rules = _RULES[dialect]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=rules.delimiter, lineterminator="\r\n")
    writer.writerows(
        [[harmless(cell) if isinstance(cell, str) else _other(cell, rules) for cell in row] for row in rows]
    )
    return out.getvalue()


def _other(cell: float | bool | None, rules: _Rules) -> str | float | None:
    """A cell that is no text; the writer itself makes an empty cell of None and digits of numbers."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(cell).replace(".", ",") if rules.decimal_comma else str(cell)
    return cell
