"""The bills of a feed, each with its newest entry in the change log that matches the feed's parameters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import orjson

from api_gateway.search.filtering.bill_filter import BillFilter, Choice, Sort, SortKey
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.results import ordered_page
from api_gateway.store.changes.change_reader import load_newest, load_newest_of_bills
from api_gateway.web.container import Resources
from api_gateway.web.responses.filtered_changes import ENTRIES_LOOKED_AT, Wanted

_NEWEST = Sort(SortKey.CHANGED_AT)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A bill as lists show it now, and the change that put it into the feed; `fields` are the names of the changed
    fields.
    """

    bill: dict[str, Any]
    version: int
    kind: str
    changed_at: datetime
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Bills, last changed first. `next_place` is the highest `seq` for the next page; None on the last page."""

    items: list[FeedItem]
    next_place: int | None


async def feed_page(shared: Resources, wanted: Wanted, state: IndexState, limit: int, place: int | None) -> FeedPage:
    """At most `limit` bills that have matching entries with a `seq` up to `place` (None: up to the index's position).

    The newest 500 matching entries are searched for bills that matched before or after them. If these do not fill a
    filtered feed, the bills that match now follow, each with its own newest entry.
    """
    up_to, epoch = state.position.seq, state.position.epoch
    if place is not None:
        up_to = min(up_to, place)
    database = shared.database.at_least(up_to)
    recent = await load_newest(database, wanted.entries, up_to=up_to, limit=ENTRIES_LOOKED_AT)
    matched = await shared.filtered_changes.matching(recent[::-1], wanted, epoch)
    entries = _newest_of_each(matched)
    if len(entries) < limit and wanted.bills is not None:
        ids = await _ids(shared, wanted.bills, state)
        older = await load_newest_of_bills(database, ids, wanted.entries, up_to=up_to)
        entries = _newest_of_each((*matched, *older))
    page = entries[:limit]
    more = bool(page) and (len(entries) > limit or len(recent) == ENTRIES_LOOKED_AT)
    return FeedPage(await _shown(shared, page, state), int(page[-1]["seq"]) - 1 if more else None)


def _newest_of_each(entries: Iterable[Any]) -> list[Any]:
    """The newest entry of each bill, newest first."""
    newest = {entry["bill_id"]: entry for entry in sorted(entries, key=lambda entry: int(entry["seq"]))}
    return sorted(newest.values(), key=lambda entry: int(entry["seq"]), reverse=True)


async def _ids(shared: Resources, wanted: BillFilter, state: IndexState) -> list[str]:
    ask = partial(ordered_page, bill_filter=wanted, sort=_NEWEST, limit=ENTRIES_LOOKED_AT, after=None)
    found = await shared.index.ask(ask, state)
    return [orjson.loads(hit.summary)["id"] for hit in found.hits]


async def _shown(shared: Resources, entries: Sequence[Any], state: IndexState) -> list[FeedItem]:
    if not entries:
        return []
    named = BillFilter(choices=(("ids", Choice(tuple(entry["bill_id"] for entry in entries))),))
    ask = partial(ordered_page, bill_filter=named, sort=_NEWEST, limit=len(entries), after=None)
    bills = {
        bill["id"]: bill for bill in (orjson.loads(hit.summary) for hit in (await shared.index.ask(ask, state)).hits)
    }
    return [
        FeedItem(
            bills[entry["bill_id"]],
            entry["version"],
            entry["kind"],
            entry["changed_at"],
            tuple(entry["fields"]),
        )
        for entry in entries
        if entry["bill_id"] in bills
    ]
