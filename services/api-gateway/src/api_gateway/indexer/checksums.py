"""Checksums of index files: flipped bytes are answered from without an error, so somebody has to look.

Files of an index are written once and never changed, but for its list of segments and a file of Tantivy's own. Size and
SHA-256 of each new file are noted beside the build when it is committed. Those of a merge, which ends at any time, are
noted with the next commit or check: until then the checksum holds that Tantivy itself writes at the end of each file.
"""

import hashlib
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

import orjson

_META = "meta.json"
_CHUNK = 1 << 20
_TAIL = struct.Struct("<II")
_MAGIC = 1337
"""The last eight bytes of a file of Tantivy's: the length of the JSON before them, and this number."""


class IndexDamaged(Exception):
    """A file of the index is not what was written; the message says which."""


class Checksums:
    """Sizes and SHA-256 of the files of one build, as noted when they were new."""

    def __init__(self, build: Path) -> None:
        self._build = build
        self._noted = build.with_name(f"{build.name}.sums.json")
        self._known: dict[str, tuple[int, str]] = self._load()

    def note(self) -> None:
        """Notes files of the last commit that came since, and forgets those that went. Reads each new file once.

        Files of other segments are left out: a merge that goes on meanwhile has not written them to their end. Raises
        IndexDamaged for a file that is not what was written.
        """
        try:
            committed = _segments(self._build)  # first: what belongs to a segment that is listed is whole
        except IndexDamaged:
            return  # the next check says so
        present = {path.name for path in _files(self._build) if path.name.split(".")[0] in committed}
        new = {name: _new_sum(self._build / name) for name in sorted(present - self._known.keys())}
        found = {name: known for name, known in self._known.items() if name in present} | {
            name: known for name, known in new.items() if known is not None
        }
        if found != self._known:
            self._known = found
            self._save()

    def check_sizes(self) -> None:
        """Compares sizes, which costs a look at the folder. Raises IndexDamaged."""
        needed = _segments(self._build)
        for name, (size, _) in self._known.items():
            path = self._build / name
            try:
                found = path.stat().st_size
            except FileNotFoundError:
                if name.split(".")[0] in needed and not name.endswith(".del"):
                    raise IndexDamaged(f"{name} is gone") from None
                continue
            if found != size:
                raise IndexDamaged(f"{name} has {found} bytes, {size} were written")

    def check(self) -> None:
        """Compares sizes and contents, and notes what is new; reads all files. Raises IndexDamaged."""
        self.check_sizes()
        for name, known in dict(self._known).items():
            found = _sum(self._build / name)
            if found is not None and found != known:
                raise IndexDamaged(f"{name} is not what was written")
        self.note()

    @property
    def size(self) -> int:
        """Bytes of all files that are known."""
        return sum(size for size, _ in self._known.values())

    def _load(self) -> dict[str, tuple[int, str]]:
        try:
            return {name: (size, digest) for name, (size, digest) in orjson.loads(self._noted.read_bytes()).items()}
        except (FileNotFoundError, ValueError, TypeError):
            return {}

    def _save(self) -> None:
        new = self._noted.with_suffix(".new")
        new.write_bytes(orjson.dumps(self._known))
        new.replace(self._noted)


def _files(build: Path) -> Iterator[Path]:
    """Segment files: those that are written once."""
    for path in build.iterdir():
        if path.is_file() and not path.name.startswith(".") and path.name != _META:
            yield path


def _segments(build: Path) -> set[str]:
    """Ids of the segments that the last commit needs, as files are named after them."""
    try:
        meta: dict[str, Any] = orjson.loads((build / _META).read_bytes())
        return {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{_META} cannot be read") from error


def _new_sum(path: Path) -> tuple[int, str] | None:
    """As `_sum`, of a file that is what the checksum at its own end says. Raises IndexDamaged."""
    try:
        with path.open("rb") as file:
            told, body = _footer(file)
            found = 0
            while body and (chunk := file.read(min(_CHUNK, body))):
                found, body = crc32(chunk, found), body - len(chunk)
    except FileNotFoundError:
        return None
    if body or found != told:
        raise IndexDamaged(f"{path.name} is not what was written")
    return _sum(path)


def _footer(file: BinaryIO) -> tuple[int | None, int]:
    """The checksum that Tantivy writes behind the bytes of a file, and how many these are; None where there is none."""
    size = file.seek(0, 2)
    try:
        file.seek(size - _TAIL.size)
        length, magic = _TAIL.unpack(file.read())
        body = size - _TAIL.size - length
        file.seek(body)
        told = orjson.loads(file.read(length))["crc"] if magic == _MAGIC else None
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None, 0
    file.seek(0)
    return told, body


def _sum(path: Path) -> tuple[int, str] | None:
    """Size and digest; None for a file that a merge has just removed."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except FileNotFoundError:
        return None
    return size, digest.hexdigest()
