"""One subscription's deliveries: in the order of the log, one at a time, with back-off when the receiver fails."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from api_gateway.notifier.webhook_sender import Answer
from api_gateway.subscriptions.retry_schedule import GIVEN_UP_AFTER
from api_gateway.subscriptions.subscription import Subscription

MOST_PENDING = 1000
"""Numbers of entries that one lane keeps in memory; the rest is read again from the store."""

Delay = Callable[[int, timedelta | None], timedelta]
"""The wait after a number of failures in a row, and the wait that the receiver asked for."""

REFUSALS_OF_ONE = 3
"""Refusals (4xx) of one message after which the next one is tried: does the receiver refuse it, or everything?"""


@dataclass(slots=True)
class Lane:
    """The queue of messages to one subscription, with the outcomes so far. No I/O."""

    subscription: Subscription
    pending: deque[int] = field(default_factory=deque)
    read_to: int = 0
    """Matches up to this entry are in `pending` or were delivered."""
    complete: bool = False
    """Whether nothing beyond `read_to` was left out for lack of room."""
    busy: bool = False
    closed: bool = False
    """Nothing more is to be sent: paused, deleted or begun again elsewhere."""
    refusals: int = 0
    probing: bool = False
    """The head was refused again and again: the message after it is tried."""

    @property
    def suspect(self) -> bool:
        """Whether the last attempt failed: such lanes share fewer places, so that they hold up nobody."""
        return self.subscription.failures > 0

    def is_due(self, now: datetime) -> bool:
        """Whether an attempt may be made now."""
        at = self.subscription.next_attempt_at
        return not self.busy and bool(self.pending) and (at is None or at <= now)

    def next_seq(self) -> int:
        """The entry to send now: the head, or the one after it while probing. Raises IndexError if none is pending."""
        return self.pending[1] if self.probing and len(self.pending) > 1 else self.pending[0]

    def add(self, seq: int) -> None:
        """Adds a match. Beyond the limit it is left to be read again."""
        if not self.complete or seq <= self.read_to:
            return
        if len(self.pending) >= MOST_PENDING:
            self.complete = False
            return
        self.pending.append(seq)
        self.read_to = seq

    def succeeded(self) -> tuple[int, int | None]:
        """Takes the success of `next_seq`. Returns the new position, and the number of the entry that was parked: the
        head, if the one after it went through.
        """
        parked = None
        if self.probing and len(self.pending) > 1:
            parked = self.pending.popleft()
        position = self.pending.popleft()
        self.refusals, self.probing = 0, False
        self.subscription = replace(
            self.subscription, sent_seq=position, failures=0, failing_since=None, next_attempt_at=None
        )
        return position, parked

    def failed(self, answer: Answer, wait: Delay) -> None:
        """Takes a failure: counts it and sets the time of the next attempt."""
        if self.probing:
            self.probing, self.refusals = False, 0
        elif answer.refuses_content:
            self.refusals += 1
            self.probing = self.refusals >= REFUSALS_OF_ONE and len(self.pending) > 1
        failures = self.subscription.failures + 1
        delay = timedelta() if self.probing else wait(failures, answer.retry_after)
        self.subscription = replace(
            self.subscription,
            failures=failures,
            failing_since=self.subscription.failing_since or answer.at,
            next_attempt_at=answer.at + delay,
        )

    def reason_to_stop(self, answer: Answer) -> str | None:
        """Why the subscription is to be disabled after this failure; None while it is not."""
        if answer.gone:
            return "The receiver answered 410 Gone"
        since = self.subscription.failing_since
        if since is not None and answer.at - since >= GIVEN_UP_AFTER:
            return f"No delivery succeeded since {since:%Y-%m-%d %H:%M} UTC; the last error was: {answer.error}"
        return None
