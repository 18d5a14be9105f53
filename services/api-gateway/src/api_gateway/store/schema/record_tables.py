"""Tables of the records that are not bills. `record` has what was read and its rendered JSON; the others are made from
it in the same transaction.
"""

from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlmodel import Field, SQLModel

from api_gateway.store.schema.event_tables import EventBillRow as EventBillRow
from api_gateway.store.schema.event_tables import EventRow as EventRow
from api_gateway.store.schema.shared_columns import instant, texts


class RecordRow(SQLModel, table=True):
    """One legislator, organization, voting or event as its source has it (`record`: the claims as JSON).

    `doubts` is a JSON object: list fields that were read shorter than they are stored, with what was missing and since
    when. `source` is null for the parties, which no house publishes whole.
    """

    __tablename__ = "record"

    id: str = Field(sa_column=Column(Text, primary_key=True))
    ordinal: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    source: str | None = Field(sa_column=Column(Text))
    upstream_id: str = Field(sa_column=Column(Text, nullable=False))
    house: str | None = Field(sa_column=Column(Text))
    record: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    document: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    summary: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    provenance: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    doubts: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    fingerprint: str = Field(sa_column=Column(Text, nullable=False))
    version: int = Field(nullable=False)
    change_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    read_seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    created_at: datetime = Field(sa_column=instant(nullable=False))
    changed_at: datetime = Field(sa_column=instant(nullable=False))
    last_seen_at: datetime = Field(sa_column=instant(nullable=False))
    removed_at: datetime | None = Field(sa_column=instant())

    __table_args__ = (
        Index("record_kind_idx", "kind", "ordinal", unique=True),
        Index("record_source_idx", "source", "kind"),
    )


class RecordMissRow(SQLModel, table=True):
    """A record that the newest list of its days lacked: how many lists in a row, and when."""

    __tablename__ = "record_miss"

    record_id: str = Field(sa_column=Column(Text, primary_key=True))
    misses: int = Field(nullable=False)
    first_at: datetime = Field(sa_column=instant(nullable=False))
    last_at: datetime = Field(sa_column=instant(nullable=False))
    read_seq: int = Field(sa_column=Column(BigInteger, nullable=False))


class RecordListPartRow(SQLModel, table=True):
    """Ids of a part of a list of records, kept until all parts of the list have arrived and it is compared."""

    __tablename__ = "record_list_part"

    window_id: str = Field(sa_column=Column(Text, primary_key=True))
    read_seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    part: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    parts: int = Field(nullable=False)
    ids: list[str] = Field(sa_column=texts())
    received_at: datetime = Field(sa_column=instant(nullable=False))


class LegislatorRow(SQLModel, table=True):
    """A legislator for lists and for finding the same person in the other house. `folded_name` and `folded_civil_name`
    have no case, marks or double blanks; `legislatures` are those with a term.
    """

    __tablename__ = "legislator"

    id: str = Field(sa_column=Column(Text, primary_key=True))
    house: str | None = Field(sa_column=Column(Text))
    name: str = Field(sa_column=Column(Text, nullable=False))
    folded_name: str = Field(sa_column=Column(Text, nullable=False))
    folded_civil_name: str | None = Field(sa_column=Column(Text))
    birth_date: date | None
    gender: str | None = Field(sa_column=Column(Text))
    state: str | None = Field(sa_column=Column(Text))
    party: str | None = Field(sa_column=Column(Text))
    in_office: bool | None
    legislatures: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))

    __table_args__ = (
        Index("legislator_name_idx", "folded_name", "id"),
        Index("legislator_civil_name_idx", "folded_civil_name"),
        Index("legislator_birth_idx", "birth_date"),
    )


class LegislatorKeyRow(SQLModel, table=True):
    """A small number for a legislator's id, given when the id first occurs, even in a vote before its legislator."""

    __tablename__ = "legislator_key"

    id: str = Field(sa_column=Column(Text, primary_key=True))
    key: int | None = Field(default=None, sa_column=Column(Integer, Identity(always=True), nullable=False))

    __table_args__ = (Index("legislator_key_key_idx", "key", unique=True),)


class LegislatorLinkRow(SQLModel, table=True):
    """Two records of one person, stored in both directions, with the rule and its evidence."""

    __tablename__ = "legislator_link"

    legislator_id: str = Field(sa_column=Column(Text, primary_key=True))
    other_id: str = Field(sa_column=Column(Text, primary_key=True))
    rule: str = Field(sa_column=Column(Text, nullable=False))
    evidence: list[str] = Field(sa_column=texts())


class OrganizationRow(SQLModel, table=True):
    """An organization for lists. `folded_name` has no case, marks or double blanks."""

    __tablename__ = "organization"

    id: str = Field(sa_column=Column(Text, primary_key=True))
    house: str | None = Field(sa_column=Column(Text))
    classification: str = Field(sa_column=Column(Text, nullable=False))
    acronym: str | None = Field(sa_column=Column(Text))
    name: str = Field(sa_column=Column(Text, nullable=False))
    folded_name: str = Field(sa_column=Column(Text, nullable=False))
    parent_id: str | None = Field(sa_column=Column(Text))
    active: bool | None

    __table_args__ = (
        Index("organization_name_idx", "folded_name", "id"),
        Index("organization_acronym_idx", "acronym"),
    )


