"""Table models and their indexes. `migrations/versions` has the same tables as SQL; a test compares the two.
Rendered JSON (`document`, `summary`) is stored next to the columns that the search index is built from, so that a reply
is made by joining bytes and never by serialising rows again. Bills are searched in the index; the table `bill` is read
by key.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from api_gateway.store.schema.change_tables import BillChangeRow as BillChangeRow
from api_gateway.store.schema.change_tables import ChangeCounterRow as ChangeCounterRow
from api_gateway.store.schema.doubt_tables import ListDoubtRow as ListDoubtRow
from api_gateway.store.schema.doubt_tables import ListReadingRow as ListReadingRow
from api_gateway.store.schema.shared_columns import instant, texts


class BillRow(SQLModel, table=True):
    """One bill as one source has it: its data (`record`), its rendered JSON, and the columns of the search index.

    `ordinal` never changes; it breaks ties in every sort order of the search index. `render_seq` is set if rendered
    columns were rewritten without a change of the bill. Unknown dates are stored as `1000-01-01`. `first_days` are the
    days of the stages that the actions tell, by stage (`legis.domain.proceedings.path_stages`).
    """

    __tablename__ = "bill"

    id: str = Field(sa_column=Column(Text, primary_key=True))
    ordinal: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False))
    source: str = Field(sa_column=Column(Text, nullable=False))
    upstream_id: str = Field(sa_column=Column(Text, nullable=False))
    legacy_id: str | None = Field(sa_column=Column(Text))
    chamber: str | None = Field(sa_column=Column(Text))
    type: str = Field(sa_column=Column(Text, nullable=False))
    type_code: str = Field(sa_column=Column(Text, nullable=False))
    number: int | None
    year: int | None
    identifier: str = Field(sa_column=Column(Text, nullable=False))
    labels: list[str] = Field(sa_column=texts())
    status: str = Field(sa_column=Column(Text, nullable=False))
    in_progress: bool | None
    organization: str | None = Field(sa_column=Column(Text))
    introduced_on: date = Field(nullable=False)
    last_action_at: datetime = Field(sa_column=instant(nullable=False))
    parties: list[str] = Field(sa_column=texts())
    states: list[str] = Field(sa_column=texts())
    subjects: list[str] = Field(sa_column=texts())
    urns: list[str] = Field(sa_column=texts())
    first_days: str | None = Field(default=None, sa_column=Column(JSONB))
    record: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    document: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    summary: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    provenance: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    known_fields: list[str] | None = Field(sa_column=Column(ARRAY(Text)))
    fingerprint: str = Field(sa_column=Column(Text, nullable=False))
    version: int = Field(nullable=False)
    change_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    render_seq: int | None = Field(sa_column=Column(BigInteger))
    read_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    source_at: datetime | None = Field(sa_column=instant())
    pending_fingerprint: str | None = Field(sa_column=Column(Text))
    pending_at: datetime | None = Field(sa_column=instant())
    created_at: datetime = Field(sa_column=instant(nullable=False))
    changed_at: datetime = Field(sa_column=instant(nullable=False))
    last_seen_at: datetime = Field(sa_column=instant(nullable=False))
    removed_at: datetime | None = Field(sa_column=instant())
    next_event_at: datetime | None = Field(default=None, sa_column=instant())

    __table_args__ = (
        UniqueConstraint("source", "upstream_id"),
        Index("bill_next_event_idx", "next_event_at", postgresql_where=text("next_event_at IS NOT NULL")),
        Index("bill_ordinal_idx", "ordinal", unique=True),
        Index("bill_render_idx", "render_seq", postgresql_where=text("render_seq IS NOT NULL")),
        Index("bill_legacy_idx", "legacy_id", postgresql_where=text("legacy_id IS NOT NULL")),
        Index("bill_labels_idx", "labels", postgresql_using="gin"),
    )


class BillHistoryRow(SQLModel, table=True):
    """A growing list of one bill (`actions` or `vote_events`), each entry as rendered JSON, oldest first."""

    __tablename__ = "bill_history"

    bill_id: str = Field(sa_column=Column(Text, primary_key=True))
    field: str = Field(sa_column=Column(Text, primary_key=True))
    items: list[str] = Field(sa_column=texts())


class BillCounterpartRow(SQLModel, table=True):
    """A link between the records that the two houses have of one bill; each link is stored in both directions."""

    __tablename__ = "bill_counterpart"

    bill_id: str = Field(sa_column=Column(Text, primary_key=True))
    counterpart_id: str = Field(sa_column=Column(Text, primary_key=True))
    rule: str = Field(sa_column=Column(Text, nullable=False))
    confidence: float = Field(nullable=False)
    evidence: list[str] = Field(sa_column=texts())

    __table_args__ = (Index("bill_counterpart_reverse_idx", "counterpart_id"),)


class SourceCursorRow(SQLModel, table=True):
    """Checkpoint: how far one walk of a source has been read *and stored*."""

    __tablename__ = "source_cursor"

    source: str = Field(sa_column=Column(Text, primary_key=True))
    walk: str = Field(sa_column=Column(Text, primary_key=True))
    position: int = Field(sa_column=Column(BigInteger, nullable=False))
    max_read_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    updated_at: datetime = Field(sa_column=instant(nullable=False))


class IngestWindowRow(SQLModel, table=True):
    """A window that the worker has received items of. `items` is null until the window's end has arrived."""

    __tablename__ = "ingest_window"

    window_id: str = Field(sa_column=Column(Text, primary_key=True))
    source: str = Field(sa_column=Column(Text, nullable=False))
    walk: str = Field(sa_column=Column(Text, nullable=False))
    lo: int | None = Field(sa_column=Column(BigInteger))
    hi: int | None = Field(sa_column=Column(BigInteger))
    items: int | None
    max_read_seq: int | None = Field(sa_column=Column(BigInteger))
    first_seen_at: datetime = Field(sa_column=instant(nullable=False))
    done_at: datetime | None = Field(sa_column=instant())


