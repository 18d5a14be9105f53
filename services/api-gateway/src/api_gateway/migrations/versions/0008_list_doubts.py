"""doubts about lists that were read shorter than they are stored, and how the lists of each source are read."""

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
    """Only adds; the previous release does not use it and continues to work."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drops what `upgrade` added: a doubt begins again with the next reading of its bill."""
    for table in ("list_reading", "list_doubt"):
        op.execute(f"DROP TABLE {table}")
