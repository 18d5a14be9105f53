"""The worker's main loop: handles batches until told to stop, and retries while PostgreSQL or Redis is unavailable."""

import asyncio
import contextlib
from collections.abc import Sequence

from legis.errors import StoreUnavailable
from legis.streams.consumer import Delivery, StreamConsumer
from legis.telemetry import logs
from legis.waiting import retreat
from redis.exceptions import RedisError

from api_gateway.worker.batch_handler import Handler

LONGEST_WAIT_SECONDS = 5.0
_FIRST_WAIT = 0.2
_UNEXPECTED_TRIES = 3

_log = logs.get_logger(__name__)


class WorkerLoop:
    """Reads batches from one consumer and passes each to the handler until it is done."""

    def __init__(self, consumer: StreamConsumer, handler: Handler) -> None:
        self._consumer = consumer
        self._handler = handler

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop` is set and the current batch is finished, then leaves the consumer group."""
        async for batch in self._consumer.batches(stop):
            keeping = asyncio.create_task(self._keep(batch))
            try:
                await self._until_done(batch, stop)
            finally:
                keeping.cancel()
                await asyncio.wait({keeping})
        with contextlib.suppress(RedisError, OSError):
            await self._consumer.leave()

    async def _keep(self, batch: Sequence[Delivery]) -> None:
        """Renews the claim on a batch, so that no other consumer takes it over. A takeover counts as a delivery, and
        too many deliveries make a message a dead letter; waiting for the store must not count.
        """
        while True:
            await asyncio.sleep(self._consumer.keep_seconds)
            with contextlib.suppress(RedisError, OSError):
                await self._consumer.keep(batch)

    async def _until_done(self, batch: Sequence[Delivery], stop: asyncio.Event) -> None:
        """Handles a batch, with retries while the store is unavailable. Gives the batch back if `stop` is set
        meanwhile.

        An unexpected error is retried a few times. Then the batch is left unacknowledged: its messages are delivered
        again in smaller batches, and a message that always fails becomes a dead letter, alone.
        """
        wait, unexpected = _FIRST_WAIT, 0
        while True:
            try:
                await self._handler.handle(batch)
                return
            except StoreUnavailable as error:
                _log.warning("store_unavailable", error=str(error), messages=len(batch))
            except Exception:
                unexpected += 1
                _log.exception("batch_failed", messages=len(batch), first=batch[0].id, tries=unexpected)
                if unexpected >= _UNEXPECTED_TRIES:
                    return
            if stop.is_set():
                with contextlib.suppress(RedisError, OSError):
                    await self._consumer.give_back(batch)
                return
            await retreat(stop, wait)
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)
