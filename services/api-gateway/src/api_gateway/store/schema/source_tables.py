"""Table models of what is known of the sources themselves, beside the bills that they give."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Text
from sqlmodel import Field, SQLModel


def _instant(**kwargs: object) -> Column[datetime]:
    return Column(DateTime(timezone=True), **kwargs)  # type: ignore[arg-type]


class YearNotReadRow(SQLModel, table=True):
    """A year whose list could not be had, and why; `tries` windows have met it so."""

    __tablename__ = "year_not_read"

    source: str = Field(sa_column=Column(Text, primary_key=True))
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reason: str = Field(sa_column=Column(Text, nullable=False))
    read_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    tries: int = Field(nullable=False)
    first_at: datetime = Field(sa_column=_instant(nullable=False))
    last_at: datetime = Field(sa_column=_instant(nullable=False))


class SourceStateChangeRow(SQLModel, table=True):
    """One change of the state that a source is said to be in; the first of a source comes from nothing."""

    __tablename__ = "source_state_change"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    source: str = Field(sa_column=Column(Text, nullable=False))
    from_state: str | None = Field(sa_column=Column(Text))
    to_state: str = Field(sa_column=Column(Text, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=_instant(nullable=False))

    __table_args__ = (Index("source_state_change_source_idx", "source", "id"),)
