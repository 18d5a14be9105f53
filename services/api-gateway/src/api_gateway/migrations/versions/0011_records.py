"""legislators, organizations, votings and events, with the rows that lists, calendars and rates are made from."""

from alembic import op

from api_gateway.migrations import online

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS record (
        id text NOT NULL PRIMARY KEY,
        ordinal bigint GENERATED ALWAYS AS IDENTITY,
        kind text NOT NULL,
        source text,
        upstream_id text NOT NULL,
        house text,
        record bytea NOT NULL,
        document bytea NOT NULL,
        summary bytea NOT NULL,
        provenance bytea NOT NULL,
        doubts bytea NOT NULL,
        fingerprint text NOT NULL,
        version integer NOT NULL,
        change_seq bigint NOT NULL,
        read_seq bigint NOT NULL,
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        removed_at timestamptz
    )
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS record_kind_idx ON record (kind, ordinal)",
    "CREATE INDEX IF NOT EXISTS record_source_idx ON record (source, kind)",
    """
    CREATE TABLE IF NOT EXISTS record_miss (
        record_id text NOT NULL PRIMARY KEY,
        misses integer NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        read_seq bigint NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS record_list_part (
        window_id text NOT NULL,
        read_seq bigint NOT NULL,
        part integer NOT NULL,
        parts integer NOT NULL,
        ids text[] NOT NULL,
        received_at timestamptz NOT NULL,
        PRIMARY KEY (window_id, read_seq, part)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS legislator (
        id text NOT NULL PRIMARY KEY,
        house text,
        name text NOT NULL,
        folded_name text NOT NULL,
        folded_civil_name text,
        birth_date date,
        gender text,
        state text,
        party text,
        in_office boolean,
        legislatures integer[] NOT NULL
    )
    """,
    "CREATE INDEX IF NOT EXISTS legislator_name_idx ON legislator (folded_name, id)",
    "CREATE INDEX IF NOT EXISTS legislator_civil_name_idx ON legislator (folded_civil_name)",
    "CREATE INDEX IF NOT EXISTS legislator_birth_idx ON legislator (birth_date)",
    """
    CREATE TABLE IF NOT EXISTS legislator_key (
        id text NOT NULL PRIMARY KEY,
        key integer GENERATED ALWAYS AS IDENTITY
    )
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS legislator_key_key_idx ON legislator_key (key)",
    """
    CREATE TABLE IF NOT EXISTS legislator_link (
        legislator_id text NOT NULL,
        other_id text NOT NULL,
        rule text NOT NULL,
        evidence text[] NOT NULL,
        PRIMARY KEY (legislator_id, other_id)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS organization (
        id text NOT NULL PRIMARY KEY,
        house text,
        classification text NOT NULL,
        acronym text,
        name text NOT NULL,
        folded_name text NOT NULL,
        parent_id text,
        active boolean
    )
    """,
    "CREATE INDEX IF NOT EXISTS organization_name_idx ON organization (folded_name, id)",
    "CREATE INDEX IF NOT EXISTS organization_acronym_idx ON organization (acronym)",
    """
    CREATE TABLE IF NOT EXISTS membership (
        given_by text NOT NULL,
        list_name text NOT NULL,
        place integer NOT NULL,
        legislator_id text,
        organization_id text,
        kind text NOT NULL,
        role text,
        legislature integer,
        start_date date,
        end_date date,
        document text NOT NULL,
        PRIMARY KEY (given_by, list_name, place)
    )
    """,
    "CREATE INDEX IF NOT EXISTS membership_legislator_idx ON membership (legislator_id)",
    "CREATE INDEX IF NOT EXISTS membership_organization_idx ON membership (organization_id, legislator_id)",
    """
    CREATE TABLE IF NOT EXISTS vote_event (
        id text NOT NULL PRIMARY KEY,
        key integer GENERATED ALWAYS AS IDENTITY,
        house text,
        organization_id text,
        day date,
        sort_at timestamptz NOT NULL,
        purpose text NOT NULL,
        result text NOT NULL,
        nominal boolean,
        plenary boolean,
        in_agreement boolean NOT NULL,
        one_sided boolean NOT NULL,
        event_id text,
        votes_hash text
    )
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS vote_event_key_idx ON vote_event (key)",
    "CREATE INDEX IF NOT EXISTS vote_event_order_idx ON vote_event (sort_at, id)",
    "CREATE INDEX IF NOT EXISTS vote_event_house_idx ON vote_event (house, sort_at, id)",
    "CREATE INDEX IF NOT EXISTS vote_event_organization_idx ON vote_event (organization_id, sort_at, id)",
    "CREATE INDEX IF NOT EXISTS vote_event_nominal_idx ON vote_event (sort_at, id) WHERE nominal",
    "CREATE INDEX IF NOT EXISTS vote_event_agreement_idx ON vote_event (key)"
    " INCLUDE (one_sided, house, sort_at) WHERE in_agreement",
    "CREATE INDEX IF NOT EXISTS vote_event_meeting_idx ON vote_event (event_id) WHERE NOT plenary",
    "CREATE INDEX IF NOT EXISTS vote_event_hash_idx ON vote_event (votes_hash) WHERE votes_hash IS NOT NULL",
    """
    CREATE TABLE IF NOT EXISTS vote_event_bill (
        vote_event_id text NOT NULL,
        bill_id text NOT NULL,
        role text NOT NULL,
        sort_at timestamptz NOT NULL,
        PRIMARY KEY (vote_event_id, bill_id, role)
    )
    """,
    "CREATE INDEX IF NOT EXISTS vote_event_bill_idx ON vote_event_bill (bill_id, sort_at, vote_event_id)",
    """
    CREATE TABLE IF NOT EXISTS member_vote (
        vote_key integer NOT NULL,
        legislator_key integer NOT NULL,
        option smallint NOT NULL,
        party text,
        state text,
        sort_at timestamptz NOT NULL,
        PRIMARY KEY (vote_key, legislator_key)
    )
    """,
    "CREATE INDEX IF NOT EXISTS member_vote_legislator_idx ON member_vote (legislator_key, sort_at, vote_key)"
    " INCLUDE (option, party, state)",
    """
    CREATE TABLE IF NOT EXISTS party_vote (
        party text NOT NULL,
        vote_key integer NOT NULL,
        yes integer NOT NULL,
        no integer NOT NULL,
        abstain integer NOT NULL,
        obstruction integer NOT NULL,
        PRIMARY KEY (party, vote_key)
    )
    """,
    "CREATE INDEX IF NOT EXISTS party_vote_vote_idx ON party_vote (vote_key)",
    """
    CREATE TABLE IF NOT EXISTS event (
        id text NOT NULL PRIMARY KEY,
        house text,
        classification text NOT NULL,
        status text NOT NULL,
        start_at timestamptz NOT NULL,
        end_at timestamptz,
        location text,
        organization_ids text[] NOT NULL,
        organization_name text,
        sequence integer NOT NULL,
        calendar_at timestamptz NOT NULL,
        moved_to text,
        calendar bytea
    )
    """,
    "CREATE INDEX IF NOT EXISTS event_order_idx ON event (start_at, id)",
    "CREATE INDEX IF NOT EXISTS event_house_idx ON event (house, start_at, id)",
    "CREATE INDEX IF NOT EXISTS event_organizations_idx ON event USING gin (organization_ids)",
    "CREATE INDEX IF NOT EXISTS event_moved_idx ON event (moved_to) WHERE moved_to IS NOT NULL",
    """
    CREATE TABLE IF NOT EXISTS event_bill (
        event_id text NOT NULL,
        bill_id text NOT NULL,
        start_at timestamptz NOT NULL,
        PRIMARY KEY (event_id, bill_id)
    )
    """,
    "CREATE INDEX IF NOT EXISTS event_bill_idx ON event_bill (bill_id, start_at, event_id)",
)
_NAMES = (
    "event_bill", "event", "party_vote", "member_vote", "vote_event_bill", "vote_event", "membership", "organization",
    "legislator_link", "legislator_key", "legislator", "record_list_part", "record_miss", "record",
)  # fmt: skip


def upgrade() -> None:
    """Adds tables and two columns; the previous release does not use them and continues to work."""
    for statement in _TABLES:
        op.execute(statement)
    op.execute("ALTER TABLE bill_change ADD COLUMN IF NOT EXISTS about text NOT NULL DEFAULT 'BILL'")
    op.execute("ALTER TABLE bill ADD COLUMN IF NOT EXISTS next_event_at timestamptz")
    online.create_index("bill_next_event_idx", "bill (next_event_at) WHERE next_event_at IS NOT NULL")


def downgrade() -> None:
    """Drops what `upgrade` added: the records are read again from their sources."""
    online.drop_index("bill_next_event_idx")
    op.execute("ALTER TABLE bill DROP COLUMN next_event_at")
    op.execute("ALTER TABLE bill_change DROP COLUMN about")
    for table in _NAMES:
        op.execute(f"DROP TABLE {table}")
