"""Delivers to all webhooks at once: a lane for each, places for the healthy ones and fewer for those that fail."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import replace

from legis.clock import Clock, utc_now
from legis.errors import StoreUnavailable
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import DELIVERIES, DELIVERY_AGE
from legis.waiting import wait_or_stop

from api_gateway.notifier.content_cache import ContentCache
from api_gateway.notifier.delivery_log import DeliveryLog
from api_gateway.notifier.lane import MOST_PENDING, Delay, Lane
from api_gateway.notifier.webhook_sender import Answer, WebhookSender
from api_gateway.store.database.connections import Pool
from api_gateway.store.subscriptions.delivery_writer import Attempt, park, stop_subscription, store_failure
from api_gateway.store.subscriptions.match_writer import load_position, matches_of, recent_matches
from api_gateway.store.subscriptions.subscription_rows import load_all
from api_gateway.subscriptions.message import change_message, message_id
from api_gateway.subscriptions.retry_schedule import retry_delay
from api_gateway.subscriptions.subscription import Channel, Subscription, SubscriptionState

HEALTHY_PLACES, SUSPECT_PLACES = 256, 32
REFRESH_SECONDS = 1.0
"""How soon a subscription that was created, paused or resumed is noticed."""

LOOK_SECONDS = 0.05
_MATCHES_AT_ONCE = 1000
_CHANNEL = Channel.WEBHOOK.value
_log = get_logger(__name__)


class WebhookDeliveries:
    """All lanes. `epoch` names the log and is part of every message's id. For one event loop."""

    def __init__(
        self, pool: Pool, sender: WebhookSender, log: DeliveryLog, *, clock: Clock = utc_now, delay: Delay = retry_delay
    ) -> None:
        self._pool = pool
        self._sender = sender
        self._written = log
        self._contents = ContentCache(pool)
        self._clock = clock
        self._delay = delay
        self._lanes: dict[int, Lane] = {}
        self._read_to = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._healthy, self._suspects = 0, 0
        self.epoch = ""

    async def run(self, stop: asyncio.Event) -> None:
        """Delivers until `stop` is set; attempts that have begun are completed."""
        refreshed = float("-inf")
        while not stop.is_set():
            try:
                if time.monotonic() - refreshed >= REFRESH_SECONDS:
                    await self._refresh()
                    refreshed = time.monotonic()
                await self._take_matches()
            except StoreUnavailable as error:
                _log.warning("deliveries_wait_for_the_store", error=str(error))
                await wait_or_stop(stop, 1.0)
                continue
            self._begin_due()
            await wait_or_stop(stop, LOOK_SECONDS)
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _refresh(self) -> None:
        """Takes over what owners changed: lanes are closed, opened, and begun anew where an owner set the position."""
        position = await load_position(self._pool)
        async with self._written.writing:
            stored = {one.id: one for one in await load_all(self._pool) if _delivers(one)}
            for key, lane in list(self._lanes.items()):
                one = stored.get(key)
                if position.epoch != self.epoch or one is None or one.sent_seq != self._written.positions[key]:
                    lane.closed = True
                    del self._lanes[key]
                else:
                    lane.subscription = _fresh(lane.subscription, one)
            for key in stored.keys() - self._lanes.keys():
                self._lanes[key] = Lane(stored[key], read_to=stored[key].sent_seq)
                self._written.forget(key, stored[key].sent_seq)
        if position.epoch != self.epoch:
            self.epoch, self._read_to = position.epoch, position.seq
        await self._refill(lane for lane in self._lanes.values() if not lane.complete and not lane.pending)

    async def _refill(self, lanes: Iterable[Lane]) -> None:
        """Reads what lanes left out, or have not read since they began."""
        for lane in list(lanes):
            found = await matches_of(self._pool, lane.subscription.id, lane.read_to, MOST_PENDING)
            lane.pending.extend(found)
            lane.complete = len(found) < MOST_PENDING
            lane.read_to = found[-1] if found else lane.read_to
            if lane.complete:  # all that was matched before is stored, so nothing up to there is missing
                lane.read_to = max(lane.read_to, self._read_to)

    async def _take_matches(self) -> None:
        """Hands new matches to their lanes."""
        while True:
            rows = await recent_matches(self._pool, self._read_to, _MATCHES_AT_ONCE)
            for row in rows:
                self._read_to = row["seq"]
                for subscription_id in row["subscription_ids"]:
                    if (lane := self._lanes.get(subscription_id)) is not None:
                        lane.add(row["seq"])
            if len(rows) < _MATCHES_AT_ONCE:
                return

    def _begin_due(self) -> None:
        now = self._clock()
        for lane in self._lanes.values():
            if not lane.is_due(now):
                continue
            if lane.suspect:
                if self._suspects >= SUSPECT_PLACES:
                    continue
                self._suspects += 1
            else:
                if self._healthy >= HEALTHY_PLACES:
                    continue
                self._healthy += 1
            lane.busy = True
            task = asyncio.create_task(self._deliver(lane, suspect=lane.suspect))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, lane: Lane, *, suspect: bool) -> None:
        """Sends what is pending until nothing is left, or an attempt fails."""
        try:
            while lane.pending and not lane.closed:
                answer = await self._attempt(lane)
                if answer is None or not answer.succeeded:
                    return
        except StoreUnavailable as error:
            _log.warning("delivery_waits_for_the_store", error=str(error))
        except Exception:  # a bug that one message triggers must not end all deliveries
            _log.exception("delivery_crashed", subscription=lane.subscription.public_id)
        finally:
            lane.busy = False
            if suspect:
                self._suspects -= 1
            else:
                self._healthy -= 1

    async def _attempt(self, lane: Lane) -> Answer | None:
        """One attempt. None where there was nothing to send: the entry is not stored any more."""
        subscription, seq = lane.subscription, lane.next_seq()
        content = await self._contents.get(seq)
        if content is None:
            position, _ = lane.succeeded()
            self._moved(lane, position)
            return None
        name = message_id(self.epoch, subscription.public_id, seq)
        body = change_message(content.entry, content.bill, content.changed_at, subscription.public_id)
        answer = await self._sender.send(subscription, name, body)
        self._written.attempted(
            Attempt(
                subscription.id, name, seq, seq, answer.at, answer.code, answer.error, answer.milliseconds, answer.head
            )
        )
        DELIVERIES.labels(_CHANNEL, "delivered" if answer.succeeded else "failed").inc()
        if not answer.succeeded:
            await self._failed(lane, answer)
            return answer
        DELIVERY_AGE.labels(_CHANNEL).observe(max(0.0, (self._clock() - content.changed_at).total_seconds()))
        position, parked = lane.succeeded()
        if parked is not None:
            DELIVERIES.labels(_CHANNEL, "parked").inc()
            await park(
                self._pool, subscription.id, parked, None, "refused again and again, while the next one was taken"
            )
        self._moved(lane, position)
        return answer

    def _moved(self, lane: Lane, position: int) -> None:
        if not lane.closed:
            self._written.delivered(lane.subscription.id, position)

    async def _failed(self, lane: Lane, answer: Answer) -> None:
        lane.failed(answer, self._delay)
        reason = lane.reason_to_stop(answer)
        subscription = lane.subscription
        if reason is not None:
            _log.warning("subscription_disabled", subscription=subscription.public_id, reason=reason)
            await stop_subscription(self._pool, subscription.id, SubscriptionState.DISABLED, reason)
            lane.pending.clear()
            lane.complete = False
            return
        assert subscription.failing_since is not None  # `lane.failed` has set both
        assert subscription.next_attempt_at is not None
        await store_failure(
            self._pool, subscription.id, subscription.failures, subscription.failing_since, subscription.next_attempt_at
        )


def _delivers(one: Subscription) -> bool:
    return one.channel is Channel.WEBHOOK and one.state is SubscriptionState.ACTIVE


def _fresh(known: Subscription, stored: Subscription) -> Subscription:
    """The stored subscription. Its failures are written when they happen; that they ended, a little later."""
    if known.failures == 0 and stored.failures > 0:
        return replace(stored, failures=0, failing_since=None, next_attempt_at=None)
    return stored
