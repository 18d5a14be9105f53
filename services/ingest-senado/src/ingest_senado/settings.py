"""Settings of the Senado's ingest service."""

from typing import Literal

from legis.ingest.settings import IngestSettings, web_address
from pydantic import Field, field_validator


class SenadoSettings(IngestSettings):
    """Address of the Senado, request limits, and the family of its services to use."""

    senado_base_url: str = Field(
        "https://legis.senado.leg.br/dadosabertos", description="Root of the Senado's open data services"
    )
    senado_requests_per_second: float = Field(
        5,
        gt=0,
        le=1000,
        description="Requests a second towards the Senado. Above 10 it answers 429, so raise it only against a "
        "simulator",
    )
    senado_max_in_flight: int = Field(5, ge=1, le=20, description="Requests to the Senado that may run at once")
    senado_port: int = Field(5002, ge=0, le=65_535, description="Port of the Senado service's health and metrics")
    senado_family: Literal["processo", "materia"] = Field(
        "processo", description="Family of services that is read: `processo`, or the deprecated `materia`"
    )
    senado_detail_on_backfill: bool = Field(
        True, description="Whether the backfill also reads each bill's detail, not only the yearly lists"
    )

    senado_agenda_poll_seconds: float = Field(
        600, gt=0, description="Time between two looks at the agendas of the Senado's plenary and committees"
    )
    senado_votings_poll_seconds: float = Field(
        1800, gt=0, description="Time between two looks at the Senado's votings of the last 30 days"
    )
    senado_people_seconds: float = Field(
        86_400, gt=0, description="Time between two looks at senators, committees and their members"
    )

    @field_validator("senado_base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return web_address(value)
