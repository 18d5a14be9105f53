"""Tables of the change log: its entries, in partitions, and the counter that numbers them."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from api_gateway.store.schema.shared_columns import instant, texts

_LEFT = "kind = 'REMOVED' OR fields && ARRAY['chamber', 'type', 'type_code', 'number', 'year']"


class BillChangeRow(SQLModel, table=True):
    """One entry of the change log. `before` has the old values, so that every past state can be restored from the
    current one. `movement` marks the entries that followers receive by default. `about` is `BILL`, or the kind of the
    record that the entry is about; `bill_id` is then that record's id.

    The table is partitioned by `seq`. Each partition has `UNIQUE (bill_id, version)`, which the whole cannot have; over
    all of them the order in which entries are numbered keeps it.
    """

    __tablename__ = "bill_change"

    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    bill_id: str = Field(sa_column=Column(Text, nullable=False))
    source: str = Field(sa_column=Column(Text, nullable=False))
    version: int = Field(nullable=False)
    kind: str = Field(sa_column=Column(Text, nullable=False))
    fields: list[str] = Field(sa_column=texts())
    changed_at: datetime = Field(sa_column=instant(nullable=False))
    published_at: datetime | None = Field(sa_column=instant())
    read_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    trace_id: str | None = Field(sa_column=Column(Text))
    document: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    before: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    movement: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=text("false")))
    about: str = Field(default="BILL", sa_column=Column(Text, nullable=False, server_default=text("'BILL'")))

    __table_args__ = (
        Index("bill_change_movement_idx", "seq", postgresql_where=text("movement")),
        Index("bill_change_changed_idx", "changed_at"),
        Index("bill_change_left_idx", "seq", postgresql_where=text(_LEFT)),
        {"postgresql_partition_by": "RANGE (seq)"},
    )


class ChangeCounterRow(SQLModel, table=True):
    """One row with the last assigned `seq`. A writer locks it late in its transaction, so the order of `seq` is the
    order of commit.
    `last_render_seq` is the last number assigned to a row that was rendered again, also in order of commit.
    `oldest_seq` is the oldest entry that the log keeps; older ones are in an archive.
    """

    __tablename__ = "change_counter"

    singleton: bool = Field(default=True, primary_key=True)
    last_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    last_render_seq: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    oldest_seq: int = Field(default=1, sa_column=Column(BigInteger, nullable=False, server_default=text("1")))
