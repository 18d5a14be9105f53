"""Replies assembled from rendered bytes, with headers that let clients and caches revalidate them."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

import orjson
from starlette.responses import Response

from api_gateway.web.background.status_monitor import StatusSnapshot

DATA_CACHE = "public, max-age=30, stale-while-revalidate=60, stale-if-error=86400"
LIST_SEPARATOR = b","
_JSON_HEADERS = [(b"content-type", b"application/json"), (b"vary", b"Accept, Accept-Encoding")]
_DIGEST_LENGTH = 24
_DATE_MAY_LAG = timedelta(seconds=2)


def http_date(instant: datetime) -> str:
    """An instant in HTTP's date format, in whole seconds."""
    return _http_date(instant.replace(microsecond=0))


@lru_cache(maxsize=1024)
def _http_date(second: datetime) -> str:
    return format_datetime(second.astimezone(UTC), usegmt=True)


def last_modified(instant: datetime, now: datetime | None = None) -> str:
    """The value of `Last-Modified`: the instant, but never later than `Date`, which the server
    renews once per second.
    """
    return http_date(min(instant, (now or datetime.now(UTC)) - _DATE_MAY_LAG))


def entity_tag(*parts: bytes) -> str:
    """A strong ETag over the parts, in quotes: for bodies that consist of exactly these parts."""
    digest = hashlib.sha256()  # processors have instructions for this one
    for part in parts:
        digest.update(part)
    return f'"{digest.hexdigest()[:_DIGEST_LENGTH]}"'


def document_reply(
    body: bytes,
    media_type: str,
    cache_control: str,
    snapshot: StatusSnapshot | None = None,
    *,
    vary: str = "Accept-Encoding",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A whole document with a strong ETag. With a snapshot, `Last-Modified` is the last change of the data."""
    told = {"ETag": entity_tag(body), "Cache-Control": cache_control, "Vary": vary, **(headers or {})}
    if snapshot is not None and snapshot.modified_at is not None:
        told["Last-Modified"] = last_modified(snapshot.modified_at)
    return Response(body, media_type=media_type, headers=told)


def dump(value: Any) -> bytes:
    """JSON bytes, with instants as RFC 3339 in UTC with `Z`."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def joined(items: Iterable[bytes]) -> bytes:
    """A JSON array of rendered items."""
    return b"[" + LIST_SEPARATOR.join(items) + b"]"


def page_object(limit: int, next_cursor: str | None, link: str | None, count: int | None) -> bytes:
    """The member `page` of a list's reply; counts are exact."""
    counted = None if count is None else {"value": count, "kind": "exact"}
    return dump({"limit": limit, "next_cursor": next_cursor, "next": link, "count": counted})


class Rendered(Response):
    """A reply whose body and headers are bytes already; it computes and adds nothing."""

    def __init__(self, body: bytes, raw_headers: list[tuple[bytes, bytes]]) -> None:
        self.status_code = 200
        self.background = None
        self.body = body
        self.raw_headers = raw_headers


def data_reply(
    members: Mapping[str, bytes],
    snapshot: StatusSnapshot,
    *,
    link: str | None = None,
    cache_control: str = DATA_CACHE,
    meta: Mapping[str, Any] | None = None,
    index_seq: int | None = None,
    untagged: bytes = b"",
) -> Response:
    """A reply `{"data": …, …, "meta": …}`. `link` is the address of the next page, `meta` are additional members of
    `meta` for this reply, `index_seq` is the position of the index from which it was made, `untagged` is the end of the
    last member.

    The ETag is weak: it covers everything except `untagged`, the index position and the times at which the sources were
    last read, which do not affect the content.
    """
    body = b"{" + b",".join([b'"%b":%b' % (name.encode(), value) for name, value in members.items()])
    more = b"," + dump(meta)[1:-1] if meta else b""
    whole = body + untagged + b',"meta":' + snapshot.meta[:-1] + more + b"}}"
    headers = [
        *_JSON_HEADERS,
        (b"etag", b"W/" + entity_tag(body, more, snapshot.validator).encode()),
        (b"cache-control", cache_control.encode()),
        (b"content-length", str(len(whole)).encode()),
    ]
    if index_seq is not None:
        headers.append((b"legis-index-seq", str(index_seq).encode()))
    if link is not None:
        headers.append((b"link", f'<{link}>; rel="next"'.encode()))
    if snapshot.modified_at is not None:
        headers.append((b"last-modified", last_modified(snapshot.modified_at).encode()))
    return Rendered(whole, headers)
