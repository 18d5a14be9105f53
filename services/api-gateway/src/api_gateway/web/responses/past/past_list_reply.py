"""The reply for a list of bills as it was at a past moment."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson
from legis.clock import utc_now
from legis.digits import digits_value
from legis.languages import Text
from starlette.requests import Request
from starlette.responses import Response

from api_gateway.search.filtering.bill_filter import SortKey
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.search.index.panics import guarded
from api_gateway.search.past_list import (
    MAX_BILLS,
    NAMED,
    PastPage,
    begin_in_archive,
    left_the_set,
    naming_part,
    past_page,
    states_at,
)
from api_gateway.search.results import matching_ids
from api_gateway.store.changes.past_reader import load_left, load_past, load_seq_at, load_time_of
from api_gateway.web.container import Resources
from api_gateway.web.log_position import Place, gone_to_archive, position_for
from api_gateway.web.params.cursor import decode_key, encode_key, invalid_cursor
from api_gateway.web.params.list_request import ListQuestion
from api_gateway.web.params.moment import read_moment
from api_gateway.web.params.parameters import MAX_SEQ, BillParameters
from api_gateway.web.pipeline.request_context import context_of
from api_gateway.web.responses.json_responses import data_reply, joined, page_object
from api_gateway.web.waiting_for_index import settled

_TOO_MANY = Text(
    f"is answered for at most {MAX_BILLS} bills, chosen by {NAMED}; narrow them (or ask for a later moment)",
    f"é respondido para no máximo {MAX_BILLS} proposições, escolhidas por {NAMED}; restrinja-os (ou peça um momento "
    "mais recente)",
)


async def past_list_reply(
    request: Request, shared: Resources, question: ListQuestion, asked: BillParameters
) -> Response:
    """A page. All pages of a list show the same entry of the log, which the cursor has. Raises InvalidParameter,
    LogGone, IndexNotReady and StoreUnavailable.
    """
    _must_be_plain(request, question)
    snapshot = shared.status_monitor.snapshot
    seq, offset = await _place(shared, question, asked)
    at = await _time(shared, question, seq)
    await settled(request, shared, seq, "as_of")
    page = await _page(shared, question, seq, offset)
    following = offset + len(page.items)
    cursor = link = None
    if page.items and following < page.total:
        cursor = encode_key((str(seq), snapshot.epoch or "", following), question.key)
        link = shared.settings.public_base_url.rstrip("/") + question.following + cursor
    items = [_reduced(item, question.fields) for item in page.items]
    count = page.total if question.counted else None
    members = {"data": joined(items), "page": page_object(question.limit, cursor, link, count)}
    return data_reply(members, snapshot, link=link, meta={"as_of": at, "as_of_seq": seq})


def _must_be_plain(request: Request, question: ListQuestion) -> None:
    refused = {
        "facets": bool(question.facets),
        "highlight": question.explained,
        "min_seq": question.min_seq is not None,
        "sort": question.sort.key is SortKey.RELEVANCE,
        "format": context_of(request.scope).file_format is not None,
    }
    for name, wanted in refused.items():
        if wanted:
            text = Text(
                "is not possible with as_of for a past list", "não é possível com as_of em uma lista do passado"
            )
            raise InvalidParameter(name, text)


async def _place(shared: Resources, question: ListQuestion, asked: BillParameters) -> tuple[int, int]:
    """The entry that the list shows, and the number of items before the page."""
    if asked.cursor is not None:
        text, epoch, offset = decode_key(asked.cursor, question.key, (str, str, int))
        shown = digits_value(text, MAX_SEQ)
        if shown is None:
            raise invalid_cursor()
        await position_for(Place(shown, epoch or None, "cursor", "cursor"), shared)
        return shown, offset
    moment = read_moment(question.as_of or "")
    if isinstance(moment, int):
        await position_for(Place(moment, None, "as_of"), shared)
        return moment, 0
    seq = await load_seq_at(shared.database.newest(), moment)
    state = shared.index.state
    if state is not None and moment > utc_now():  # not over yet: what the index has is as true as what it will have
        seq = min(seq, state.position.seq)
    if seq == 0:  # before all entries: of the log as it is, or of all times
        await position_for(Place(seq, None, "as_of"), shared)
    return seq, 0


async def _time(shared: Resources, question: ListQuestion, seq: int) -> datetime | None:
    """The instant that was asked for, or that of the entry."""
    moment = read_moment(question.as_of or "")
    if isinstance(moment, int):
        return await load_time_of(shared.database.at_least(seq), seq)
    return moment.astimezone(UTC)


async def _page(shared: Resources, question: ListQuestion, seq: int, offset: int) -> PastPage:
    state = shared.index.require(shared.status_monitor.snapshot.epoch)
    chosen = await shared.index.ask(
        partial(matching_ids, bill_filter=naming_part(question.wanted), most=MAX_BILLS), state
    )
    # Bills are read from a server that has at least what the index has: a bill that left the set since is then seen.
    database = shared.database.at_least(max(seq, state.position.seq))
    left = await load_left(database, seq)
    if chosen is None or left is None:
        raise InvalidParameter("as_of", _TOO_MANY)
    ids = sorted({*chosen, *left_the_set(question.wanted, left)})
    rows = None if len(ids) > MAX_BILLS else await load_past(database, ids, seq)
    if rows is None:
        raise InvalidParameter("as_of", _TOO_MANY)
    if begin_in_archive(rows.entries, seq):
        raise await gone_to_archive("as_of", shared)
    states = await asyncio.to_thread(states_at, rows.bills, rows.entries, seq)
    return await asyncio.to_thread(
        guarded, partial(past_page, states, question.wanted, question.sort, offset, question.limit)
    )


def _reduced(item: bytes, fields: Sequence[str]) -> bytes:
    if not fields:
        return item
    document: dict[str, Any] = orjson.loads(item)
    return orjson.dumps({name: document.get(name) for name in fields})
