"""Lists of bills as they were at an entry of the change log.

The set of bills is chosen by the filters that name bills, in today's index, with those that have left the set since;
then each bill is taken back to the moment, and all filters are applied to what it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson

from api_gateway.documents.render import Stamp, past_summary
from api_gateway.search import orders
from api_gateway.search.filtering.bill_filter import BillFilter, Choice, Sort, SortKey
from api_gateway.search.index_documents import IndexedBill
from api_gateway.search.past_bills import past_bill, undone
from api_gateway.search.percolator import Percolator

MAX_BILLS = 1000
"""Bills of the set."""

_KEYS = ("ids", "urns")
_NAMING = (*_KEYS, "chamber", "type", "number", "year")
NAMED = ", ".join(f"`{name}`" for name in _NAMING)
"""The filters that choose the set, for messages."""


@dataclass(frozen=True, slots=True)
class PastPage:
    """Rendered items in order, and the number of all matches."""

    items: list[bytes]
    total: int


def naming_part(wanted: BillFilter) -> BillFilter:
    """The part of a filter that chooses the set."""
    return BillFilter(choices=tuple(pair for pair in wanted.choices if pair[0] in _NAMING))


def left_the_set(wanted: BillFilter, rows: Sequence[Any]) -> list[str]:
    """Ids of those among bills that were removed or renamed since (`past_reader.load_left`) that may have been in the
    set. A set of keys loses none.
    """
    if any(name in _KEYS and choice.any_of for name, choice in wanted.choices):
        return []
    return [row["id"] for row in rows if row["renamed"] or _is_in_set(wanted, row)]


def states_at(bills: Sequence[Any], entries: Sequence[Any], seq: int) -> list[IndexedBill]:
    """The bills as they were at entry `seq`, without those that were not known yet; `summary` is the list item of
    then. Both sequences are as `store.past_reader` loads them. A bill without an entry has not changed since the oldest
    that the log keeps.
    """
    found = {bill_id: list(own) for bill_id, own in groupby(entries, key=lambda entry: entry["bill_id"])}
    states = []
    for row in bills:
        own = found.get(row["id"], [_last_change(row)])
        state = _state_at(row, [entry for entry in own if entry["version"] <= row["version"]], seq)
        if state is not None:
            states.append(state)
    return states


def _last_change(row: Any) -> Mapping[str, Any]:
    """The bill's last change, of what its row says of it."""
    return {"seq": row["change_seq"], "version": row["version"], "changed_at": row["changed_at"]}


def begin_in_archive(entries: Sequence[Any], seq: int) -> bool:
    """Whether a bill was known at entry `seq`, but its last change until then is no longer in the log. `entries` are as
    for `states_at`.
    """
    oldest = {entry["bill_id"]: entry for entry in entries}.values()  # each bill's newest version comes first
    return any(entry["seq"] > seq and entry["version"] > 1 for entry in oldest)


def past_page(states: Sequence[IndexedBill], wanted: BillFilter, sort: Sort, offset: int, limit: int) -> PastPage:
    """A page of the states that match the filter, in the order that the list had. It is slow, so it must not run on the
    event loop.
    """
    matched = [states[number] for number in Percolator(states).matching(wanted)]
    matched.sort(key=lambda bill: _place(bill, sort.key), reverse=sort.descending)
    return PastPage([bill.summary for bill in matched[offset : offset + limit]], len(matched))


def _state_at(row: Any, entries: Sequence[Any], seq: int) -> IndexedBill | None:
    """One bill; `entries` end with the one that was its last then. None if there is none: it was not known."""
    if not entries or entries[-1]["seq"] > seq:
        return None
    *later, last = entries
    document: dict[str, Any] = orjson.loads(row["document"])
    removed = row["removed_at"] is not None
    for entry in later:
        document, removed = undone(document, removed, entry)
    gone = last["changed_at"] if removed else None  # no entry follows a removal but that of a return
    created = datetime.fromisoformat(document["created_at"])
    stamp = Stamp(last["version"], last["seq"], created, last["changed_at"], gone)
    bill = past_bill(row, document, removed, last["changed_at"])
    return replace(bill, change_seq=last["seq"], summary=past_summary(document, stamp))


def _place(bill: IndexedBill, key: SortKey) -> int:
    """The sort value in the index."""
    if key is SortKey.CHANGED_AT:
        return bill.change_seq
    if key is SortKey.INTRODUCED_ON:
        return orders.placed(orders.of_day(bill.introduced_on), bill.ordinal)
    return orders.placed(orders.of_instant(bill.last_action_at), bill.ordinal)


def _is_in_set(wanted: BillFilter, row: Any) -> bool:
    kinds = {row["type_code"], "OTHER"} if row["type"] == "OTHER" else {row["type_code"]}
    values = {"chamber": {row["chamber"]}, "type": kinds, "number": {row["number"]}, "year": {row["year"]}}
    return all(_allows(choice, values[name]) for name, choice in wanted.choices if name in values)


def _allows(choice: Choice[Any], values: set[Any]) -> bool:
    return (not choice.any_of or not values.isdisjoint(choice.any_of)) and values.isdisjoint(choice.none_of)
