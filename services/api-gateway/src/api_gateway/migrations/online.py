"""Migration operations that do not block readers or writers."""

import sqlalchemy as sa
from alembic import op

PATIENCE = "120s"
"""Lock timeout. A concurrent index build waits for every transaction that was open when it began."""

BATCH_ROWS = 5000


def create_index(name: str, on: str, *, unique: bool = False) -> None:
    """`CREATE INDEX CONCURRENTLY name ON on`, outside the migration's transaction; `on` is the text after the word ON.

    A build that was interrupted leaves an invalid index, so one of that name is dropped first; running the migration
    again is all the repair that is needed.
    """
    with op.get_context().autocommit_block():
        op.execute(f"SET lock_timeout = '{PATIENCE}'")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE {'UNIQUE ' if unique else ''}INDEX CONCURRENTLY {name} ON {on}")
        op.execute("RESET lock_timeout")


def drop_index(name: str) -> None:
    """`DROP INDEX CONCURRENTLY name`. For an index that every release needs at most for speed."""
    with op.get_context().autocommit_block():
        op.execute(f"SET lock_timeout = '{PATIENCE}'")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute("RESET lock_timeout")


def validate_constraint(table: str, name: str) -> None:
    """Checks existing rows against a constraint that was added NOT VALID, in its own transaction; rows may be written
    meanwhile.
    """
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = 0")
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
        op.execute("RESET statement_timeout")


def in_batches(step: str, left: str) -> None:
    """Repeats `step`, an update of at most `:rows` rows in its own transaction, until the query `left` returns false.

    `step` selects those of the remaining rows whose text key is above `:after`, in its order, and returns the last key,
    or null where there are none: so no batch reads again what the ones before it have filled. Rows locked by others
    are skipped; `left` then finds them, and the walk begins again. What was filled before an interruption stays filled.

    In `--sql` mode it cannot be repeated, so only a comment is printed.
    """
    if op.get_context().as_sql:
        op.execute("-- a backfill in batches stands here")
        return
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        while connection.execute(sa.text(left)).scalar_one():
            after: str | None = ""
            while after is not None:
                after = connection.execute(sa.text(step), {"after": after, "rows": BATCH_ROWS}).scalar_one()
