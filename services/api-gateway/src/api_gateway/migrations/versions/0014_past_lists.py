"""finds the bills that left a type, number, year or chamber since a moment: for lists as they were then."""

from api_gateway.migrations import online

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_RENAMED = "fields && ARRAY['chamber', 'type', 'type_code', 'number', 'year']"


def upgrade() -> None:
    """Adds an index; the previous release does not use it and continues to work."""
    online.create_index("bill_change_left_idx", f"bill_change (seq) WHERE kind = 'REMOVED' OR {_RENAMED}")


def downgrade() -> None:
    """Drops the index."""
    online.drop_index("bill_change_left_idx")
