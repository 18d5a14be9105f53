"""Settings of the Câmara's ingest service, in addition to those of every ingest service."""

from legis.ingest.settings import IngestSettings, web_address
from pydantic import Field, field_validator


class CamaraSettings(IngestSettings):
    """Addresses, request limits and filters for the Câmara dos Deputados."""

    camara_base_url: str = Field(
        "https://dadosabertos.camara.leg.br/api/v2", description="The Câmara's API, without a final slash"
    )
    camara_files_url: str = Field(
        "https://dadosabertos.camara.leg.br/arquivos", description="The Câmara's yearly files, without a final slash"
    )
    camara_requests_per_second: float = Field(
        8,
        gt=0,
        le=1000,
        description="Requests a second towards the Câmara. Above 8 its servers slow down and answer 429, so raise it "
        "only against a simulator",
    )
    camara_max_in_flight: int = Field(16, ge=1, le=64, description="Requests to the Câmara under way at once")
    camara_page_size: int = Field(100, ge=1, le=100, description="Rows asked of a list page; upstream cuts at 100")
    camara_types: str = Field(
        "", description="Official type codes to read, separated by commas, such as PL,PEC,MPV; empty reads all"
    )
    camara_people_seconds: float = Field(
        86_400,
        gt=0,
        description="Time between two readings of the Câmara's deputies, bodies, board, leaders and blocs",
    )
    camara_votings_poll_seconds: float = Field(
        1800, gt=0, description="Time between two looks at the Câmara's votings of the last days"
    )
    camara_agenda_poll_seconds: float = Field(
        1800, gt=0, description="Time between two looks at the Câmara's sessions and meetings, past week to next weeks"
    )
    camara_agendas_from_year: int = Field(
        1991, ge=1822, le=2100, description="Oldest year whose agendas are read one by one, after everything else"
    )
    camara_port: int = Field(5001, ge=0, le=65_535, description="Port of this service's health and metrics")

    @field_validator("camara_base_url", "camara_files_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return web_address(value)

    @property
    def types(self) -> frozenset[str]:
        """The type codes to read; empty means all."""
        return frozenset(code.strip().upper() for code in self.camara_types.split(",") if code.strip())
