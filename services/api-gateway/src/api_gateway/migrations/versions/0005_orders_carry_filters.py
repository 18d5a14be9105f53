"""the index of every sort order includes the filter columns, so that rows that do not match are skipped without being
read; four indexes of single filters are therefore dropped.
"""

from alembic import op

from api_gateway.migrations import online

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INTRODUCED = "(EXTRACT(year FROM introduced_on)::integer)"
_ACTION = "(EXTRACT(year FROM last_action_at AT TIME ZONE 'UTC')::integer)"
_CARRIED = ("introduced_on", "last_action_at", "changed_at", "year", "type_code", "status", "organization", "chamber",
            "in_progress")  # fmt: skip
_ORDERS = {
    "bill_action_idx": ("last_action_at",),
    "bill_introduction_idx": ("introduced_on",),
    "bill_change_idx": ("changed_at",),
    "bill_year_action_idx": ("year", "last_action_at"),
    "bill_year_introduction_idx": ("year", "introduced_on"),
    "bill_year_change_idx": ("year", "changed_at"),
    "bill_introduction_year_action_idx": (_INTRODUCED, "last_action_at"),
    "bill_introduction_year_change_idx": (_INTRODUCED, "changed_at"),
    "bill_action_year_introduction_idx": (_ACTION, "introduced_on"),
    "bill_action_year_change_idx": (_ACTION, "changed_at"),
}
_BEFORE = {
    "bill_last_action_idx": "(last_action_at, id)",
    "bill_introduced_idx": "(introduced_on, id)",
    "bill_changed_idx": "(changed_at, id)",
    "bill_type_idx": "(type_code, last_action_at, id)",
    "bill_status_idx": "(status, last_action_at, id)",
    "bill_organization_idx": "(organization, last_action_at, id)",
    "bill_chamber_idx": "(chamber, last_action_at, id)",
    "bill_year_idx": "(year, last_action_at, id)",
    "bill_year_introduced_idx": "(year, introduced_on, id)",
    "bill_year_changed_idx": "(year, changed_at, id)",
    "bill_introduced_year_action_idx": f"({_INTRODUCED}, last_action_at, id)",
    "bill_introduced_year_changed_idx": f"({_INTRODUCED}, changed_at, id)",
    "bill_action_year_introduced_idx": f"({_ACTION}, introduced_on, id)",
    "bill_action_year_changed_idx": f"({_ACTION}, changed_at, id)",
}


_DATES = ("introduced_on", "last_action_at", "changed_at")


def upgrade() -> None:
    """Online: some seconds per index for a million bills. The previous code can use the new indexes too."""
    # not more than for `search`, which needs a sample of the same size anyway
    op.execute(f"ALTER TABLE bill {', '.join(f'ALTER {date} SET STATISTICS 300' for date in _DATES)}")
    for name, leading in _ORDERS.items():
        online.create_index(name, f"bill {_columns(leading)}")
    for name in _BEFORE:
        online.drop_index(name)


def downgrade() -> None:
    """The reverse."""
    op.execute(f"ALTER TABLE bill {', '.join(f'ALTER {date} SET STATISTICS -1' for date in _DATES)}")
    for name, columns in _BEFORE.items():
        online.create_index(name, f"bill {columns}")
    for name in _ORDERS:
        online.drop_index(name)


def _columns(leading: tuple[str, ...]) -> str:
    return f"({', '.join((*leading, 'id', *(column for column in _CARRIED if column not in leading)))})"
