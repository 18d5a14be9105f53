"""Sends one signed message to one webhook and says what the receiver made of it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self

import aiohttp
from legis.clock import Clock, utc_now
from legis.digits import digits_value

from api_gateway.notifier.delivery_log import own_fault
from api_gateway.subscriptions.signature import signed_headers, signing_key
from api_gateway.subscriptions.subscription import Subscription

READ_BYTES = 4096
"""Of a receiver's reply; the rest is not read."""

_HEAD_CHARACTERS = 200
USER_AGENT = "Legis-Webhooks/1 (+/docs)"
GONE = 410
_POISON_EXEMPT = frozenset({401, 403, 404, 408, 410, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one attempt. `code` is None where there was no reply, `error` None where it succeeded."""

    at: datetime
    milliseconds: int
    code: int | None = None
    error: str | None = None
    head: str | None = None
    retry_after: timedelta | None = None

    @classmethod
    def of_crash(cls, at: datetime, error: Exception) -> Self:
        """The outcome where a fault of ours ended the attempt, whether or not the message was sent."""
        return cls(at, 0, error=own_fault(error))

    @property
    def succeeded(self) -> bool:
        """Whether the receiver took the message (2xx)."""
        return self.error is None

    @property
    def gone(self) -> bool:
        """Whether the receiver says that it wants no more messages."""
        return self.code == GONE

    @property
    def refuses_content(self) -> bool:
        """Whether the receiver refuses this message rather than all of them."""
        return self.code is not None and 400 <= self.code < 500 and self.code not in _POISON_EXEMPT


class WebhookSender:
    """Sends messages through a guarded session. `master` is the key that signing keys are derived from."""

    def __init__(self, session: aiohttp.ClientSession, master: bytes, clock: Clock = utc_now) -> None:
        self._session = session
        self._master = master
        self._clock = clock

    async def send(self, subscription: Subscription, message_id: str, body: bytes) -> Answer:
        """One attempt; never raises for what the receiver or the network does."""
        at, began = self._clock(), time.perf_counter()
        keys = [signing_key(self._master, subscription.public_id, number) for number in subscription.keys]
        headers = signed_headers(keys, message_id, int(at.timestamp()), body)
        headers |= {"content-type": "application/json", "user-agent": USER_AGENT}
        try:
            async with self._session.post(
                subscription.target, data=body, headers=headers, allow_redirects=False
            ) as reply:
                head = (await reply.content.read(READ_BYTES)).decode("utf-8", "replace")[:_HEAD_CHARACTERS]
                return Answer(
                    at, _since(began), reply.status, _error(reply.status), head or None,
                    _retry_after(reply.headers.get("retry-after"), at),
                )  # fmt: skip
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return Answer(at, _since(began), error=_words(error))


def _error(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    return f"HTTP {status}: redirects are not followed" if 300 <= status < 400 else f"HTTP {status}"


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no reply in time"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "the host's name cannot be resolved"
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    return f"{type(cause).__name__}: {cause}"[:300]


_LONGEST_RETRY_AFTER = 10**6
"""Seconds; a longer wait counts as this one."""


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Seconds or a date (RFC 9110 §10.2.3); None for anything else."""
    if value is None:
        return None
    if value.isascii() and value.strip().isdigit():
        seconds = digits_value(value.strip(), _LONGEST_RETRY_AFTER)
        return timedelta(seconds=_LONGEST_RETRY_AFTER if seconds is None else seconds)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(timedelta(), (at if at.tzinfo else at.replace(tzinfo=UTC)) - now)


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
