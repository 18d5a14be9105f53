"""addresses of subscriptions by e-mail, and how often each was asked to confirm."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE mail_address (
        address text NOT NULL PRIMARY KEY,
        public_id text NOT NULL,
        asked_on date,
        asked integer NOT NULL DEFAULT 0,
        CONSTRAINT mail_address_public_id_key UNIQUE (public_id)
    )
    """,
    # Ids need not be secret: what they stand for is proved by a MAC.
    """
    INSERT INTO mail_address (address, public_id)
    SELECT target, substr(replace(gen_random_uuid()::text, '-', ''), 1, 20) FROM subscription
    WHERE channel = 'EMAIL' GROUP BY target
    """,
)


def upgrade() -> None:
    """Adds a table. The previous release continues to work: e-mails of subscriptions that it makes meanwhile get their
    address's row from the notifier.
    """
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drops the table: links to manage subscriptions end, and the counts of the day are lost."""
    op.execute("DROP TABLE mail_address")
