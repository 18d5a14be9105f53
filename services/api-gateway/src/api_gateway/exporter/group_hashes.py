"""Which rows differ from the export before: a hash of each group of rows, kept beside each export.

Both exports are written in the order of ordinals, so that two files are compared in one pass and in constant memory.
What a row is made of is told by its content alone: a record that was rendered again without an entry in the change log
is found too.
"""

import hashlib
import struct
from pathlib import Path
from typing import BinaryIO

_ENTRY = struct.Struct("<qQ")
MODULUS = 2**64


def line_hash(line: bytes) -> int:
    """The first eight bytes of the line's SHA-256, as a big-endian number."""
    return int.from_bytes(hashlib.sha256(line).digest()[:8], "big")


class GroupHashes:
    """Writes the hashes of this export, and compares them with those of the export before (`earlier`), if there is
    one. Groups must come in the order of their ordinals.
    """

    def __init__(self, path: Path, earlier: Path | None) -> None:
        self._out: BinaryIO = path.open("wb")
        self._earlier: BinaryIO | None = None if earlier is None else earlier.open("rb")
        self._next = self._read()
        self.checksum = 0

    def differs(self, ordinal: int, lines: list[bytes]) -> bool:
        """Notes a group. Returns whether it is new or different since the export before."""
        hashes = [line_hash(line) for line in lines]
        self.checksum = (self.checksum + sum(hashes)) % MODULUS
        # A sum would not see that the rows of a group changed places.
        found = hashes[0] if len(hashes) == 1 else line_hash(b"\n".join(lines)) if lines else 0
        self._out.write(_ENTRY.pack(ordinal, found))
        while self._next is not None and self._next[0] < ordinal:
            self._next = self._read()
        known = self._next is not None and self._next[0] == ordinal
        if known:
            assert self._next is not None
            return self._next[1] != found
        return bool(lines)

    def close(self) -> None:
        """Ends the file."""
        self._out.close()
        if self._earlier is not None:
            self._earlier.close()

    def _read(self) -> tuple[int, int] | None:
        entry = b"" if self._earlier is None else self._earlier.read(_ENTRY.size)
        return _ENTRY.unpack(entry) if len(entry) == _ENTRY.size else None
