"""The model of a subscription: a saved search, the receiver of its changes, and the state of delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from legis.domain.word_enum import Word

PUBLIC_ID = r"sub_[0-9a-z]{20}"
"""Pattern of a subscription's id: random, so that nobody finds another's by counting."""

WEBHOOKS_OF_A_KEY = 10
SUBSCRIPTIONS_OF_A_KEY = 200
SUBSCRIPTIONS_OF_AN_ADDRESS = 20
"""Most confirmed subscriptions of one address that were made without a key."""

CONFIRMATIONS_A_DAY = 3
"""Most e-mails a day, of Brasília, that ask one mailbox to confirm."""

UNCONFIRMED_DAYS = 7
"""How long a subscription by e-mail waits to be confirmed before it is deleted."""

DIGEST_AT = time(7, 0)
"""When digests begin to be sent, in Brasília: each day, or on Mondays."""

BILLS_OF_A_MAIL = 50
"""Most bills that one e-mail tells of; it says how many more there are."""

RETENTION_DAYS = 30
"""How long matches and attempts are kept: as far back a subscription can be resumed or replayed."""


class Channel(Word):
    """How a subscriber is told."""

    WEBHOOK = "WEBHOOK"
    EMAIL = "EMAIL"


class Frequency(Word):
    """When a subscriber is told. A webhook is always told at once; e-mail at once means within a minute or two."""

    IMMEDIATE = "IMMEDIATE"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"


class SubscriptionState(Word):
    """State of a subscription."""

    PENDING = "PENDING"
    """The address is not confirmed yet; nothing is sent."""
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    """By its owner; it can go on from where it stood."""
    DISABLED = "DISABLED"
    """By us, after the receiver failed for days or said that it is gone (410)."""
    BOUNCED = "BOUNCED"
    """The mail server says for good that there is no such mailbox."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription as it is stored. `parameters` are those of `/changes`, as they were given."""

    id: int
    public_id: str
    key_id: int | None
    channel: Channel
    target: str
    name: str | None
    parameters: Mapping[str, Any]
    frequency: Frequency
    language: str
    state: SubscriptionState
    state_reason: str | None
    created_at: datetime
    confirmed_at: datetime | None
    since_seq: int
    sent_seq: int
    failures: int
    failing_since: datetime | None
    next_attempt_at: datetime | None
    keys: tuple[int, ...] = ()
    """Numbers of the signing keys that are live, the newest last."""
    address_id: str | None = None
    """Of e-mail: the id of the address, which links to manage its subscriptions are made of."""
