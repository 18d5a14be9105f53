"""what is known of a bill is noted field by field, and the change log marks movement.

`bill.known_fields` are the fields that readings have claimed; null for a bill that no code of this release has written
yet: it then follows from its record and its provenance (`store.known_fields`). `bill_change.movement` marks the entries
that followers are told of unless they ask for more; entries of before are not marked.
"""

from alembic import op

from api_gateway.migrations import online

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Beside the work: two columns that rewrite nothing, and an index without entries at first."""
    op.execute("ALTER TABLE bill ADD COLUMN known_fields text[]")
    op.execute("ALTER TABLE bill_change ADD COLUMN movement boolean NOT NULL DEFAULT false")
    online.create_index("bill_change_movement_idx", "bill_change (seq) WHERE movement")


def downgrade() -> None:
    """The code before it needs neither."""
    online.drop_index("bill_change_movement_idx")
    op.execute("ALTER TABLE bill_change DROP COLUMN movement")
    op.execute("ALTER TABLE bill DROP COLUMN known_fields")
