"""Tables of events and of the bills on their agendas, made from `record` in the same transaction."""

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from api_gateway.store.schema.shared_columns import instant, texts


class EventRow(SQLModel, table=True):
    """A session or meeting for lists and calendars. `sequence` rises when start, end, place or status
    change; `calendar_at` is when it last did, or the event was new. An unknown start is `1000-01-01`.
    """

    __tablename__ = "event"

    id: str = Field(sa_column=Column(Text, primary_key=True))
    house: str | None = Field(sa_column=Column(Text))
    classification: str = Field(sa_column=Column(Text, nullable=False))
    status: str = Field(sa_column=Column(Text, nullable=False))
    start_at: datetime = Field(sa_column=instant(nullable=False))
    end_at: datetime | None = Field(sa_column=instant())
    location: str | None = Field(sa_column=Column(Text))
    organization_ids: list[str] = Field(sa_column=texts())
    organization_name: str | None = Field(sa_column=Column(Text))
    sequence: int = Field(nullable=False)
    calendar_at: datetime = Field(sa_column=instant(nullable=False))
    moved_to: str | None = Field(sa_column=Column(Text))
    calendar: bytes | None = Field(sa_column=Column(LargeBinary))

    __table_args__ = (
        Index("event_order_idx", "start_at", "id"),
        Index("event_house_idx", "house", "start_at", "id"),
        Index("event_organizations_idx", "organization_ids", postgresql_using="gin"),
        Index("event_moved_idx", "moved_to", postgresql_where=text("moved_to IS NOT NULL")),
    )


class EventBillRow(SQLModel, table=True):
    """A bill on the agenda of an event. `start_at` is the event's."""

    __tablename__ = "event_bill"

    event_id: str = Field(sa_column=Column(Text, primary_key=True))
    bill_id: str = Field(sa_column=Column(Text, primary_key=True))
    start_at: datetime = Field(sa_column=instant(nullable=False))

    __table_args__ = (Index("event_bill_idx", "bill_id", "start_at", "event_id"),)
