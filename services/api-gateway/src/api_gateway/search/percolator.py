"""Percolation: which of some bill states match a filter.

The states become a small index in memory, so that a filter means exactly the same as for a list.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tantivy import Index

from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.index_documents import IndexedBill, bill_document
from api_gateway.search.index_schema import build_schema
from api_gateway.search.past_bills import states_of
from api_gateway.search.query_compiler import Compiler
from api_gateway.search.ranges import last_slots

_HEAP_BYTES = 15_000_000
"""The minimum that Tantivy accepts."""


class Percolator:
    """Bill states that filters can be matched against."""

    def __init__(self, bills: Sequence[IndexedBill]) -> None:
        index = Index(build_schema())
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for number, bill in enumerate(bills):
            # The order `changed` is free here, so it carries the number of the state.
            writer.add_document(bill_document(replace(bill, change_seq=number)))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._most = max(1, len(bills))
        self._searcher = index.searcher()
        self._compiler = Compiler(index.schema, self._searcher, last_slots(self._searcher))

    def matching(self, bill_filter: BillFilter) -> set[int]:
        """Indexes, in the sequence given, of the states that match the filter."""
        if not self._compiler.may_match(bill_filter):
            return set()
        query = self._compiler.filter(bill_filter).query
        hits = self._searcher.search(query, limit=self._most, count=False, order_by_field="changed").hits
        return {number for number, _ in hits}


class EntryPercolator:
    """Entries of the change log that filters can be matched against: by the bill before or after each.

    `entries`, `bills` and `later` are as `past_bills.states_of` takes them.
    """

    def __init__(self, entries: Sequence[Any], bills: Sequence[Any], later: Sequence[Any]) -> None:
        states: list[IndexedBill] = []
        self._seqs: list[int] = []
        for one in states_of(entries, bills, later):
            for state in (one.before, one.after):
                if state is not None:
                    states.append(state)
                    self._seqs.append(one.seq)
        self._percolator = Percolator(states)

    def matching(self, bill_filter: BillFilter) -> set[int]:
        """The `seq` of each entry whose bill matched the filter before or after it."""
        return {self._seqs[number] for number in self._percolator.matching(bill_filter)}