class MembershipRow(SQLModel, table=True):
    """One membership, from the list `list_name` of the record `given_by`: a legislator's or an organization's.

    `document` is the membership as it is served.
    """

    __tablename__ = "membership"

    given_by: str = Field(sa_column=Column(Text, primary_key=True))
    list_name: str = Field(sa_column=Column(Text, primary_key=True))
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    legislator_id: str | None = Field(sa_column=Column(Text))
    organization_id: str | None = Field(sa_column=Column(Text))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    role: str | None = Field(sa_column=Column(Text))
    legislature: int | None
    start_date: date | None
    end_date: date | None
    document: str = Field(sa_column=Column(Text, nullable=False))

    __table_args__ = (
        Index("membership_legislator_idx", "legislator_id"),
        Index("membership_organization_idx", "organization_id", "legislator_id"),
    )


class VoteEventRow(SQLModel, table=True):
    """A voting for lists and for rates of agreement.

    `sort_at` is its instant, or the beginning of its day in Brasília; `1000-01-01` where neither is known. Rates of
    agreement count only rows with `in_agreement`; in one that is `one_sided` at least 90 % of YES and NO were alike.
    """

    __tablename__ = "vote_event"

    id: str = Field(sa_column=Column(Text, primary_key=True))
    key: int | None = Field(default=None, sa_column=Column(Integer, Identity(always=True), nullable=False))
    house: str | None = Field(sa_column=Column(Text))
    organization_id: str | None = Field(sa_column=Column(Text))
    day: date | None
    sort_at: datetime = Field(sa_column=instant(nullable=False))
    purpose: str = Field(sa_column=Column(Text, nullable=False))
    result: str = Field(sa_column=Column(Text, nullable=False))
    nominal: bool | None
    plenary: bool | None
    in_agreement: bool = Field(sa_column=Column(Boolean, nullable=False))
    one_sided: bool = Field(sa_column=Column(Boolean, nullable=False))
    event_id: str | None = Field(sa_column=Column(Text))
    votes_hash: str | None = Field(sa_column=Column(Text))

    __table_args__ = (
        Index("vote_event_key_idx", "key", unique=True),
        Index("vote_event_order_idx", "sort_at", "id"),
        Index("vote_event_house_idx", "house", "sort_at", "id"),
        Index("vote_event_organization_idx", "organization_id", "sort_at", "id"),
        Index("vote_event_nominal_idx", "sort_at", "id", postgresql_where=text("nominal")),
        Index(
            "vote_event_agreement_idx",
            "key",
            postgresql_include=["one_sided", "house", "sort_at"],
            postgresql_where=text("in_agreement"),
        ),
        Index("vote_event_meeting_idx", "event_id", postgresql_where=text("NOT plenary")),
        Index("vote_event_hash_idx", "votes_hash", postgresql_where=text("votes_hash IS NOT NULL")),
    )


class VoteEventBillRow(SQLModel, table=True):
    """A bill of a voting. `sort_at` is the voting's."""

    __tablename__ = "vote_event_bill"

    vote_event_id: str = Field(sa_column=Column(Text, primary_key=True))
    bill_id: str = Field(sa_column=Column(Text, primary_key=True))
    role: str = Field(sa_column=Column(Text, primary_key=True))
    sort_at: datetime = Field(sa_column=instant(nullable=False))

    __table_args__ = (Index("vote_event_bill_idx", "bill_id", "sort_at", "vote_event_id"),)


class MemberVoteRow(SQLModel, table=True):
    """One member's vote. `option` is the place of the word in `VoteOption`; `party` and `state` are as of the vote;
    `sort_at` is the voting's.
    """

    __tablename__ = "member_vote"

    vote_key: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    legislator_key: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    option: int = Field(sa_column=Column(SmallInteger, nullable=False))
    party: str | None = Field(sa_column=Column(Text))
    state: str | None = Field(sa_column=Column(Text))
    sort_at: datetime = Field(sa_column=instant(nullable=False))

    __table_args__ = (
        Index(
            "member_vote_legislator_idx",
            "legislator_key",
            "sort_at",
            "vote_key",
            postgresql_include=["option", "party", "state"],
        ),
    )


class PartyVoteRow(SQLModel, table=True):
    """How the members of one party voted in one voting that rates of agreement count."""

    __tablename__ = "party_vote"

    party: str = Field(sa_column=Column(Text, primary_key=True))
    vote_key: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    yes: int = Field(nullable=False)
    no: int = Field(nullable=False)
    abstain: int = Field(nullable=False)
    obstruction: int = Field(nullable=False)

    __table_args__ = (Index("party_vote_vote_idx", "vote_key"),)
