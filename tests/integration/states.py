"""What a well ingest service says of itself."""

from datetime import UTC, datetime

from legis.domain.vocabulary import Source
from legis.events import BreakerSnapshot, ServiceState


def well(source: Source) -> ServiceState:
    """Its circuit is closed, and it has read everything once."""
    breaker = BreakerSnapshot(state="closed", failures=0, opened_at=None, reset_timeout=30, retry_after=None)
    return ServiceState(
        service=f"ingest-{source.value}",
        source=source,
        updated_at=datetime.now(UTC),
        breaker=breaker,
        retry_budget=500,
        backfill_known=True,
    )
