"""The name of every key that services share in Redis."""

from legis.domain.vocabulary import Source

BILLS_STREAM = "legis.bills.v1"
"""The one stream of events from all sources."""

STORE_GROUP = "store"
"""Consumer group of the worker."""


def cursor_key(source: Source) -> str:
    """Hash that workers republish from PostgreSQL at least every second; absent means: wait, never guess.

    Fields: `epoch` (id of the database), `max_read_seq`, and per walk `<WALK>` = position reached.
    """
    return f"legis:cursor:{source.value}"


def read_seq_key(source: Source) -> str:
    """The greatest read sequence that ever went on the stream; raised in the step that adds the event."""
    return f"legis:read-seq:{source.value}"


def seen_key(source: Source, epoch: str) -> str:
    """Hash `<upstream id>|<part>` → fingerprint of the reading that is *stored*; written by the worker after commit."""
    return f"legis:seen:{source.value}:{epoch}"


def questions_key(source: Source) -> str:
    """Set of upstream ids whose details workers want asked for; they republish it from PostgreSQL every second."""
    return f"legis:questions:{source.value}"


def years_not_read_key(source: Source) -> str:
    """Set of years whose list ingest is to ask for again; workers republish it from PostgreSQL every second."""
    return f"legis:years-not-read:{source.value}"


def service_state_key(service: str) -> str:
    """JSON that an ingest service rewrites every second or two with an expiry: breaker, budget, progress, errors."""
    return f"legis:state:{service}"


DATA_VERSION_KEY = "legis:generation"
"""Counter that the worker raises after each commit that changed something a reader can see."""

DATA_VERSION_CHANNEL = "legis:generation"
"""Pub/sub channel on which the new generation is announced."""

KEY_USAGE_KEY = "legis:api-key-usage"
"""Hash of API key id → Unix time of the last minute in which a web process met it; the worker stores it."""
