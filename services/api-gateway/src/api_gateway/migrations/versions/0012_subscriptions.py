"""subscriptions, what they matched, and what was delivered."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE subscription (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        public_id text NOT NULL,
        key_id bigint,
        channel text NOT NULL,
        target text NOT NULL,
        name text,
        parameters text NOT NULL,
        frequency text NOT NULL,
        language text NOT NULL,
        state text NOT NULL,
        state_reason text,
        created_at timestamptz NOT NULL,
        confirmed_at timestamptz,
        since_seq bigint NOT NULL,
        sent_seq bigint NOT NULL,
        failures integer NOT NULL DEFAULT 0,
        failing_since timestamptz,
        next_attempt_at timestamptz,
        ping_at timestamptz,
        CONSTRAINT subscription_public_id_key UNIQUE (public_id),
        FOREIGN KEY (key_id) REFERENCES api_key (id)
    )
    """,
    "CREATE INDEX subscription_key_idx ON subscription (key_id)",
    "CREATE INDEX subscription_target_idx ON subscription (target)",
    "CREATE INDEX subscription_ping_idx ON subscription (ping_at) WHERE ping_at IS NOT NULL",
    """
    CREATE TABLE signing_key (
        subscription_id integer NOT NULL,
        number integer NOT NULL,
        created_at timestamptz NOT NULL,
        retires_at timestamptz,
        PRIMARY KEY (subscription_id, number),
        FOREIGN KEY (subscription_id) REFERENCES subscription (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE change_match (
        seq bigint NOT NULL PRIMARY KEY,
        subscription_ids integer[] NOT NULL,
        matched_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX change_match_matched_idx ON change_match (matched_at)",
    """
    CREATE TABLE match_position (
        singleton boolean NOT NULL PRIMARY KEY,
        epoch text NOT NULL,
        seq bigint NOT NULL
    )
    """,
    """
    CREATE TABLE delivery_attempt (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        subscription_id integer NOT NULL,
        message_id text NOT NULL,
        seq_from bigint,
        seq_to bigint,
        at timestamptz NOT NULL,
        code integer,
        error text,
        milliseconds integer NOT NULL,
        reply_head text,
        FOREIGN KEY (subscription_id) REFERENCES subscription (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX delivery_attempt_subscription_idx ON delivery_attempt (subscription_id, id)",
    "CREATE INDEX delivery_attempt_at_idx ON delivery_attempt (at)",
    """
    CREATE TABLE parked_delivery (
        subscription_id integer NOT NULL,
        seq bigint NOT NULL,
        code integer,
        error text,
        at timestamptz NOT NULL,
        PRIMARY KEY (subscription_id, seq),
        FOREIGN KEY (subscription_id) REFERENCES subscription (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE digest (
        subscription_id integer NOT NULL,
        period date NOT NULL,
        seq_to bigint NOT NULL,
        sent_at timestamptz,
        PRIMARY KEY (subscription_id, period),
        FOREIGN KEY (subscription_id) REFERENCES subscription (id) ON DELETE CASCADE
    )
    """,
)
_TABLES = (
    "digest", "parked_delivery", "delivery_attempt", "match_position", "change_match", "signing_key", "subscription",
)  # fmt: skip


def upgrade() -> None:
    """Adds tables; the previous release knows nothing of them and continues to work."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drops the tables: every subscription is lost."""
    for table in _TABLES:
        op.execute(f"DROP TABLE {table}")
