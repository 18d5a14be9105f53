"""records the known fields of each bill, and marks movement in the change log.

`bill.known_fields` are the fields that readings have claimed; null for a bill that this release has not written yet,
whose known fields are then inferred from its record and provenance (`store.bill_state.known_fields`).
`bill_change.movement` marks the entries that followers receive by default; older entries are not marked.
"""

from alembic import op

from api_gateway.migrations import online

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Online: two columns that rewrite no rows, and an index that is empty at first."""
    op.execute("ALTER TABLE bill ADD COLUMN IF NOT EXISTS known_fields text[]")
    op.execute("ALTER TABLE bill_change ADD COLUMN IF NOT EXISTS movement boolean NOT NULL DEFAULT false")
    online.create_index("bill_change_movement_idx", "bill_change (seq) WHERE movement")


def downgrade() -> None:
    """Drops both; the previous code needs neither."""
    online.drop_index("bill_change_movement_idx")
    op.execute("ALTER TABLE bill_change DROP COLUMN movement")
    op.execute("ALTER TABLE bill DROP COLUMN known_fields")
