"""labels in an index of their own, without a list of pending entries: the worker looks up each label of a new bill.

Revision 0006 drops the search vector, so the pairs of names that this revision once added to it are not made any more.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
contract = True


def upgrade() -> None:
    """Locks the table for some seconds for a million bills: made before the first release."""
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("CREATE INDEX bill_labels_idx ON bill USING gin (labels) WITH (fastupdate = off)")


def downgrade() -> None:
    """Takes the index away."""
    op.execute("DROP INDEX bill_labels_idx")
