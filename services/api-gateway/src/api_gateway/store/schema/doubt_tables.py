"""Table models of list doubts. `migrations/versions` has the same tables as SQL."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Text
from sqlmodel import Field, SQLModel

from api_gateway.store.schema.shared_columns import instant, texts


class ListDoubtRow(SQLModel, table=True):
    """One list of one bill in doubt: the source returned less of it than is stored, or did not answer for it.

    `missing` is the fingerprint of the entries that were not returned; empty if there was no answer. `whole_before` is
    the count `list_reading.whole` at the time the doubt began.
    """

    __tablename__ = "list_doubt"

    bill_id: str = Field(sa_column=Column(Text, primary_key=True))
    field: str = Field(sa_column=Column(Text, primary_key=True))
    source: str = Field(sa_column=Column(Text, nullable=False))
    upstream_id: str = Field(sa_column=Column(Text, nullable=False))
    part: str = Field(sa_column=Column(Text, nullable=False))
    missing: str = Field(sa_column=Column(Text, nullable=False))
    first_at: datetime = Field(sa_column=instant(nullable=False))
    last_at: datetime = Field(sa_column=instant(nullable=False))
    readings: int = Field(nullable=False)
    read_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    whole_before: int = Field(sa_column=Column(BigInteger, nullable=False))
    asks: int = Field(nullable=False)
    due_at: datetime = Field(sa_column=instant(nullable=False))

    __table_args__ = (
        Index("list_doubt_due_idx", "due_at"),
        Index("list_doubt_source_idx", "source", "field"),
    )


class ListReadingRow(SQLModel, table=True):
    """How one list of one source has been read: `whole` counts the readings that returned every stored entry. The last
    of them was at `last_at`, the last one with several entries at `many_at`; `witnesses` are the bills of the latest
    ones.
    """

    __tablename__ = "list_reading"

    source: str = Field(sa_column=Column(Text, primary_key=True))
    field: str = Field(sa_column=Column(Text, primary_key=True))
    whole: int = Field(sa_column=Column(BigInteger, nullable=False))
    last_at: datetime = Field(sa_column=instant(nullable=False))
    many_at: datetime | None = Field(sa_column=instant())
    witnesses: list[str] = Field(sa_column=texts())
