"""Bills of the index, and an index of some of them in memory."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from api_gateway.search.index.folder import Position
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index_documents import IndexedBill, bill_document
from api_gateway.search.index_schema import build_schema
from api_gateway.search.ranges import last_slots
from tantivy import Index

MakeIndexed = Callable[..., IndexedBill]


@pytest.fixture(scope="session")
def indexed() -> MakeIndexed:
    """`indexed(7, title="…", party="PT", keywords=["…"])`: a bill as the index is given it."""
    return _indexed


@pytest.fixture(scope="session")
def state_of() -> Callable[[Sequence[IndexedBill]], IndexState]:
    """`state_of(bills)`: an index of these bills, as one request sees it."""
    return _state_of


def _state_of(bills: Sequence[IndexedBill]) -> IndexState:
    index = Index(build_schema())
    writer = index.writer(heap_size=15_000_000, num_threads=1)
    for bill in bills:
        writer.add_document(bill_document(bill))
    writer.commit()
    index.reload()
    return IndexState(index, index.searcher(), Position("epoch"), last_slots(index.searcher()))


_OF_THE_RECORD = (
    "abstract", "decision", "enactment", "keywords", "nickname", "rapporteurs", "regime_text", "sponsorships",
)  # fmt: skip


def _indexed(number: int, /, *, title: str = "Dispõe sobre matéria de interesse geral.", **more: Any) -> IndexedBill:
    record = {"title": title} | {name: more.pop(name) for name in _OF_THE_RECORD if name in more}
    label = f"{more.get('type_code', 'PL')} {more.get('number', number)}/{more.get('year', 2024)}"
    values: dict[str, Any] = {
        "id": f"camara-{number}",
        "ordinal": number,
        "source": "camara",
        "upstream_id": str(number),
        "legacy_id": None,
        "chamber": "CAMARA",
        "type": "PL",
        "type_code": "PL",
        "number": number,
        "year": 2024,
        "labels": [label],
        "status": "IN_COMMITTEE",
        "in_progress": True,
        "organization": None,
        "introduced_on": None,
        "last_action_at": None,
        "parties": [],
        "states": [],
        "subjects": [],
        "urns": [],
        "change_seq": number,
        "changed_at": datetime(2026, 1, 1, tzinfo=UTC),
        "removed": False,
        "record": record,
        "summary": orjson.dumps({"id": f"camara-{number}", "title": title, "identifier": label, "subjects": []}),
    }
    return IndexedBill(**(values | more))
