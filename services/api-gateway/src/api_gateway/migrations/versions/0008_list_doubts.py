"""doubts about lists that a reading showed shorter than they are stored, and how lists are read of each source."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE list_doubt (
        bill_id text NOT NULL,
        field text NOT NULL,
        source text NOT NULL,
        upstream_id text NOT NULL,
        part text NOT NULL,
        missing text NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        readings integer NOT NULL,
        read_seq bigint NOT NULL,
        whole_before bigint NOT NULL,
        asks integer NOT NULL,
        due_at timestamptz NOT NULL,
        PRIMARY KEY (bill_id, field)
    )
    """,
    "CREATE INDEX list_doubt_due_idx ON list_doubt (due_at)",
    "CREATE INDEX list_doubt_source_idx ON list_doubt (source, field)",
    """
    CREATE TABLE list_reading (
        source text NOT NULL,
        field text NOT NULL,
        whole bigint NOT NULL,
        last_at timestamptz NOT NULL,
        many_at timestamptz,
        witnesses text[] NOT NULL,
        PRIMARY KEY (source, field)
    )
    """,
)


def upgrade() -> None:
    """Adds; the release before knows nothing of it and goes on working."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drops what `upgrade` added: doubts begin anew with the next reading of their bill."""
    for table in ("list_reading", "list_doubt"):
        op.execute(f"DROP TABLE {table}")
