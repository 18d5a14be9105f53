"""Operations of migrations that must not stop whoever reads or writes meanwhile."""

from alembic import op

PATIENCE = "120s"
"""An index built beside the work waits for every transaction that was open when it began."""


def create_index(name: str, on: str) -> None:
    """`CREATE INDEX CONCURRENTLY name ON on`, outside the migration's transaction; `on` is all after the word ON.

    Cut off half way PostgreSQL leaves an index that serves nobody, so one of that name is dropped first: running the
    migration again is all the repair there is.
    """
    with op.get_context().autocommit_block():
        op.execute(f"SET lock_timeout = '{PATIENCE}'")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {on}")
        op.execute("RESET lock_timeout")


def drop_index(name: str) -> None:
    """`DROP INDEX CONCURRENTLY name`: for an index that no release needs to find anything, only to find it quickly."""
    with op.get_context().autocommit_block():
        op.execute(f"SET lock_timeout = '{PATIENCE}'")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute("RESET lock_timeout")
