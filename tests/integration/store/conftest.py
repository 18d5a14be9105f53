"""Builders of observations, and a pool on a fresh database."""

import itertools
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from api_gateway.settings import StoreSettings
from api_gateway.store.bill_state.write_items import ObservedItem
from api_gateway.store.database.pool import open_pool
from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart, Source
from legis.events import BillObserved, Walk, WindowRef, encode

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

Observe = Callable[..., ObservedItem]


@pytest_asyncio.fixture(loop_scope="session")
async def pool(database_url: str) -> AsyncIterator[Any]:
    """A pool on a fresh database."""
    opened = await open_pool(StoreSettings(database_url=database_url), name="test", statement_timeout=10)
    yield opened
    await opened.close()


@pytest.fixture
def observe() -> Observe:
    """`observe(seq, upstream_id="1", part=…, at=…, **claims)`: an observation read at `NOON + at` seconds."""
    indexes = itertools.count()

    def make(
        seq: int,
        upstream_id: str = "1",
        *,
        source: Source = Source.CAMARA,
        part: ReadingPart = ReadingPart.DETAIL,
        at: float = 0,
        window: str = "w1",
        index: int | None = None,
        trace_id: str | None = None,
        **claims: Any,
    ) -> ObservedItem:
        fetched = NOON + timedelta(seconds=at)
        facts = {"type": "PL", "type_code": "PL", "number": 10, "number_text": "10", "year": 2024}
        facts |= {"identifier": "PL 10/2024", "title": "Institui o dia da educação"} | claims
        event = BillObserved(
            source=source,
            published_at=fetched + timedelta(seconds=1),
            window=WindowRef(window_id=window, walk=Walk.INCREMENTAL, index=next(indexes) if index is None else index),
            read_seq=seq,
            bill=Bill(source=source, upstream_id=upstream_id, **facts),
            provenance=Provenance(
                url=f"https://example.test/{upstream_id}",
                fetched_at=fetched,
                payload_sha256="0" * 64,
                parser_version="1",
            ),
            part=part,
        )
        return ObservedItem(event, encode(event), trace_id)

    return make
