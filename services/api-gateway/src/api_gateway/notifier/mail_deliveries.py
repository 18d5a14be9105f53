"""Sends e-mails: confirmations at once, news of the last minute together, digests at seven in the morning."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import orjson
from legis.clock import Clock, utc_now
from legis.domain.brasilia_time import ZONE
from legis.errors import StoreUnavailable
from legis.telemetry.logs import get_logger
from legis.telemetry.metrics import DELIVERIES
from legis.waiting import wait_or_stop

from api_gateway.notifier.delivery_log import own_fault
from api_gateway.notifier.mail_sender import MailAnswer, MailOutcome, MailSender
from api_gateway.notifier.newest_matches import NewestMatches
from api_gateway.store.database.connections import Pool
from api_gateway.store.subscriptions.delivery_writer import (
    Attempt,
    Delivered,
    stop_subscription,
    store_deliveries,
    store_failure,
)
from api_gateway.store.subscriptions.mail_addresses import add_address
from api_gateway.store.subscriptions.mail_writer import (
    begin_digest,
    due_confirmations,
    is_digest_begun,
    store_asked,
    store_bounce,
)
from api_gateway.store.subscriptions.message_reader import load_unsent
from api_gateway.store.subscriptions.subscription_rows import load_active_mails
from api_gateway.subscriptions.mail_message import MailRules, News, confirmation, news
from api_gateway.subscriptions.retry_schedule import retry_delay
from api_gateway.subscriptions.subscription import (
    BILLS_OF_A_MAIL,
    DIGEST_AT,
    Channel,
    Frequency,
    Subscription,
    SubscriptionState,
)

LOOK_SECONDS = 5.0
JOINED_FOR = timedelta(seconds=60)
GIVEN_UP_AFTER = timedelta(days=2)
_CHANNEL = Channel.EMAIL.value
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of an e-mail: of one that asks to confirm, or of news up to the attempt's entry."""

    one: Subscription
    answer: MailAnswer
    attempt: Attempt


