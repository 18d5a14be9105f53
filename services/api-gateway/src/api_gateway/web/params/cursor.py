"""Paging: opaque cursors, each valid for one query only, and the addresses of following pages."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlencode

import orjson
from legis.languages import Text

from api_gateway.search.filtering.values import MAX_INTEGER, InvalidParameter
from api_gateway.web.params.parameters import MAX_SEQ, Parameters

_DIGEST_BYTES = 9
_OTHER_QUESTION = Text(
    "belongs to other parameters; repeat them as they were, or begin without it",
    "pertence a outros parâmetros; repita-os como eram, ou comece sem ele",
)
_NOT_OURS = Text(
    "is not a cursor of ours; take page.next_cursor as it is", "não é um cursor nosso; use page.next_cursor como está"
)


def question_hash(path: str, asked: Parameters) -> str:
    """A short hash of all parameters except those of page and format: they may change between pages, the query may
    not.

    The values of a list are hashed one by one and in one order, whether they were repeated or joined by commas and
    whatever their order: it has no meaning, `page.next` joins them, and a kept reply is shared by all of these queries.
    """
    others = asked.model_dump(mode="json", by_alias=True, exclude={"cursor", "limit", "min_seq", "format", "dialect"})
    split = {name: _split(value) if isinstance(value, list) else value for name, value in others.items()}
    return _digest(orjson.dumps([path, split], option=orjson.OPT_SORT_KEYS))


def _split(values: list[str]) -> list[str]:
    return sorted(one for value in values for one in value.split(","))


def encode_place(place: int, question: str) -> str:
    """A cursor that continues after a place: a value in the sort order, or an offset into matches by relevance."""
    return _encode([place], question)


def encode_offset(offset: int, question: str) -> str:
    """A cursor that continues after the first `offset` entries of a history."""
    return _encode([offset], question)


def decode_place(cursor: str, question: str) -> int:
    """The place in a cursor. Raises InvalidParameter if the cursor was not made by this API or belongs to another
    query.
    """
    parts = _decode(cursor, question)
    if len(parts) == 1 and type(parts[0]) is int and 0 <= parts[0] < MAX_SEQ:  # the place after it must be valid too
        return parts[0]
    raise invalid_cursor()


def decode_offset(cursor: str, question: str) -> int:
    """The offset in a cursor; raises the same errors as `decode_place`."""
    parts = _decode(cursor, question)
    if len(parts) == 1 and type(parts[0]) is int and 0 <= parts[0] <= MAX_INTEGER - 1000:
        return parts[0]
    raise invalid_cursor()


def encode_key(key: Sequence[Any], question: str) -> str:
    """A cursor that continues after the row with this key: its sort value and its id."""
    return _encode(list(key), question)


def decode_key(cursor: str, question: str, kinds: Sequence[type]) -> tuple[Any, ...]:
    """The key in a cursor, whose values are of these types; raises the same errors as `decode_place`."""
    parts = _decode(cursor, question)
    if len(parts) != len(kinds):
        raise invalid_cursor()
    return tuple(_read(part, kind) for part, kind in zip(parts, kinds, strict=True))


def _read(part: Any, kind: type) -> Any:
    if kind is datetime:
        return _instant(part)
    fits = "\x00" not in part if kind is str and type(part) is str else kind is int and _is_number(part)
    if not fits:
        raise invalid_cursor()
    return part


def _is_number(part: Any) -> bool:
    return type(part) is int and 0 <= part <= MAX_INTEGER


def _instant(part: Any) -> datetime:
    try:
        found = datetime.fromisoformat(part)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise invalid_cursor() from error
    raise invalid_cursor()


def _encode(parts: list[Any], question: str) -> str:
    payload = orjson.dumps([question, *parts])
    signed = _digest(payload).encode() + payload
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def _decode(cursor: str, question: str) -> list[Any]:
    try:
        signed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        check, payload = signed[:12], signed[12:]
        if check != _digest(payload).encode():
            raise ValueError("checksum")
        bound, *parts = cast(list[Any], orjson.loads(payload))
    except (binascii.Error, ValueError, TypeError) as error:
        raise invalid_cursor() from error
    if bound != question:
        raise InvalidParameter("cursor", _OTHER_QUESTION)
    return parts


def _digest(payload: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(b"legis cursor 2" + payload).digest()[:_DIGEST_BYTES]).decode()


def invalid_cursor() -> InvalidParameter:
    """The error for a text that is no cursor of ours."""
    return InvalidParameter("cursor", _NOT_OURS)


def next_link(base: str, path: str, asked: Parameters, **changed: str | int) -> str:
    """The address of the same query with some parameters changed."""
    set_fields = asked.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude=set(changed))
    pairs = [(name, _text(value)) for name, value in set_fields.items() if value is not None and value not in ((), [])]
    pairs += [(name, str(value)) for name, value in changed.items()]
    return f"{base.rstrip('/')}{path}?{urlencode(pairs, safe=',:;')}"


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
