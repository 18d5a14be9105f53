"""Keeps handling batches whatever is away for a while; ends only when told to."""

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
    """Reads batches and hands each to the handler until it is done."""

    def __init__(self, consumer: StreamConsumer, handler: Handler) -> None:
        self._consumer = consumer
        self._handler = handler

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop` is set and the batch in hand is finished, then leaves the group."""
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
        """Shows the others that the batch is worked on: waiting for a store is no fault of the messages, and whoever
        took them over would count it as one."""
        while True:
            await asyncio.sleep(self._consumer.keep_seconds)
            with contextlib.suppress(RedisError, OSError):
                await self._consumer.keep(batch)

    async def _until_done(self, batch: Sequence[Delivery], stop: asyncio.Event) -> None:
        """Handles a batch, waiting out a store that is away; gives the batch back when told to stop meanwhile.

        A failure that nobody foresaw is tried again a few times. Then the batch is left as it is: it comes again in
        smaller pieces, and what fails for ever ends as a dead letter, one message at a time.
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
