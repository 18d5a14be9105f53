"""What a source leaves in a bill's extras is published without personal data, whichever house it is of."""

import pytest
from integration.ingest.runner.scripted import events
from legis.clock import utc_now
from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart, Source
from legis.events import BillObserved, Walk
from legis.ingest.in_flight import InFlight
from legis.ingest.source import Reading, Window
from legis.ingest.window_publisher import WindowPublisher
from legis.streams.publisher import Publisher
from prometheus_client import REGISTRY
from redis.asyncio import Redis

EXTRAS = {
    "cpfAutor": "529.982.247-25",
    "autoria": [{"nome": "Ana", "email": "ana@example.org", "dataNascimento": "1970-01-01"}],
    "texto": "Ligue (61) 3303-4141.",
    "uriOrgaoNumerador": "https://example.org/180",
}
KEPT = {
    "autoria": [{"nome": "Ana"}],
    "texto": "Ligue [removed].",
    "uriOrgaoNumerador": "https://example.org/180",
}


def removed(source: Source) -> float:
    return REGISTRY.get_sample_value("legis_personal_data_removed_total", {"source": source}) or 0.0


@pytest.mark.parametrize("source", [Source.CAMARA, Source.SENADO])
async def test_extras_are_published_without_personal_data(redis: Redis, source: Source) -> None:
    window = Window(Walk.INCREMENTAL, 1, 2, "1..2")
    publisher = WindowPublisher(Publisher(redis, capacity=10), InFlight(), source, window, "w", utc_now)
    provenance = Provenance(url="http://upstream/x", fetched_at=utc_now(), payload_sha256="0" * 64, parser_version="1")
    bill = Bill(source=source, upstream_id="1", title="Dispõe sobre testes.", extras=EXTRAS)
    before = removed(source)

    await publisher.add(Reading(bill, provenance, ReadingPart.DETAIL, 1, {}))
    await publisher.flush()

    (event,) = await events(redis)
    assert isinstance(event, BillObserved)
    assert event.bill.extras == KEPT
    assert event.bill.title == bill.title
    assert removed(source) - before == 4
