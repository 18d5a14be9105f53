"""history of source states; years that could not be read; when a record set aside was last requested again."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE source_state_change (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        source text NOT NULL,
        from_state text,
        to_state text NOT NULL,
        reason text NOT NULL,
        at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX source_state_change_source_idx ON source_state_change (source, id)",
    """
    CREATE TABLE year_not_read (
        source text NOT NULL,
        year integer NOT NULL,
        reason text NOT NULL,
        read_seq bigint NOT NULL,
        tries integer NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        PRIMARY KEY (source, year)
    )
    """,
    "ALTER TABLE dead_letter ADD COLUMN asks integer NOT NULL DEFAULT 0, ADD COLUMN asked_at timestamptz",
)


def upgrade() -> None:
    """Only adds; the previous release does not use it and continues to work."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drops what `upgrade` added: the history of states is lost; the backfill finds the years not read again."""
    op.execute("ALTER TABLE dead_letter DROP COLUMN asks, DROP COLUMN asked_at")
    for table in ("year_not_read", "source_state_change"):
        op.execute(f"DROP TABLE {table}")
