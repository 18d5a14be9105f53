"""Percolation: which of some bill states match a filter.

The states become a small index in memory, so that a filter means exactly the same as for a list.
"""

from collections.abc import Sequence
from dataclasses import replace

from tantivy import Index

from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.index_documents import IndexedBill, bill_document
from api_gateway.search.index_schema import build_schema
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
        query = self._compiler.filter(bill_filter).query
        hits = self._searcher.search(query, limit=self._most, count=False, order_by_field="changed").hits
        return {number for number, _ in hits}
