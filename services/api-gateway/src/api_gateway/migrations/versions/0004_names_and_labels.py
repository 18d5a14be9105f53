"""a separate index of labels, without a pending list: the worker looks up every label of a new bill.

Revision 0006 drops the search vector, so this revision no longer adds the pairs of names that it once added to it.
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
    """Drops the index."""
    op.execute("DROP INDEX bill_labels_idx")
