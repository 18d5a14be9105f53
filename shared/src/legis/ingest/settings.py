"""What every ingest service can be told, whatever its chamber."""

from pydantic import Field

from legis.settings import ServiceSettings


class IngestSettings(ServiceSettings):
    """Polling, backfill and stream limits of one source."""

    ingest_host: str = Field("127.0.0.1", description="Address the ingest services' health and metrics listen on")
    poll_interval_seconds: float = Field(900, gt=0, description="Time between two looks at what changed")
    backfill: bool = Field(True, description="Whether the whole corpus is read once, newest year first")
    backfill_from_year: int = Field(1934, ge=1822, le=2100, description="Oldest year that is read")
    stream_capacity: int = Field(20_000, ge=100, description="Entries on the stream above which ingest waits")
    window_confirm_timeout_seconds: float = Field(
        60, gt=0, description="How long a published window may take to be stored before it is read again"
    )
