"""bills, their histories, links and change log; windows, cursors and dead letters."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SEARCH_CONFIGURATION = "CREATE TEXT SEARCH CONFIGURATION legis (COPY = pg_catalog.portuguese)"

_BILL = """
CREATE TABLE bill (
    id text PRIMARY KEY,
    source text NOT NULL,
    upstream_id text NOT NULL,
    legacy_id text,
    chamber text,
    type text NOT NULL,
    type_code text NOT NULL,
    number integer,
    year integer,
    identifier text NOT NULL,
    labels text[] NOT NULL,
    status text NOT NULL,
    in_progress boolean,
    organization text,
    introduced_on date NOT NULL,
    last_action_at timestamptz NOT NULL,
    parties text[] NOT NULL,
    states text[] NOT NULL,
    subjects text[] NOT NULL,
    urns text[] NOT NULL,
    search tsvector NOT NULL,
    author_search tsvector NOT NULL,
    record bytea NOT NULL,
    document bytea NOT NULL,
    summary bytea NOT NULL,
    provenance bytea NOT NULL,
    fingerprint text NOT NULL,
    version integer NOT NULL,
    change_seq bigint NOT NULL,
    read_seq bigint NOT NULL,
    source_at timestamptz,
    pending_fingerprint text,
    pending_at timestamptz,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    removed_at timestamptz,
    UNIQUE (source, upstream_id)
) WITH (toast_tuple_target = 4080)
"""

# Lists read `summary` of many rows, and ranking reads `search`: both are stored in the row. `document` and `record` are
# read one at a time and stored outside of it (TOAST). None is compressed: compression took a quarter of the time of
# writing.
_BILL_STORAGE = """
ALTER TABLE bill ALTER record SET STORAGE EXTERNAL, ALTER document SET STORAGE EXTERNAL, ALTER summary SET STORAGE MAIN
"""

# A reader of a GIN index also scans its pending list, so the list is kept short; that costs a writer little.
_GIN = "WITH (fastupdate = on, gin_pending_list_limit = 512)"

_BILL_INDEXES = (
    "CREATE INDEX bill_last_action_idx ON bill (last_action_at, id)",
    "CREATE INDEX bill_introduced_idx ON bill (introduced_on, id)",
    "CREATE INDEX bill_changed_idx ON bill (changed_at, id)",
    "CREATE INDEX bill_type_idx ON bill (type_code, last_action_at, id)",
    "CREATE INDEX bill_year_idx ON bill (year, last_action_at, id)",
    "CREATE INDEX bill_type_year_idx ON bill (type_code, year, number)",
    "CREATE INDEX bill_number_idx ON bill (number, year)",
    "CREATE INDEX bill_status_idx ON bill (status, last_action_at, id)",
    "CREATE INDEX bill_source_idx ON bill (source, last_action_at, id)",
    "CREATE INDEX bill_organization_idx ON bill (organization, last_action_at, id)",
    "CREATE INDEX bill_legacy_idx ON bill (legacy_id) WHERE legacy_id IS NOT NULL",
    f"CREATE INDEX bill_labels_idx ON bill USING gin (labels) {_GIN}",
    f"CREATE INDEX bill_urns_idx ON bill USING gin (urns) {_GIN}",
    f"CREATE INDEX bill_parties_idx ON bill USING gin (parties) {_GIN}",
    f"CREATE INDEX bill_states_idx ON bill USING gin (states) {_GIN}",
    f"CREATE INDEX bill_subjects_idx ON bill USING gin (subjects) {_GIN}",
    f"CREATE INDEX bill_search_idx ON bill USING gin (search) {_GIN}",
    f"CREATE INDEX bill_author_search_idx ON bill USING gin (author_search) {_GIN}",
)

_BESIDE_BILLS = (
    """
    CREATE TABLE bill_history (
        bill_id text NOT NULL,
        field text NOT NULL,
        items text[] NOT NULL,
        PRIMARY KEY (bill_id, field)
    )
    """,
    """
    CREATE TABLE bill_counterpart (
        bill_id text NOT NULL,
        counterpart_id text NOT NULL,
        rule text NOT NULL,
        confidence double precision NOT NULL,
        evidence text[] NOT NULL,
        PRIMARY KEY (bill_id, counterpart_id)
    )
    """,
    "CREATE INDEX bill_counterpart_reverse_idx ON bill_counterpart (counterpart_id)",
    """
    CREATE TABLE bill_change (
        seq bigint PRIMARY KEY,
        bill_id text NOT NULL,
        source text NOT NULL,
        version integer NOT NULL,
        kind text NOT NULL,
        fields text[] NOT NULL,
        changed_at timestamptz NOT NULL,
        published_at timestamptz,
        read_seq bigint NOT NULL,
        trace_id text,
        document bytea NOT NULL,
        before bytea NOT NULL,
        UNIQUE (bill_id, version)
    )
    """,
    "CREATE INDEX bill_change_changed_idx ON bill_change (changed_at)",
    "CREATE TABLE change_counter (singleton boolean PRIMARY KEY CHECK (singleton), last_seq bigint NOT NULL)",
    "INSERT INTO change_counter (singleton, last_seq) VALUES (true, 0)",
)

_DELIVERY = (
    """
    CREATE TABLE source_cursor (
        source text NOT NULL,
        walk text NOT NULL,
        position bigint NOT NULL,
        max_read_seq bigint NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (source, walk)
    )
    """,
    """
    CREATE TABLE ingest_window (
        window_id text PRIMARY KEY,
        source text NOT NULL,
        walk text NOT NULL,
        lo bigint,
        hi bigint,
        items integer,
        max_read_seq bigint,
        first_seen_at timestamptz NOT NULL,
        done_at timestamptz
    )
    """,
    """
    CREATE TABLE ingest_window_item (
        window_id text NOT NULL,
        index integer NOT NULL,
        PRIMARY KEY (window_id, index)
    )
    """,
    """
    CREATE TABLE dead_letter (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        source text NOT NULL,
        upstream_id text,
        stage text NOT NULL,
        error text NOT NULL,
        url text,
        payload bytea NOT NULL,
        payload_sha256 text NOT NULL,
        trace_id text,
        tries integer NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        resolved_at timestamptz,
        UNIQUE (source, stage, payload_sha256)
    )
    """,
    "CREATE INDEX dead_letter_open_idx ON dead_letter (source) WHERE resolved_at IS NULL",
    "CREATE TABLE store_epoch (singleton boolean PRIMARY KEY CHECK (singleton), epoch uuid NOT NULL)",
    "INSERT INTO store_epoch (singleton, epoch) VALUES (true, gen_random_uuid())",
)


def upgrade() -> None:
    """Creates all tables; none of them may exist."""
    for statement in (_SEARCH_CONFIGURATION, _BILL, _BILL_STORAGE, *_BILL_INDEXES, *_BESIDE_BILLS, *_DELIVERY):
        op.execute(statement)


def downgrade() -> None:
    """Drops everything that `upgrade` created, including all bills."""
    tables = (
        "store_epoch",
        "dead_letter",
        "ingest_window_item",
        "ingest_window",
        "source_cursor",
        "change_counter",
        "bill_change",
        "bill_counterpart",
        "bill_history",
        "bill",
    )
    for table in tables:
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP TEXT SEARCH CONFIGURATION legis")
