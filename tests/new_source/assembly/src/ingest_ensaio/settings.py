"""The settings of the ensaio ingest service, besides those that every ingest service has."""

from legis.ingest.settings import IngestSettings, web_address
from pydantic import Field, field_validator


class EnsaioSettings(IngestSettings):
    """Addresses and rates towards the Assembleia de Ensaio."""

    ensaio_base_url: str = Field("http://127.0.0.1:8790", description="Root of its open data, without a final slash")
    ensaio_requests_per_second: float = Field(2, gt=0, le=1000, description="Requests a second towards its servers")
    ensaio_max_in_flight: int = Field(2, ge=1, le=20, description="Requests to its servers that may run at once")
    ensaio_port: int = Field(5005, ge=0, le=65_535, description="Port of this service's health and metrics")

    @field_validator("ensaio_base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return web_address(value)
