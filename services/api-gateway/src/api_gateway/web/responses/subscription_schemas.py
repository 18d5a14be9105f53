"""Replies about subscriptions, and how they are made from stored ones."""

from collections.abc import Mapping
from typing import Any

from pydantic import AwareDatetime

from api_gateway.documents.shapes import Shape, described
from api_gateway.store.subscriptions.subscription_writer import NewSubscription
from api_gateway.subscriptions.subscription import Channel, Frequency, Subscription, SubscriptionState
from api_gateway.web.responses.envelopes import Many, One

_INSTANT = "2026-03-02T14:00:00Z"


class SubscriptionDocument(Shape):
    """One subscription."""

    id: str = described("Id", "sub_0123456789abcdefghij")
    channel: Channel = described("How the subscriber is told", "WEBHOOK")
    target: str = described("Where", "https://hooks.org.br/legis")
    name: str | None = described("The owner's name for it", "Saúde no plenário")
    search: dict[str, Any] = described("The saved search", {"q": "saúde"})
    frequency: Frequency = described("When", "IMMEDIATE")
    language: str = described("Language of e-mails", "pt-BR")
    state: SubscriptionState = described(
        "PENDING: not confirmed yet. ACTIVE. PAUSED by its owner. DISABLED: failed for days, or the receiver wants no "
        "more. BOUNCED: there is no such mailbox",
        "ACTIVE",
    )
    state_reason: str | None = described("Why it is in this state, where there is something to say", "HTTP 500")
    created_at: AwareDatetime = described("When it was made", _INSTANT)
    confirmed_at: AwareDatetime | None = described("When the address was confirmed", _INSTANT)
    since_seq: int = described("It is about entries of the change log after this one", 48213)
    sent_seq: int = described("Everything that matched up to this entry is delivered, or parked", 48300)
    failures: int = described("Failed attempts in a row", 0)
    next_attempt_at: AwareDatetime | None = described("When the next attempt is made, after a failure", _INSTANT)
    secret: str | None = described(
        "Key that verifies a webhook's signatures (Standard Webhooks); shown when it is made and when it is rotated",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        default=None,
    )


class AskedDocument(Shape):
    """A subscription by e-mail that whoever reads the address may confirm. It has no id: the e-mail has what it takes
    to manage it.
    """

    channel: Channel = described("How the subscriber is told", "EMAIL")
    target: str = described("The address", "ana@exemplo.org.br")
    name: str | None = described("The subscriber's name for it", "Saúde no plenário")
    search: dict[str, Any] = described("The saved search", {"q": "saúde"})
    frequency: Frequency = described("When", "DAILY")
    language: str = described("Language of e-mails", "pt-BR")
    state: SubscriptionState = described("Always PENDING: not confirmed yet", "PENDING")


class AskedReply(One[AskedDocument]):
    """Document of a requested subscription; the same whether the address is known or not."""


class SubscriptionReply(One[SubscriptionDocument]):
    """One subscription."""


class SubscriptionList(Many[SubscriptionDocument]):
    """The client's own subscriptions, oldest first."""


class DeliveryDocument(Shape):
    """One attempt to deliver a message."""

    message_id: str = described("`webhook-id` of the message: the same in every attempt", "evt_8e3b3c4e_0123_48213")
    seq: int | None = described("Entry of the change log that it is about; null for a test message", 48213)
    at: AwareDatetime = described("When it was made", _INSTANT)
    code: int | None = described("Status of the receiver's reply; null where there was none", 200)
    error: str | None = described("Why it failed; null where it succeeded", "HTTP 500")
    milliseconds: int = described("How long it took, in milliseconds", 87)
    reply_head: str | None = described("Beginning of the receiver's reply", "ok")


class DeliveryList(Many[DeliveryDocument]):
    """Attempts of a subscription, newest first."""


_SHOWN = (
    "channel", "target", "name", "frequency", "language", "state", "state_reason", "created_at", "confirmed_at",
    "since_seq", "sent_seq", "failures", "next_attempt_at",
)  # fmt: skip


def subscription_document(one: Subscription, secret: str | None = None) -> dict[str, Any]:
    """The subscription as it is served."""
    shown = {"id": one.public_id, "search": one.parameters} | {name: getattr(one, name) for name in _SHOWN}
    return shown if secret is None else {**shown, "secret": secret}


def asked_document(one: NewSubscription) -> dict[str, Any]:
    """What was asked for, as it is served to whoever has no key."""
    names = ("channel", "target", "name", "frequency", "language", "state")
    return {"search": one.parameters} | {name: getattr(one, name) for name in names}


def delivery_document(row: Mapping[str, Any]) -> dict[str, Any]:
    """An attempt as it is served."""
    names = ("message_id", "at", "code", "error", "milliseconds", "reply_head")
    return {"seq": row["seq_to"]} | {name: row[name] for name in names}
