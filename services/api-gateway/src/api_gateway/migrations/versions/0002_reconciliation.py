"""lists of whole years and the bills they lack; refetch requests; how dead letters were resolved."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE bill_sighting (
        bill_id text PRIMARY KEY,
        source text NOT NULL,
        year integer NOT NULL,
        misses integer NOT NULL,
        first_missed_on date,
        last_missed_on date,
        missed_seq bigint
    )
    """,
    "CREATE INDEX bill_sighting_year_idx ON bill_sighting (source, year)",
    "CREATE INDEX bill_sighting_missed_idx ON bill_sighting (source, misses) WHERE misses > 0",
    """
    CREATE TABLE year_list (
        source text NOT NULL,
        year integer NOT NULL,
        read_seq bigint NOT NULL,
        fetched_at timestamptz NOT NULL,
        compared_at timestamptz NOT NULL,
        records integer NOT NULL,
        missing_here integer NOT NULL,
        missing_there integer NOT NULL,
        PRIMARY KEY (source, year)
    )
    """,
    """
    CREATE TABLE year_list_part (
        window_id text NOT NULL,
        source text NOT NULL,
        year integer NOT NULL,
        part integer NOT NULL,
        parts integer NOT NULL,
        read_seq bigint NOT NULL,
        fetched_at timestamptz NOT NULL,
        selective boolean NOT NULL,
        upstream_ids text[] NOT NULL,
        received_at timestamptz NOT NULL,
        PRIMARY KEY (window_id, year, part)
    )
    """,
    """
    CREATE TABLE source_question (
        source text NOT NULL,
        upstream_id text NOT NULL,
        reason text NOT NULL,
        after_seq bigint NOT NULL,
        asked_at timestamptz NOT NULL,
        PRIMARY KEY (source, upstream_id)
    )
    """,
    "ALTER TABLE dead_letter ADD COLUMN note text",
)


def upgrade() -> None:
    """Only adds; the previous release does not use it and continues to work."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drops what `upgrade` added: misses are counted from zero again."""
    op.execute("ALTER TABLE dead_letter DROP COLUMN note")
    for table in ("source_question", "year_list_part", "year_list", "bill_sighting"):
        op.execute(f"DROP TABLE {table}")
