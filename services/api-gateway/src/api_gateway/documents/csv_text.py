"""Rows as CSV: RFC 4180, or as Excel in Portuguese opens it by a double click."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Cell = str | int | float | bool | None
"""A value of a table: text, number, truth value or nothing."""

Dialect = Literal["rfc4180", "excel-pt"]

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
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
    return f"'{text}" if _FORMULA.match(text) else text


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
    writer.writerows([[_text(cell, rules) for cell in row] for row in rows])
    return out.getvalue()


def _text(cell: Cell, rules: _Rules) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if rules.decimal_comma:
            return str(cell).replace(".", ",")
        case int() | float():
            return str(cell)
        case _:
            return harmless(cell)
