"""Fills a database with the invented bills, by the worker's own writer."""

import random
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson
from api_gateway.documents.derive import filter_keys
from api_gateway.indexer.bill_rows import indexed_bill
from api_gateway.store.bill_state.write_items import ObservedItem
from api_gateway.store.bills.bill_writer import apply
from legis.domain.bill import Action, Bill, Provenance
from legis.domain.identity.identifiers import bill_type
from legis.domain.vocabulary import ActionKind, BillStatus, ReadingPart, Source, SponsorKind, SponsorshipRole
from legis.events import BillObserved, Walk, WindowRef

from search.corpus import row

_BATCH = 200


async def fill(url: str, bills: int, seed: int = 1) -> None:
    """Stores invented bills, by the worker's own writer; every fifth twice, so that the log tells of changes."""
    dice = random.Random(seed)
    numbers = [*range(1, bills + 1), *range(1, bills + 1, 5)]
    async with asyncpg.create_pool(url, min_size=1, max_size=2) as pool:
        for first in range(0, len(numbers), _BATCH):
            batch = numbers[first : first + _BATCH]
            items = [_observed(bill_of(row(dice, number, number)), first + n) for n, number in enumerate(batch, 1)]
            await apply(pool, items, confirm_seconds=0)


def bill_of(values: dict[str, Any]) -> Bill:
    """A row of the corpus as a bill of the Câmara."""
    made, record = indexed_bill(values), orjson.loads(values["record"])
    at, kind = made.last_action_at, ActionKind.TRANSFERRED
    return Bill.model_validate({
        "source": "camara", "upstream_id": made.upstream_id, "chamber": made.chamber, "type": bill_type(made.type_code),
        "type_code": made.type_code, "number": made.number, "year": made.year, "title": record["title"] or None,
        "number_text": None if made.number is None else str(made.number),
        "identifier": next(iter(made.labels), made.type_code), "abstract": record.get("abstract"),
        "keywords": record["keywords"], "introduced_on": made.introduced_on, "status": BillStatus(made.status),
        "in_progress": made.in_progress, "regime_text": record.get("regime_text"),
        "organization": {"acronym": made.organization} if made.organization else None,
        "latest_action": Action(date=at.date(), at=at, kind=kind, description="Recebido") if at else None,
        "sponsorships": [
            {"name": one["name"], "role": SponsorshipRole.AUTHOR, "kind": SponsorKind.LEGISLATOR, "order": place,
             "legislator_id": one["legislator_id"], "party": next(iter(filter_keys(made.parties)), None)}
            for place, one in enumerate(record["sponsorships"], 1)
        ],
        "subjects": record["subjects"], "url": f"https://house.example/{made.upstream_id}",
    })  # fmt: skip


def _observed(bill: Bill, number: int) -> ObservedItem:
    event = BillObserved(
        source=Source(bill.source),
        published_at=datetime.now(UTC),
        window=WindowRef(window_id=f"fuzz-{number}", walk=Walk.INCREMENTAL, index=0),
        read_seq=number,
        bill=bill,
        provenance=Provenance(
            url=bill.url or "", fetched_at=datetime.now(UTC), payload_sha256="0" * 64, parser_version="1"
        ),
        part=ReadingPart.DETAIL,
    )
    return ObservedItem(event)