class IngestWindowItemRow(SQLModel, table=True):
    """An item of an open window that is stored or is a dead letter. Deleted when the window is done."""

    __tablename__ = "ingest_window_item"

    window_id: str = Field(sa_column=Column(Text, primary_key=True))
    index: int = Field(primary_key=True)


class DeadLetterRow(SQLModel, table=True):
    """An event or upstream record that could not be stored, kept complete until it is resolved.
    `asks` counts how often the record was requested again from its source, last at `asked_at`.
    """

    __tablename__ = "dead_letter"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    source: str = Field(sa_column=Column(Text, nullable=False))
    upstream_id: str | None = Field(sa_column=Column(Text))
    stage: str = Field(sa_column=Column(Text, nullable=False))
    error: str = Field(sa_column=Column(Text, nullable=False))
    url: str | None = Field(sa_column=Column(Text))
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    payload_sha256: str = Field(sa_column=Column(Text, nullable=False))
    trace_id: str | None = Field(sa_column=Column(Text))
    tries: int = Field(nullable=False)
    first_at: datetime = Field(sa_column=instant(nullable=False))
    last_at: datetime = Field(sa_column=instant(nullable=False))
    resolved_at: datetime | None = Field(sa_column=instant())
    note: str | None = Field(sa_column=Column(Text))
    asks: int = Field(default=0, nullable=False, sa_column_kwargs={"server_default": text("0")})
    asked_at: datetime | None = Field(sa_column=instant())

    __table_args__ = (
        UniqueConstraint("source", "stage", "payload_sha256"),
        Index("dead_letter_open_idx", "source", postgresql_where=text("resolved_at IS NULL")),
    )


class BillSightingRow(SQLModel, table=True):
    """The year whose list last had the bill, and how many of that year's lists have lacked it since (`misses`)."""

    __tablename__ = "bill_sighting"

    bill_id: str = Field(sa_column=Column(Text, primary_key=True))
    source: str = Field(sa_column=Column(Text, nullable=False))
    year: int = Field(nullable=False)
    misses: int = Field(nullable=False)
    first_missed_on: date | None
    last_missed_on: date | None
    missed_seq: int | None = Field(sa_column=Column(BigInteger))

    __table_args__ = (
        Index("bill_sighting_year_idx", "source", "year"),
        Index("bill_sighting_missed_idx", "source", "misses", postgresql_where=text("misses > 0")),
    )


class YearListRow(SQLModel, table=True):
    """The newest list of a year that was compared with the store, and the result."""

    __tablename__ = "year_list"

    source: str = Field(sa_column=Column(Text, primary_key=True))
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    read_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    fetched_at: datetime = Field(sa_column=instant(nullable=False))
    compared_at: datetime = Field(sa_column=instant(nullable=False))
    records: int = Field(nullable=False)
    missing_here: int = Field(nullable=False)
    missing_there: int = Field(nullable=False)


class YearListPartRow(SQLModel, table=True):
    """Ids of a part of a year's list, kept until the window of that list is complete and the year is compared."""

    __tablename__ = "year_list_part"

    window_id: str = Field(sa_column=Column(Text, primary_key=True))
    source: str = Field(sa_column=Column(Text, nullable=False))
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    part: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    parts: int = Field(nullable=False)
    read_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    fetched_at: datetime = Field(sa_column=instant(nullable=False))
    selective: bool = Field(nullable=False)
    upstream_ids: list[str] = Field(sa_column=texts())
    received_at: datetime = Field(sa_column=instant(nullable=False))


class RefetchRequestRow(SQLModel, table=True):
    """A refetch request: a record that its source is to be asked for. A reading of it newer than `after_seq` completes
    the request.
    """

    __tablename__ = "source_question"

    source: str = Field(sa_column=Column(Text, primary_key=True))
    upstream_id: str = Field(sa_column=Column(Text, primary_key=True))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    after_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    asked_at: datetime = Field(sa_column=instant(nullable=False))


class StoreEpochRow(SQLModel, table=True):
    """One row: the epoch, the identity of these contents. A restore sets a new one, which voids ingest's marks."""

    __tablename__ = "store_epoch"

    singleton: bool = Field(default=True, primary_key=True)
    epoch: UUID = Field(nullable=False)
