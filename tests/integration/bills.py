"""Bills with plain values, and observations of them."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api_gateway.store.bill_state.write_items import ObservedItem
from legis.domain.bill import Action, Bill, Provenance, Sponsorship, Subject
from legis.domain.identity.identifiers import bill_type
from legis.domain.vocabulary import ActionKind, BillStatus, Chamber, ReadingPart, Source, SponsorKind, SponsorshipRole
from legis.events import BillObserved, Walk, WindowRef

_sequence = itertools.count(1)
NOON = datetime(2026, 6, 1, 15, tzinfo=UTC)


def observed(bill: Bill, part: ReadingPart = ReadingPart.DETAIL) -> ObservedItem:
    """An observation of a bill, later than all before it, by default of its own details."""
    number = next(_sequence)
    provenance = Provenance(
        url=f"https://upstream.example/{bill.upstream_id}",
        fetched_at=datetime.now(UTC),
        payload_sha256="0" * 64,
        parser_version="1",
    )
    event = BillObserved(
        source=bill.source,
        published_at=datetime.now(UTC),
        window=WindowRef(window_id=f"test-{number}", walk=Walk.INCREMENTAL, index=0),
        read_seq=number,
        bill=bill,
        provenance=provenance,
        part=part,
    )
    return ObservedItem(event)


def make_bill(
    number: int,
    *,
    source: Source = Source.CAMARA,
    upstream_id: str | None = None,
    type_code: str = "PL",
    year: int = 2024,
    title: str = "Dispõe sobre matéria de interesse geral.",
    status: BillStatus = BillStatus.IN_COMMITTEE,
    authors: Sequence[tuple[str, str | None, str | None]] = (("Fulana de Tal", "PSB", "PE"),),
    subjects: Sequence[str] = (),
    moved: datetime | None = None,
    introduced: date | None = date(2024, 2, 1),
    **more: Any,
) -> Bill:
    at = NOON - timedelta(minutes=number) if moved is None else moved
    values: dict[str, Any] = {
        "source": source,
        "upstream_id": upstream_id or str(number),
        "chamber": Chamber.CAMARA if source is Source.CAMARA else Chamber.SENADO,
        "type": bill_type(type_code),
        "type_code": type_code,
        "number": number,
        "number_text": str(number),
        "year": year,
        "identifier": f"{type_code} {number}/{year}",
        "title": title,
        "introduced_on": introduced,
        "status": status,
        "status_text": "Tramitando",
        "in_progress": True,
        "latest_action": Action(date=at.date(), at=at, kind=ActionKind.TRANSFERRED, description="Recebido"),
        "sponsorships": tuple(
            Sponsorship(
                name=name,
                role=SponsorshipRole.AUTHOR,
                kind=SponsorKind.LEGISLATOR,
                order=place,
                party=party,
                state=state,
            )
            for place, (name, party, state) in enumerate(authors, 1)
        ),
        "subjects": tuple(Subject(name=name) for name in subjects),
        "url": f"https://house.example/{number}",
    }
    return Bill(**{**values, **more})
