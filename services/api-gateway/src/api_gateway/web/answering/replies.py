"""Replies joined from bytes that are rendered already, with the headers that let clients and caches revalidate."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import orjson
from starlette.responses import Response

from api_gateway.web.watch.board import Picture

DATA_CACHE = "public, max-age=30, stale-while-revalidate=60, stale-if-error=86400"
LIST_SEPARATOR = b","


def http_date(instant: datetime) -> str:
    """An instant as HTTP writes it, whole seconds."""
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def entity_tag(*parts: bytes) -> str:
    """A strong ETag over the parts, in quotes."""
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        digest.update(part)
    return f'"{digest.hexdigest()}"'


def dump(value: Any) -> bytes:
    """JSON with instants as RFC 3339 in UTC with `Z`."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def joined(items: Iterable[bytes]) -> bytes:
    """A JSON array of rendered items."""
    return b"[" + LIST_SEPARATOR.join(items) + b"]"


def data_reply(
    members: Mapping[str, bytes],
    picture: Picture,
    *,
    modified_at: datetime | None = None,
    headers: Mapping[str, str] | None = None,
    cache_control: str = DATA_CACHE,
) -> Response:
    """`{"data": …, …, "meta": …}`. The ETag covers all but the running lag, which says nothing about the content."""
    body = b"{" + b",".join(b'"%b":%b' % (name.encode(), value) for name, value in members.items())
    sent = {
        "ETag": entity_tag(body, picture.validator),
        "Cache-Control": cache_control,
        "Vary": "Accept-Encoding",
        **(headers or {}),
    }
    modified = modified_at or picture.modified_at
    if modified is not None:
        sent["Last-Modified"] = http_date(modified)
    return Response(body + b',"meta":' + picture.meta + b"}", media_type="application/json", headers=sent)
