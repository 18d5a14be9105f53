"""Table models of facts about the sources themselves. `migrations/versions` has the same tables as SQL."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Identity, Index, Text
from sqlmodel import Field, SQLModel

from api_gateway.store.schema.shared_columns import instant


class YearNotReadRow(SQLModel, table=True):
    """A year whose list could not be read, with the reason. `tries` counts the windows in which it failed."""

    __tablename__ = "year_not_read"

    source: str = Field(sa_column=Column(Text, primary_key=True))
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reason: str = Field(sa_column=Column(Text, nullable=False))
    read_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    tries: int = Field(nullable=False)
    first_at: datetime = Field(sa_column=instant(nullable=False))
    last_at: datetime = Field(sa_column=instant(nullable=False))


class SourceStateChangeRow(SQLModel, table=True):
    """One change of a source's state. `from_state` is null in the first row of a source."""

    __tablename__ = "source_state_change"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    source: str = Field(sa_column=Column(Text, nullable=False))
    from_state: str | None = Field(sa_column=Column(Text))
    to_state: str = Field(sa_column=Column(Text, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=instant(nullable=False))

    __table_args__ = (Index("source_state_change_source_idx", "source", "id"),)
