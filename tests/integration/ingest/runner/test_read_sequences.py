"""Readings are numbered above all that came before them."""

from integration.ingest.runner.scripted import ScriptedSource, ends, events, move_to, running, two_and_a_bad_one, until
from legis.clock import utc_now
from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart, Source
from legis.events import BillObserved, Walk, WindowRef
from legis.streams.publisher import Publisher
from redis.asyncio import Redis


async def test_readings_are_newer_than_those_on_their_way_though_the_clock_was_set_back(redis: Redis) -> None:
    """What the process before this one published may be stored at any moment, and must not make these look old."""
    before = int(utc_now().timestamp() * 1e6) + 3_600_000_000
    bill = Bill(source=Source.CAMARA, upstream_id="1", title="Dispõe sobre testes.")
    provenance = Provenance(url="http://upstream/1", fetched_at=utc_now(), payload_sha256="0" * 64, parser_version="1")
    on_its_way = BillObserved(
        source=Source.CAMARA, published_at=utc_now(), window=WindowRef(window_id="w", walk=Walk.INCREMENTAL, index=0),
        read_seq=before, bill=bill, provenance=provenance, part=ReadingPart.DETAIL, marks={},
    )  # fmt: skip
    await Publisher(redis, capacity=10).publish([(on_its_way, None)])
    await move_to(redis, {Walk.INCREMENTAL: 2})
    async with running(ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one}), redis):
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))

    sequences = [event.read_seq for event in seen if isinstance(event, BillObserved)]
    assert sequences[0] == before
    assert min(sequences[1:]) > before


async def test_read_sequences_continue_above_what_is_stored(redis: Redis) -> None:
    far_ahead = 9_000_000_000_000_000
    await move_to(redis, {Walk.INCREMENTAL: 2}, max_read_seq=far_ahead)
    async with running(ScriptedSource({Walk.INCREMENTAL: two_and_a_bad_one}), redis):
        seen = await until(lambda: events(redis), lambda found: bool(ends(found)))

    assert all(event.read_seq > far_ahead for event in seen if isinstance(event, BillObserved))
