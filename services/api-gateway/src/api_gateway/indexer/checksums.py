"""Checksums of the index files. Tantivy answers from a damaged file without an error, so the files must be checked.

Index files are written once and never changed, except the list of segments and one file of Tantivy's own. Size and
SHA-256 of each new file are stored next to the build after each commit. Files of a merge, which may end at any time,
are recorded with the next commit or check; until then they are protected by the CRC that Tantivy writes at the end of
each file.
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
"""The last eight bytes of a Tantivy file are the length of the JSON before them, and this number."""


class IndexDamaged(Exception):
    """An index file differs from what was written; the message names it."""


class IndexFileGone(IndexDamaged):
    """A file of the index is not there, perhaps because the whole folder is being deleted."""


class Checksums:
    """Sizes and SHA-256 of the files of one build, as recorded when they were new."""

    def __init__(self, build: Path) -> None:
        self._build = build
        self._noted = build.with_name(f"{build.name}.sums.json")
        self._known: dict[str, tuple[int, str]] = self._load()

    def note(self) -> None:
        """Records new files of the last commit and drops those that are gone. Reads each new file once.

        Files of other segments are skipped: a running merge may not have finished them. Raises IndexDamaged for a file
        that does not match its own CRC.
        """
        try:
            committed = _segments(self._build)  # read first: files of a listed segment are complete
        except IndexDamaged:
            return  # the next check raises it
        present = {path.name for path in _files(self._build) if path.name.split(".")[0] in committed}
        new = {name: _new_sum(self._build / name) for name in sorted(present - self._known.keys())}
        found = {name: known for name, known in self._known.items() if name in present} | {
            name: known for name, known in new.items() if known is not None
        }
        if found != self._known:
            self._known = found
            self._save()

    def check_sizes(self) -> None:
        """Compares file sizes, by listing the folder. Raises IndexDamaged."""
        needed = _segments(self._build)
        for name, (size, _) in self._known.items():
            path = self._build / name
            try:
                found = path.stat().st_size
            except FileNotFoundError:
                if name.split(".")[0] in needed and not name.endswith(".del"):
                    raise IndexFileGone(f"{name} is gone") from None
                continue
            if found != size:
                raise IndexDamaged(f"{name} has {found} bytes, {size} were written")

    def check(self) -> None:
        """Compares sizes and contents, and records new files. Reads all files. Raises IndexDamaged."""
        self.check_sizes()
        for name, known in dict(self._known).items():
            found = _sum(self._build / name)
            if found is not None and found != known:
                raise IndexDamaged(f"{name} is not what was written")
        self.note()

    @property
    def size(self) -> int:
        """Bytes of all recorded files."""
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
    """Files that are written once."""
    for path in build.iterdir():
        if path.is_file() and not path.name.startswith(".") and path.name != _META:
            yield path


def _segments(build: Path) -> set[str]:
    """Ids of the segments of the last commit, as they occur in file names."""
    try:
        meta: dict[str, Any] = orjson.loads((build / _META).read_bytes())
        return {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
    except FileNotFoundError as error:
        raise IndexFileGone(f"{_META} is gone") from error
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{_META} cannot be read") from error


def _new_sum(path: Path) -> tuple[int, str] | None:
    """Like `_sum`, for a file that matches the CRC at its own end. Raises IndexDamaged."""
    try:
        with path.open("rb") as file:
            expected, body = _footer(file)
            found = 0
            while body and (chunk := file.read(min(_CHUNK, body))):
                found, body = crc32(chunk, found), body - len(chunk)
    except FileNotFoundError:
        return None
    if body or found != expected:
        raise IndexDamaged(f"{path.name} is not what was written")
    return _sum(path)


def _footer(file: BinaryIO) -> tuple[int | None, int]:
    """The CRC that Tantivy writes at the end of a file, and the length of the content before it; None and 0 without
    one.
    """
    size = file.seek(0, 2)
    try:
        file.seek(size - _TAIL.size)
        length, magic = _TAIL.unpack(file.read())
        body = size - _TAIL.size - length
        file.seek(body)
        expected = orjson.loads(file.read(length))["crc"] if magic == _MAGIC else None
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None, 0
    file.seek(0)
    return expected, body


def _sum(path: Path) -> tuple[int, str] | None:
    """Size and SHA-256; None if a merge has just deleted the file."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except FileNotFoundError:
        return None
    return size, digest.hexdigest()
