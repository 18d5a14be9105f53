"""Parses response bodies: JSON without characters that cannot be stored, and the exact bytes of each row."""

import codecs
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from legis.errors import UpstreamUnavailable

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UNDECODED = re.compile("[\udc80-\udcff]")
_BLANK = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `raw` are its exact bytes, `value` is its JSON in a form that can be stored.

    `removed` names the top-level keys under which NUL or lone surrogates were removed. `undecodable` is True where the
    bytes are not UTF-8: their meaning cannot be recovered.
    """

    raw: bytes
    value: Any
    removed: frozenset[str] = frozenset()
    undecodable: bool = False

    @classmethod
    def of(cls, value: Any) -> "Record":
        """A record inside a larger body. Its exact bytes are not available; `raw` is its JSON, written again."""
        return cls(json.dumps(value, ensure_ascii=False, sort_keys=True).encode(), value)

    @property
    def sha256(self) -> str:
        """SHA-256 of the exact bytes, in hex."""
        return hashlib.sha256(self.raw).hexdigest()


def split_rows(body: bytes, key: str = "id") -> Iterator[Record]:
    """The rows of a response, one at a time. The root is an array, or one object, which is one row if it has `key`.

    Upstream replaces an array of one row by the row. Raises UpstreamUnavailable when the body is not a whole JSON
    array or object, or is an object that is not a row.
    """
    text = _decode(body)
    start = _BLANK.match(text, 0).end()  # type: ignore[union-attr]
    if start == len(text):
        return
    if text[start] != "[":
        record = whole(body)
        if isinstance(record.value, dict) and record.value:
            if key not in record.value:  # an error, or another service's response: if believed, it would end a window
                raise UpstreamUnavailable(f"expected rows, got an object that is no row: {sorted(record.value)[:5]}")
            yield record
        elif record.value not in ({}, None):
            raise UpstreamUnavailable("expected rows, got a bare value")
        return
    at = _BLANK.match(text, start + 1).end()  # type: ignore[union-attr]
    while at < len(text) and text[at] != "]":
        value, end = _parse(text, at)
        yield _record(text[at:end], value)
        at = _BLANK.match(text, end).end()  # type: ignore[union-attr]
    if text[at:].strip() != "]":
        raise UpstreamUnavailable("the list ends before its closing bracket")


def whole(body: bytes) -> Record:
    """A body that is one JSON value. Raises UpstreamUnavailable when it is broken or empty."""
    text = _decode(body).strip()
    if not text:
        raise UpstreamUnavailable("200 with an empty body")
    value, end = _parse(text, 0)
    if text[end:].strip():
        raise UpstreamUnavailable("more than one JSON value in the body")
    return _record(text, value, body)


def _decode(body: bytes) -> str:
    # Bytes that are not UTF-8 spoil only their own record; as lone surrogates they can be found and converted back.
    return body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def _parse(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        raise UpstreamUnavailable(f"body is not JSON: {error}") from error


def _record(text: str, value: Any, raw: bytes | None = None) -> Record:
    raw = text.encode("utf-8", "surrogateescape") if raw is None else raw
    undecodable = _UNDECODED.search(text) is not None
    if not isinstance(value, dict):
        return Record(raw, scrub(value), undecodable=undecodable)
    clean = {key: scrub(item) for key, item in value.items()}
    removed = frozenset(key for key, item in value.items() if clean[key] != item)
    return Record(raw, clean, removed, undecodable)


def scrub(value: Any, depth: int = 0) -> Any:
    """The same JSON value without characters that PostgreSQL and UTF-8 cannot hold."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if depth > _DEEPEST:
        raise UpstreamUnavailable("nested too deep to be a record")
    if isinstance(value, dict):
        return {scrub(key): scrub(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [scrub(item, depth + 1) for item in value]
    return value
