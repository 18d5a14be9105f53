"""Rows as an XLSX workbook, written to a file row by row in constant memory."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from api_gateway.documents.csv_text import Cell

MOST_ROWS = 50_000
"""Rows of one workbook: it exists only once it is whole, so a larger one would keep its reader waiting."""

_LONGEST_TEXT = 32_767
"""Characters of one cell; a longer text is cut, since the writer would drop it silently."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class XlsxFile:
    """One workbook with one sheet. To be used from one thread at a time, and closed."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(str(path), options)
        self._sheet = self._book.add_worksheet("Legis")
        self._sheet.freeze_panes(1, 0)
        self._row = 0
        self._write(names, self._book.add_format({"bold": True}))

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Writes rows. Raises ValueError for one that the sheet does not take."""
        for row in rows:
            self._write(row)

    def close(self) -> None:
        """Finishes the file."""
        self._book.close()

    def _write(self, row: Sequence[Cell], style: object = None) -> None:
        for place, cell in enumerate(row):
            if cell is None:
                continue
            match cell:
                case bool():
                    code = self._sheet.write_boolean(self._row, place, cell, style)
                case int() | float():
                    code = self._sheet.write_number(self._row, place, cell, style)
                case _:
                    code = self._sheet.write_string(self._row, place, _storable(cell), style)
            if code < 0:
                raise ValueError(f"cell {self._row}:{place} was not written: {code}")
        self._row += 1


def _storable(text: str) -> str:
    return _NOT_XML.sub("", text)[:_LONGEST_TEXT]