class MailDeliveries:
    """One e-mail at a time. What became of it is kept until it is stored, and no other is sent before: while the
    database does not write, nobody is sent the same e-mail again and again. `look_seconds` is the time between two
    looks at what is due.
    """

    def __init__(
        self,
        pool: Pool,
        sender: MailSender,
        rules: MailRules,
        *,
        clock: Clock = utc_now,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._pool = pool
        self._sender = sender
        self._rules = rules
        self._clock = clock
        self._look_seconds = look_seconds
        self._matches = NewestMatches(pool)
        self._unstored: _Outcome | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Sends until `stop` is set."""
        while not stop.is_set():
            try:
                await self.step()
            except StoreUnavailable as error:
                _log.warning("mail_waits_for_the_store", error=str(error))
            await wait_or_stop(stop, self._look_seconds)

    async def step(self) -> None:
        """Sends what is due now. Raises StoreUnavailable."""
        if self._unstored is not None:
            await self._safely(self._unstored.one, self._store())
        for one in await due_confirmations(self._pool):
            await self._safely(one, self._confirm(one))
        active = await load_active_mails(self._pool)
        if active:
            await self._matches.look(min(one.sent_seq for one in active))
        for one in active:
            if self._matches.any_after(one.id, one.sent_seq):
                await self._safely(one, self._tell(one))

    async def _safely(self, one: Subscription, work: Awaitable[None]) -> None:
        """Does the work; a fault of ours counts as a failure of this one subscription. Raises StoreUnavailable."""
        try:
            await work
        except StoreUnavailable:
            raise
        except Exception as error:
            _log.exception("mail_crashed", subscription=one.public_id)
            answer = MailAnswer(MailOutcome.LATER, error=own_fault(error))
            self._unstored = _Outcome(one, answer, _attempt(one, answer, "crash", self._clock()))
            await self._store()

    async def _confirm(self, one: Subscription) -> None:
        one = await self._with_address(one)
        await self._send(one, confirmation(self._rules, one, self._clock()), "confirm")

    async def _tell(self, one: Subscription) -> None:
        now = self._clock()
        if one.next_attempt_at is not None and one.next_attempt_at > now:
            return
        period = digest_period(one.frequency, now)
        if one.frequency is not Frequency.IMMEDIATE and (period is None or not _began_before(one, period)):
            return
        if period is not None and one.failures == 0 and await is_digest_begun(self._pool, one.id, period):
            return
        unsent = await load_unsent(self._pool, one.id, one.sent_seq, BILLS_OF_A_MAIL)
        if unsent is None:
            self._matches.forget(one.id)
            return
        if not unsent.count:
            await store_deliveries(self._pool, [Delivered(one.id, one.sent_seq, unsent.up_to)], [])
            return
        if period is None and unsent.first_changed_at is not None and now - unsent.first_changed_at < JOINED_FOR:
            return
        one = await self._with_address(one)
        told = News([orjson.loads(bill) for bill in unsent.newest], unsent.count, unsent.up_to)
        message = news(self._rules, one, told, now)
        if period is not None:
            await begin_digest(self._pool, one.id, period, unsent.up_to)
        await self._send(one, message, str(unsent.up_to), unsent.up_to)

    async def _with_address(self, one: Subscription) -> Subscription:
        """The subscription with the id of its address: one that an earlier release made has none."""
        return one if one.address_id else replace(one, address_id=await add_address(self._pool, one.target))

    async def _send(self, one: Subscription, message: EmailMessage, part: str, seq: int | None = None) -> None:
        bounces = f"bounces+{one.public_id.removeprefix('sub_')}@{self._rules.domain}"
        at = self._clock()
        answer = await self._sender.send(message, bounces)
        took = round((self._clock() - at).total_seconds() * 1000)
        self._unstored = _Outcome(one, answer, _attempt(one, answer, part, at, took, seq))
        DELIVERIES.labels(_CHANNEL, answer.outcome.value).inc()
        await self._store()

    async def _store(self) -> None:
        """Stores what became of the last e-mail, if that is left to do. Raises StoreUnavailable, and keeps it then."""
        if self._unstored is not None:
            await self._settle(self._unstored.one, self._unstored.answer, self._unstored.attempt)
            self._unstored = None

    async def _settle(self, one: Subscription, answer: MailAnswer, attempt: Attempt) -> None:
        now, delivered = self._clock(), []
        if one.state is SubscriptionState.PENDING:
            if answer.outcome is MailOutcome.BOUNCED:
                await store_bounce(self._pool, one.id, answer.error or "")
            else:
                await store_asked(self._pool, one.id, again=answer.outcome is MailOutcome.LATER)
        elif answer.outcome is MailOutcome.SENT and attempt.seq_to is not None:
            delivered = [Delivered(one.id, one.sent_seq, attempt.seq_to)]
        elif answer.outcome is MailOutcome.BOUNCED:
            await stop_subscription(self._pool, one.id, SubscriptionState.BOUNCED, answer.error or "")
        elif one.failing_since is not None and now - one.failing_since >= GIVEN_UP_AFTER:
            await stop_subscription(self._pool, one.id, SubscriptionState.DISABLED, answer.error or "")
        else:
            failures = one.failures + 1
            wait = retry_delay(failures, None)
            await store_failure(self._pool, one.id, failures, one.failing_since or now, now + wait)
        await store_deliveries(self._pool, delivered, [attempt])


def _attempt(
    one: Subscription, answer: MailAnswer, part: str, at: datetime, took: int = 0, seq: int | None = None
) -> Attempt:
    """The attempt for the delivery log; `took` in milliseconds."""
    return Attempt(one.id, f"mail_{one.public_id}_{part}", seq, seq, at, answer.code, answer.error, took)


def digest_period(frequency: Frequency, now: datetime) -> date | None:
    """The day (for a week: its Monday) whose digest is due since seven in Brasília; None while none is."""
    local = now.astimezone(ZONE)
    day = local.date()
    if frequency is Frequency.IMMEDIATE or (local.time() < DIGEST_AT and frequency is Frequency.DAILY):
        return None
    if frequency is Frequency.DAILY:
        return day
    monday = day - timedelta(days=day.weekday())
    return None if day == monday and local.time() < DIGEST_AT else monday


def _began_before(one: Subscription, period: date) -> bool:
    """Whether the address was confirmed before the digest of the period was due: else the next one is its first."""
    return one.confirmed_at is not None and one.confirmed_at < datetime.combine(period, DIGEST_AT, ZONE)
