"""API keys: who may ask for more than a client without one; only the SHA-256 of a key's secret is kept."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_STATEMENT = """
CREATE TABLE api_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    prefix text NOT NULL,
    secret_sha256 bytea NOT NULL,
    scopes text[] NOT NULL,
    limit_per_minute integer,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    rotated_from bigint,
    CONSTRAINT api_key_prefix_key UNIQUE (prefix),
    CONSTRAINT api_key_rotated_from_fkey FOREIGN KEY (rotated_from) REFERENCES api_key (id)
)
"""


def upgrade() -> None:
    """Adds a table; the release before knows nothing of it and goes on working."""
    op.execute(_STATEMENT)


def downgrade() -> None:
    """Drops the table: every key is lost, and their holders are clients without a key again."""
    op.execute("DROP TABLE api_key")
