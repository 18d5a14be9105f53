"""Replies of legislators, organizations and votings, made from rendered records."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from fastapi import Request
from legis.domain.records.record import RecordKind
from legis.languages import Text
from starlette.responses import Response

from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.record_reader import Key, RecordPage, StoredRecord, load_record
from api_gateway.web.background.status_monitor import StatusSnapshot
from api_gateway.web.container import Resources
from api_gateway.web.error_handlers import no_record
from api_gateway.web.files.list_columns import FileKind
from api_gateway.web.files.paged_file import Page, paged_file
from api_gateway.web.params.cursor import decode_key, encode_key, next_link, question_hash
from api_gateway.web.params.parameters import Parameters
from api_gateway.web.responses.json_responses import data_reply, joined, page_object

_NAMES = {
    RecordKind.LEGISLATOR: Text("legislator", "o parlamentar"),
    RecordKind.ORGANIZATION: Text("organization", "o órgão"),
    RecordKind.VOTE_EVENT: Text("voting", "a votação"),
    RecordKind.EVENT: Text("event", "o evento"),
}

BY_NAME: Sequence[type] = (str, str)
"""Types of the key of a list by name: folded name and id."""

BY_TIME: Sequence[type] = (datetime, str)
"""Types of the key of a list by time: instant and id."""

BY_VOTE: Sequence[type] = (datetime, int)
"""Types of the key of a list of members' votes: instant and number of the voting."""


def place_after(request: Request, asked: Any, kinds: Sequence[type]) -> tuple[Any, ...] | None:
    """The key in the request's cursor; None for the first page. Raises InvalidParameter."""
    if asked.cursor is None:
        return None
    return decode_key(asked.cursor, question_hash(request.url.path, asked), kinds)


ReadRecords = Callable[..., Awaitable[RecordPage]]
"""Reads one page of records; takes `after` and `limit`."""


async def keyset_reply(
    request: Request, shared: Resources, asked: Any, kind: FileKind, read: ReadRecords, kinds: Sequence[type]
) -> Response:
    """The list as a file where the request wants one, else one page. `kinds` are the types of the list's key. Raises
    InvalidParameter.
    """
    after = place_after(request, asked, kinds)

    async def page_after(place: Key | None, limit: int) -> Page[Key]:
        page = await read(after=place, limit=limit)
        return page.items, page.keys[-1] if page.more else None

    if (file := await paged_file(request, shared, asked, kind, page_after, after)) is not None:
        return file
    snapshot = shared.status_monitor.snapshot
    items, last = await page_after(after, asked.limit)
    return list_reply(request, shared, asked, items, last, snapshot)


def list_reply(
    request: Request,
    shared: Resources,
    asked: Any,
    items: Sequence[bytes],
    last: Sequence[Any] | None,
    snapshot: StatusSnapshot,
) -> Response:
    """A page of rendered items. `last` is the key after which the next page begins; None on the last page."""
    path = request.url.path
    cursor = None if last is None else encode_key(last, question_hash(path, asked))
    return page_reply(path, shared, asked, items, cursor, snapshot)


def page_reply(
    path: str,
    shared: Resources,
    asked: Any,
    items: Sequence[bytes],
    cursor: str | None,
    snapshot: StatusSnapshot,
    index_seq: int | None = None,
) -> Response:
    """A page of rendered items with the cursor of the next one."""
    assert isinstance(asked, Parameters)
    link = None if cursor is None else next_link(shared.settings.public_base_url, path, asked, cursor=cursor)
    members = {"data": joined(items), "page": page_object(asked.limit, cursor, link, None)}  # type: ignore[attr-defined]
    return data_reply(members, snapshot.undated, link=link, index_seq=index_seq)


async def stored_record(database: Database, record_id: str, kind: RecordKind) -> StoredRecord:
    """The record of this id and kind. Raises NotFound."""
    found = await load_record(database, record_id, kind)
    if found is None:
        raise no_record(_NAMES[kind], record_id)
    return found


def detail_reply(document: bytes, changed_at: datetime, snapshot: StatusSnapshot, *, dated: bool = True) -> Response:
    """One rendered record. Not `dated` where some of it depends on the day: it has no `Last-Modified`."""
    if not dated:
        return data_reply({"data": document}, snapshot.undated)
    modified = changed_at if snapshot.modified_at is None else max(changed_at, snapshot.modified_at)
    return data_reply({"data": document}, replace(snapshot, modified_at=modified))
