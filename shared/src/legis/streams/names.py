"""Names of all Redis keys that services share."""

from legis.domain.vocabulary import Source

BILLS_STREAM = "legis.bills.v1"
"""The single stream of events from all sources."""

STORE_GROUP = "store"
"""Consumer group of the workers."""


def cursor_key(source: Source) -> str:
    """Hash that workers republish from PostgreSQL at least every second; where it is absent, ingest waits.

    Fields: `epoch` (id of the database's contents), `max_read_seq`, and for each walk `<WALK>` = stored position.
    """
    return f"legis:cursor:{source.value}"


def read_seq_key(source: Source) -> str:
    """The greatest read sequence ever added to the stream; raised in the step that adds the event."""
    return f"legis:read-seq:{source.value}"


def marks_key(source: Source, epoch: str) -> str:
    """Hash `<upstream id>|<part>` → fingerprint of the *stored* reading; written by the worker after its commit."""
    return f"legis:seen:{source.value}:{epoch}"


ALL_MARKS = "legis:seen:*"
"""Pattern of the keys of all marks: of every source, under every epoch."""


def refetch_requests_key(source: Source) -> str:
    """Set of upstream ids whose details ingest shall read again. Workers republish it from PostgreSQL every second."""
    return f"legis:questions:{source.value}"


def years_not_read_key(source: Source) -> str:
    """Set of years whose list ingest shall request again. Workers republish it from PostgreSQL every second."""
    return f"legis:years-not-read:{source.value}"


def reader_lease_key(source: Source) -> str:
    """Hash `token`, `until`: the process that may read the source, and the end of its lease."""
    return f"legis:reader:{source.value}"


def service_state_key(service: str) -> str:
    """JSON that an ingest service rewrites every second or two with an expiry: breaker, budget, progress, errors."""
    return f"legis:state:{service}"


DATA_VERSION_KEY = "legis:generation"
"""Counter that the worker raises after each commit that changed something a reader can see."""

DATA_VERSION_CHANNEL = "legis:generation"
"""Pub/sub channel on which the new data version is announced."""

LOG_HEAD_KEY = "legis:log-head"
"""Hash `epoch`, `seq`, `render_seq`: the head of the change log at the last announced data version."""

KEY_USAGE_KEY = "legis:api-key-usage"
"""Hash of API key id → Unix time of the last minute in which a web process met it; the worker stores it."""
