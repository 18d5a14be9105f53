"""Delivers to all webhooks at once: a lane for each subscription, and places that a dead receiver cannot hold."""

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
from api_gateway.notifier.places import Place, Places
from api_gateway.notifier.webhook_sender import Answer, WebhookSender
from api_gateway.store.database.connections import Pool
from api_gateway.store.subscriptions.delivery_writer import Attempt, park, stop_subscription, store_failure
from api_gateway.store.subscriptions.match_writer import MatchPosition, load_position, matches_of, recent_matches
from api_gateway.store.subscriptions.subscription_rows import DeliveryState, load_delivery_states, load_webhooks
from api_gateway.subscriptions.message import change_message, message_id
from api_gateway.subscriptions.retry_schedule import retry_delay
from api_gateway.subscriptions.subscription import Channel, Subscription, SubscriptionState

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
        self._states: dict[int, DeliveryState] = {}
        self._read_to = 0
        self._waiting: dict[int, Lane] = {}
        self._places = Places()
        self._tasks: set[asyncio.Task[None]] = set()
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
        """Takes over what owners changed: lanes are closed, opened, and begun again where an owner set the position."""
        position = await load_position(self._pool)
        async with self._written.writing:
            stored = await load_delivery_states(self._pool)
            for key, lane in list(self._lanes.items()):
                one = stored.get(key)
                if position.epoch != self.epoch or one is None or one.sent_seq != self._written.positions[key]:
                    lane.closed = True
                    del self._lanes[key]
                elif one != self._states[key]:
                    lane.subscription = _fresh(lane.subscription, one)
            opened = await load_webhooks(self._pool, stored.keys() - self._lanes.keys())
            for new in opened:
                self._lanes[new.id] = Lane(new, read_to=new.sent_seq)
                self._written.forget(new.id, new.sent_seq)
            self._states = stored
        self._places.forget_others({lane.subscription.target for lane in self._lanes.values()})
        if position.epoch != self.epoch:
            self._begin(position)
        await self._refill(lane for lane in self._lanes.values() if not lane.complete and not lane.pending)

    def _begin(self, position: MatchPosition) -> None:
        """Begins with a log: matches are read once for all lanes, from where the one furthest behind stands. To read
        them for each lane would take minutes where there are thousands.
        """
        self.epoch = position.epoch
        self._read_to = min([position.seq, *(lane.read_to for lane in self._lanes.values())])
        for lane in self._lanes.values():
            lane.complete = True

    async def _refill(self, lanes: Iterable[Lane]) -> None:
        """Reads what lanes left out, or have not read since they began."""
        for lane in list(lanes):
            found = await matches_of(self._pool, lane.subscription.id, lane.read_to, MOST_PENDING)
            lane.pending.extend(found)
            self._waiting[lane.subscription.id] = lane
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
                        self._waiting[subscription_id] = lane
            if len(rows) < _MATCHES_AT_ONCE:
                return

    def _begin_due(self) -> None:
        """Begins what is due and has a place; who has waited longest is asked first."""
        now = self._clock()
        for key, lane in list(self._waiting.items()):
            if lane.busy or lane.closed or not lane.pending:
                del self._waiting[key]  # a busy one comes back if it leaves something
                continue
            if not lane.is_due(now):
                continue
            place = self._places.take(lane.subscription.target, suspect=lane.suspect)
            if place is None:
                continue
            del self._waiting[key]
            lane.busy = True
            task = asyncio.create_task(self._deliver(lane, place))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, lane: Lane, place: Place) -> None:
        """Sends what is pending until nothing is left, or an attempt fails."""
        try:
            while lane.pending and not lane.closed:
                answer = await self._attempt(lane)
                if answer is None or not answer.succeeded:
                    return
        except StoreUnavailable as error:
            _log.warning("delivery_waits_for_the_store", error=str(error))
        except Exception as error:  # a bug that one message triggers must not end all deliveries
            _log.exception("delivery_crashed", subscription=lane.subscription.public_id)
            await self._crashed(lane, error)
        finally:
            lane.busy = False
            self._places.give_back(place)
            if lane.pending and not lane.closed:
                self._waiting[lane.subscription.id] = lane

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
        self._places.answered(subscription.target, succeeded=answer.succeeded or answer.refuses_content)
        self._attempted(subscription.id, name, seq, answer)
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

    async def _crashed(self, lane: Lane, error: Exception) -> None:
        """Counts a fault of ours as a failure, so that the next attempt waits. Never raises."""
        answer = Answer.of_crash(self._clock(), error)
        try:
            if lane.pending:
                seq = lane.next_seq()
                name = message_id(self.epoch, lane.subscription.public_id, seq)
                self._attempted(lane.subscription.id, name, seq, answer)
            await self._failed(lane, answer)
        except Exception as again:  # the lane itself has counted it
            _log.warning("failure_not_stored", subscription=lane.subscription.public_id, error=str(again))

    def _attempted(self, subscription_id: int, name: str, seq: int, answer: Answer) -> None:
        self._written.attempted(
            Attempt(
                subscription_id, name, seq, seq, answer.at, answer.code, answer.error, answer.milliseconds, answer.head
            )
        )
        DELIVERIES.labels(_CHANNEL, "delivered" if answer.succeeded else "failed").inc()

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
            lane.closed = True
            if self._lanes.get(subscription.id) is lane:  # one that is resumed begins again from its position
                del self._lanes[subscription.id]
            return
        assert subscription.failing_since is not None  # `lane.failed` has set both
        assert subscription.next_attempt_at is not None
        await store_failure(
            self._pool, subscription.id, subscription.failures, subscription.failing_since, subscription.next_attempt_at
        )


def _fresh(known: Subscription, stored: DeliveryState) -> Subscription:
    """The subscription as it is stored now. Its failures are written when they happen; that they ended, a little
    later.
    """
    if known.failures == 0 and stored.failures > 0:
        return replace(known, keys=stored.keys)
    return replace(
        known,
        keys=stored.keys,
        failures=stored.failures,
        failing_since=stored.failing_since,
        next_attempt_at=stored.next_attempt_at,
    )
