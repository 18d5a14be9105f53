"""One range of a file, as `Range` and `If-Range` ask for it (RFC 9110, sections 13 and 14)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ONE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.ASCII)


class NotSatisfiable(Exception):
    """The range begins behind the end of the file."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes from `start` to before `stop`; `whole` where all are meant because none were asked for."""

    start: int
    stop: int
    whole: bool = False


def is_current(headers: Mapping[bytes, bytes], etag: str) -> bool:
    """Whether `If-None-Match` names this version of the file, by weak comparison."""
    known = headers.get(b"if-none-match", b"").decode("latin-1")
    return known.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]


def byte_range(headers: Mapping[bytes, bytes], size: int, etag: str) -> ByteRange:
    """The range that a request wants. Raises NotSatisfiable.

    The whole file where the range is of another version (`If-Range` must name this ETag, by strong comparison), is
    malformed, of a unit that we do not know, or one of several: RFC 9110 lets a server ignore these.
    """
    whole = ByteRange(0, size, whole=True)
    wanted = headers.get(b"range")
    if wanted is None or headers.get(b"if-range", etag.encode()).strip() != etag.encode():
        return whole
    match = _ONE.fullmatch(wanted.decode("latin-1"))
    if match is None or match.groups() == ("", ""):
        return whole
    first, last = match.groups()
    if not first:
        return _suffix(int(last), size)
    start = int(first)
    if last and int(last) < start:
        return whole
    if start >= size:
        raise NotSatisfiable
    return ByteRange(start, min(size, int(last) + 1) if last else size)


def _suffix(length: int, size: int) -> ByteRange:
    if length == 0 or size == 0:
        raise NotSatisfiable
    return ByteRange(max(0, size - length), size)
