"""${message}"""

import sqlmodel
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand only: additions that the release before this one can live with (docs/deploys.md)."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Undoes `upgrade`; loses what was written into it."""
    ${downgrades if downgrades else "pass"}
