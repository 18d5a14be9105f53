"""Shapes of what subscriptions this service offers."""

from api_gateway.documents.shapes import Shape, described
from api_gateway.subscriptions.subscription import Channel, Frequency
from api_gateway.web.responses.envelopes import One


class ChannelOption(Shape):
    """One way to be told."""

    channel: Channel = described("How the subscriber is told", "EMAIL")
    offered: bool = described(
        "Whether this service can: where it is false, a request to subscribe is answered 503", True
    )
    needs_key: bool = described("Whether only a client with an API key (scope `subscriptions`) may subscribe", False)
    frequencies: list[Frequency] = described("When the subscriber may be told", ["IMMEDIATE", "DAILY", "WEEKLY"])


class DigestOptions(Shape):
    """When digests by e-mail are sent, in the time of Brasília."""

    at: str = described("From this time of the day on", "07:00")
    weekday: int = described("Day of the weekly one by ISO 8601: 1 is Monday", 1, ge=1, le=7)
    bills: int = described("Most bills that an e-mail tells of; it says how many more there are", 50)


class SubscriptionLimits(Shape):
    """How many there may be, and how long things are kept."""

    of_a_key: int = described("Most subscriptions of an API key", 200)
    webhooks_of_a_key: int = described("Most of them that are webhooks", 10)
    of_an_address: int = described("Most confirmed subscriptions of an e-mail address, made without a key", 20)
    confirmations_a_day: int = described("Most e-mails a day that ask one mailbox to confirm", 3)
    unconfirmed_days: int = described("Days after which an e-mail subscription that nobody confirmed is deleted", 7)
    kept_days: int = described("Days that can be delivered again (`/replay`), or after a pause", 30)


class SubscriptionOptions(Shape):
    """What subscriptions this service offers."""

    channels: list[ChannelOption] = described("Each way to be told, whether offered or not")
    languages: list[str] = described("Languages of e-mails", ["pt-BR", "en"])
    digests: DigestOptions = described("When digests by e-mail are sent")
    limits: SubscriptionLimits = described("How many there may be, and how long things are kept")


class SubscriptionOptionsReply(One[SubscriptionOptions]):
    """What subscriptions this service offers."""
