"""Operations of migrations that must not stop whoever reads or writes meanwhile."""

import sqlalchemy as sa
from alembic import op

PATIENCE = "120s"
"""An index built beside the work waits for every transaction that was open when it began."""


def create_index(name: str, on: str, *, unique: bool = False) -> None:
    """`CREATE INDEX CONCURRENTLY name ON on`, outside the migration's transaction; `on` is all after the word ON.

    Cut off half way PostgreSQL leaves an index that serves nobody, so one of that name is dropped first: running the
    migration again is all the repair there is.
    """
    with op.get_context().autocommit_block():
        op.execute(f"SET lock_timeout = '{PATIENCE}'")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE {'UNIQUE ' if unique else ''}INDEX CONCURRENTLY {name} ON {on}")
        op.execute("RESET lock_timeout")


def drop_index(name: str) -> None:
    """`DROP INDEX CONCURRENTLY name`: for an index that no release needs to find anything, only to find it quickly."""
    with op.get_context().autocommit_block():
        op.execute(f"SET lock_timeout = '{PATIENCE}'")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute("RESET lock_timeout")


def validate_constraint(table: str, name: str) -> None:
    """Checks the rows of a constraint that was added NOT VALID, in a transaction of its own: rows may be written."""
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = 0")
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
        op.execute("RESET statement_timeout")


def in_batches(step: str, left: str) -> None:
    """Repeats an UPDATE of some thousand rows, each in a transaction of its own, until the query `left` says false.

    Rows that others hold are skipped and come again, so `step` must find the rows that are left by itself. Written out
    as SQL it cannot be repeated, so only a remark is printed.
    """
    if op.get_context().as_sql:
        op.execute("-- a backfill in batches stands here")
        return
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        while connection.execute(sa.text(left)).scalar_one():
            connection.execute(sa.text(step))
