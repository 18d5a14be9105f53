"""Splits a CSV file into its records. Quoted fields contain line breaks, so a line is not a record."""

import csv
import re

from legis.errors import UpstreamUnavailable

LONGEST_RECORD = 1 << 20
_BOM = b"\xef\xbb\xbf"
_FIRST_CELLS = re.compile(rb'"[\d-]*";"https?://|"https?://[^"]*";"')
"""The beginning of every record of the files. A match inside an open quoted field proves that it was never closed."""


class RecordSplitter:
    """Takes a file in pieces and returns its records as their exact bytes, without the line end.

    A record with a stray quote becomes a record of its own, which `parse` refuses; the records around it stay whole.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._open: list[bytes] = []
        self._open_size = 0
        self._started = False

    def feed(self, piece: bytes) -> list[bytes]:
        """The records that this piece completes."""
        lines = (self._rest + piece).split(b"\n")
        self._rest = lines.pop()
        if not self._started and lines:
            self._started = True
            lines[0] = lines[0].removeprefix(_BOM)
        records: list[bytes] = []
        for line in lines:
            self._add(line, records)
        return records

    def finish(self) -> bytes:
        """The bytes after the last line end, mostly none. Raises UpstreamUnavailable when the file ends in a field."""
        last = b"\n".join((*self._open, self._rest))
        if last.count(b'"') % 2:
            raise UpstreamUnavailable("the file ends within a record")
        return last if self._started else last.removeprefix(_BOM)

    def _add(self, line: bytes, records: list[bytes]) -> None:
        closes = line.count(b'"') % 2 == 1
        if self._open and (self._open_size > LONGEST_RECORD or _FIRST_CELLS.match(line)):
            self._close(records)
        if self._open:
            self._open.append(line)
            self._open_size += len(line)
            if closes:
                self._close(records)
        elif closes:
            self._open, self._open_size = [line], len(line)
        elif line and line != b"\r":
            records.append(line)

    def _close(self, records: list[bytes]) -> None:
        records.append(b"\n".join(self._open))
        self._open, self._open_size = [], 0


def parse(record: bytes) -> list[str]:
    """The cells of a record. Raises ValueError when its quotes do not match or it is not valid UTF-8."""
    try:
        return next(csv.reader((record.decode("utf-8"),), delimiter=";", strict=True))
    except (csv.Error, StopIteration) as error:
        raise ValueError(f"no CSV record: {error}") from None
