"""The bills of a feed: those that match, and those that a recent change has just taken out of the match."""

from functools import partial

import orjson

from api_gateway.search.bill_filter import BillFilter, Choice, Sort, SortKey
from api_gateway.search.results import ordered_page
from api_gateway.search.state import IndexState
from api_gateway.web.answering.filtered_changes import ENTRIES_LOOKED_AT
from api_gateway.web.resources import Resources

_NEWEST = Sort(SortKey.CHANGED_AT)


async def feed_summaries(shared: Resources, wanted: BillFilter, state: IndexState, limit: int) -> list[bytes]:
    """At most `limit` list items, last changed first."""
    found = await shared.index.ask(partial(ordered_page, asked=wanted, sort=_NEWEST, limit=limit, after=None), state)
    summaries = [hit.summary for hit in found.hits]
    if wanted == BillFilter():
        return summaries
    after = max(0, state.position.seq - ENTRIES_LOOKED_AT)
    recent = await shared.filtered_changes.page(wanted, state.position.epoch, after=after, limit=ENTRIES_LOOKED_AT)
    ids = tuple(dict.fromkeys(orjson.loads(document)["bill_id"] for document in reversed(recent.documents)))[:limit]
    named = BillFilter(choices=(("ids", Choice(ids)),))
    left = await shared.index.ask(partial(ordered_page, asked=named, sort=_NEWEST, limit=limit, after=None), state)
    return _newest_first(summaries, [hit.summary for hit in left.hits])[:limit] if ids else summaries


def _newest_first(*parts: list[bytes]) -> list[bytes]:
    by_seq = {int(orjson.loads(summary)["change_seq"]): summary for part in parts for summary in part}
    return [by_seq[seq] for seq in sorted(by_seq, reverse=True)]
