"""Table models of subscriptions, their signing keys, and the record of what was matched and delivered."""

from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from api_gateway.store.schema.shared_columns import instant


def _subscription(**kwargs: object) -> Column[int]:
    key = ForeignKey("subscription.id", ondelete="CASCADE")
    return Column(Integer, key, **kwargs)  # type: ignore[arg-type]


class SubscriptionRow(SQLModel, table=True):
    """One saved search and where its changes are sent.

    The owner is an API key (`key_id`) or, for a subscription that was made with nothing but an e-mail address, that
    address. `parameters` is a JSON object: the search as it was given. Every change with a `seq` up to `sent_seq` that
    matches is delivered or parked. `ping_at` is when a test message is to be sent, null where none is.
    """

    __tablename__ = "subscription"

    id: int | None = Field(default=None, sa_column=Column(Integer, Identity(always=True), primary_key=True))
    public_id: str = Field(sa_column=Column(Text, nullable=False))
    key_id: int | None = Field(default=None, sa_column=Column(BigInteger, ForeignKey("api_key.id")))
    channel: str = Field(sa_column=Column(Text, nullable=False))
    target: str = Field(sa_column=Column(Text, nullable=False))
    name: str | None = Field(default=None, sa_column=Column(Text))
    parameters: str = Field(sa_column=Column(Text, nullable=False))
    frequency: str = Field(sa_column=Column(Text, nullable=False))
    language: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(sa_column=Column(Text, nullable=False))
    state_reason: str | None = Field(default=None, sa_column=Column(Text))
    created_at: datetime = Field(sa_column=instant(nullable=False))
    confirmed_at: datetime | None = Field(default=None, sa_column=instant())
    since_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    sent_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    failures: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default=text("0")))
    failing_since: datetime | None = Field(default=None, sa_column=instant())
    next_attempt_at: datetime | None = Field(default=None, sa_column=instant())
    ping_at: datetime | None = Field(default=None, sa_column=instant())

    __table_args__ = (
        UniqueConstraint("public_id", name="subscription_public_id_key"),
        Index("subscription_key_idx", "key_id"),
        Index("subscription_target_idx", "target"),
        Index("subscription_ping_idx", "ping_at", postgresql_where=text("ping_at IS NOT NULL")),
    )


class MailAddressRow(SQLModel, table=True):
    """An address that has, or was asked to confirm, subscriptions by e-mail.

    `public_id` is random and stands for the address in links and logs. `asked` e-mails asked it to confirm something on
    `asked_on`, a day of Brasília; those of an address with a tag are counted at its mailbox's row.
    """

    __tablename__ = "mail_address"

    address: str = Field(sa_column=Column(Text, primary_key=True))
    public_id: str = Field(sa_column=Column(Text, nullable=False))
    asked_on: date | None = Field(default=None)
    asked: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default=text("0")))

    __table_args__ = (UniqueConstraint("public_id", name="mail_address_public_id_key"),)


class SigningKeyRow(SQLModel, table=True):
    """A key that signs a webhook's messages, until `retires_at`; two are live during a rotation.

    The secret itself is not stored: it is derived from the service's master key, the subscription and `number`.
    """

    __tablename__ = "signing_key"

    subscription_id: int = Field(sa_column=_subscription(primary_key=True))
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    created_at: datetime = Field(sa_column=instant(nullable=False))
    retires_at: datetime | None = Field(default=None, sa_column=instant())


class ChangeMatchRow(SQLModel, table=True):
    """A change log entry and the subscriptions that it matched. Kept for 30 days."""

    __tablename__ = "change_match"

    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    subscription_ids: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    matched_at: datetime = Field(sa_column=instant(nullable=False))

    __table_args__ = (Index("change_match_matched_idx", "matched_at"),)


class MatchPositionRow(SQLModel, table=True):
    """One row: up to which entry of which log the subscriptions were matched."""

    __tablename__ = "match_position"

    singleton: bool = Field(default=True, primary_key=True)
    epoch: str = Field(sa_column=Column(Text, nullable=False))
    seq: int = Field(sa_column=Column(BigInteger, nullable=False))


class DeliveryAttemptRow(SQLModel, table=True):
    """One attempt to deliver a message: the delivery log that owners read. Kept for 30 days."""

    __tablename__ = "delivery_attempt"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    subscription_id: int = Field(sa_column=_subscription(nullable=False))
    message_id: str = Field(sa_column=Column(Text, nullable=False))
    seq_from: int | None = Field(default=None, sa_column=Column(BigInteger))
    seq_to: int | None = Field(default=None, sa_column=Column(BigInteger))
    at: datetime = Field(sa_column=instant(nullable=False))
    code: int | None = Field(default=None)
    error: str | None = Field(default=None, sa_column=Column(Text))
    milliseconds: int = Field(nullable=False)
    reply_head: str | None = Field(default=None, sa_column=Column(Text))

    __table_args__ = (
        Index("delivery_attempt_subscription_idx", "subscription_id", "id"),
        Index("delivery_attempt_at_idx", "at"),
    )


class ParkedDeliveryRow(SQLModel, table=True):
    """A change that a receiver refused again and again while it took others: its dead letter. The `seq`, never the
    content.
    """

    __tablename__ = "parked_delivery"

    subscription_id: int = Field(sa_column=_subscription(primary_key=True))
    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    code: int | None = Field(default=None)
    error: str | None = Field(default=None, sa_column=Column(Text))
    at: datetime = Field(sa_column=instant(nullable=False))


class DigestRow(SQLModel, table=True):
    """A digest that was sent or is being sent: written before sending, so that no crash sends two for one period."""

    __tablename__ = "digest"

    subscription_id: int = Field(sa_column=_subscription(primary_key=True))
    period: date = Field(primary_key=True)
    seq_to: int = Field(sa_column=Column(BigInteger, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=instant())
