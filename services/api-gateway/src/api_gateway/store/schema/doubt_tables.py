"""Table models of doubts about lists. `migrations/versions` holds the same as SQL."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, Column, DateTime, Index, Text
from sqlmodel import Field, SQLModel


class ListDoubtRow(SQLModel, table=True):
    """One list of one bill in doubt: a reading showed it shorter than it is stored (`missing` is the fingerprint of
    what it lacked), or the source gave no answer (empty). `whole_before` is the count of `list_reading` when it began.
    """

    __tablename__ = "list_doubt"

    bill_id: str = Field(sa_column=Column(Text, primary_key=True))
    field: str = Field(sa_column=Column(Text, primary_key=True))
    source: str = Field(sa_column=Column(Text, nullable=False))
    upstream_id: str = Field(sa_column=Column(Text, nullable=False))
    part: str = Field(sa_column=Column(Text, nullable=False))
    missing: str = Field(sa_column=Column(Text, nullable=False))
    first_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    last_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    readings: int = Field(nullable=False)
    read_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    whole_before: int = Field(sa_column=Column(BigInteger, nullable=False))
    asks: int = Field(nullable=False)
    due_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))

    __table_args__ = (
        Index("list_doubt_due_idx", "due_at"),
        Index("list_doubt_source_idx", "source", "field"),
    )


class ListReadingRow(SQLModel, table=True):
    """How often a list of a source was read with all that is stored of it, when last, when last with several entries,
    and of which bills last."""

    __tablename__ = "list_reading"

    source: str = Field(sa_column=Column(Text, primary_key=True))
    field: str = Field(sa_column=Column(Text, primary_key=True))
    whole: int = Field(sa_column=Column(BigInteger, nullable=False))
    last_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    many_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    witnesses: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
