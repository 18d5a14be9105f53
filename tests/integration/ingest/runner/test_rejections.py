"""How rejected records are published."""

from integration.ingest.runner.scripted import events
from legis.clock import utc_now
from legis.domain.vocabulary import Source
from legis.errors import RecordRejected as RejectedError
from legis.events import RecordRejected, Walk
from legis.ingest.in_flight import InFlight
from legis.ingest.source import Window
from legis.ingest.window_publisher import WindowPublisher
from legis.streams.publisher import Publisher
from redis.asyncio import Redis


async def test_a_reason_with_a_lone_surrogate_is_published_escaped(redis: Redis) -> None:
    window = Window(Walk.VOTINGS, 1, 2, "1..2")
    publisher = WindowPublisher(Publisher(redis, capacity=10), InFlight(), Source.CAMARA, window, "w", utc_now)
    await publisher.add(RejectedError("asked for 9-1, got 9-\ud83d", raw=b"{}", upstream_id="9-1"))
    await publisher.flush()
    (event,) = await events(redis)
    assert isinstance(event, RecordRejected)
    assert event.error == "asked for 9-1, got 9-\\ud83d"
