"""A few bills with plain values, and an index of them in memory."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
from api_gateway.search.index.folder import Position
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index_documents import IndexedBill, bill_document, position_document
from api_gateway.search.index_schema import build_schema
from api_gateway.search.ranges import last_slots
from tantivy import Index

_HEAP_BYTES = 15_000_000


def plain_bill(number: int, title: str = "Dispõe sobre saúde.", *, record: Any = None, **given: Any) -> IndexedBill:
    """A bill `PL <number>/2020` of the Câmara; `record` adds to what its record says."""
    values: dict[str, Any] = {
        "id": f"camara-{number}", "ordinal": number, "source": "camara", "upstream_id": str(number),
        "legacy_id": None, "chamber": "CAMARA", "type": "PL", "type_code": "PL", "number": number, "year": 2020,
        "labels": [f"PL {number}/2020"], "status": "IN_COMMITTEE", "in_progress": True, "organization": None,
        "introduced_on": None, "last_action_at": None, "parties": [], "states": [], "subjects": [], "urns": [],
        "change_seq": number, "changed_at": datetime(2026, 1, 1, tzinfo=UTC), "removed": False,
        "record": {"title": title, **(record or {})},
        "summary": orjson.dumps({"id": f"camara-{number}", "title": title, "subjects": []}),
    }  # fmt: skip
    return IndexedBill(**{**values, **given})


def state_of(bills: Iterable[IndexedBill]) -> IndexState:
    """A state of an index that has these bills, and the document that says how far it has come."""
    index = Index(build_schema())
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    for bill in bills:
        writer.add_document(bill_document(bill))
    position = Position("a")
    writer.add_document(position_document(position.dump()))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return IndexState(index, index.searcher(), position, last_slots(index.searcher()))
