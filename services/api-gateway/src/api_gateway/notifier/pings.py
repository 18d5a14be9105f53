"""Sends test messages: one confirms a new webhook, others are asked for by owners."""

import asyncio
import secrets

from legis.clock import Clock, utc_now
from legis.errors import StoreUnavailable
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import DELIVERIES
from legis.waiting import wait_or_stop

from api_gateway.notifier.delivery_log import DeliveryLog
from api_gateway.notifier.webhook_sender import Answer, WebhookSender
from api_gateway.store.database.connections import Pool
from api_gateway.store.subscriptions.delivery_writer import Attempt
from api_gateway.store.subscriptions.ping_writer import due_pings, store_ping
from api_gateway.subscriptions.message import ping_message
from api_gateway.subscriptions.subscription import Channel, Subscription

LOOK_SECONDS = 0.5
_log = get_logger(__name__)


class Pings:
    """All test messages that are due, at once: a receiver that hangs delays no other. What became of one is kept until
    it is stored, so that none is sent again and again while the database does not write.
    """

    def __init__(self, pool: Pool, sender: WebhookSender, log: DeliveryLog, clock: Clock = utc_now) -> None:
        self._pool = pool
        self._sender = sender
        self._written = log
        self._clock = clock
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._unstored: dict[int, Answer] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Sends until `stop` is set."""
        while not stop.is_set():
            try:
                for one in await due_pings(self._pool):
                    if one.id not in self._sending:
                        self._sending[one.id] = asyncio.create_task(self._ping(one))
            except StoreUnavailable as error:
                _log.warning("pings_wait_for_the_store", error=str(error))
            await wait_or_stop(stop, LOOK_SECONDS)
        if self._sending:
            await asyncio.wait(self._sending.values())

    async def _ping(self, one: Subscription) -> None:
        try:
            if one.id not in self._unstored:
                self._unstored[one.id] = await self._attempt(one)
            await store_ping(self._pool, one.id, self._unstored[one.id].error)
            del self._unstored[one.id]
        except Exception as error:  # it is due still, and only stored then
            _log.warning("ping_not_stored", subscription=one.public_id, error=str(error))
        finally:
            del self._sending[one.id]

    async def _attempt(self, one: Subscription) -> Answer:
        """Sends one message; a fault of ours counts as a failure, so that the next one waits."""
        at, name = self._clock(), f"ping_{secrets.token_hex(10)}"
        try:
            answer = await self._sender.send(one, name, ping_message(one.public_id, at))
        except Exception as error:
            _log.exception("ping_crashed", subscription=one.public_id)
            answer = Answer.of_crash(at, error)
        self._written.attempted(
            Attempt(one.id, name, None, None, at, answer.code, answer.error, answer.milliseconds, answer.head)
        )
        DELIVERIES.labels(Channel.WEBHOOK.value, "tested" if answer.succeeded else "test_failed").inc()
        return answer
