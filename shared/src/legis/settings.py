"""Base settings classes, read from the environment; a malformed value stops the process with one line."""

import re
import sys
from typing import Self, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from legis.errors import ConfigurationError

S = TypeVar("S", bound="ServiceSettings")

_USER = re.compile(r"//[^/]*@")


class ServiceSettings(BaseSettings):
    """Settings that every process reads. Names are environment variables in upper case."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, case_sensitive=False)

    redis_url: str = Field("redis://127.0.0.1:6379/0", description="Redis or Valkey that carries the stream")
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least severe level that is logged"
    )
    otel_exporter_otlp_endpoint: str | None = Field(None, description="OTLP/HTTP collector; unset sends no traces out")
    otel_traces_sampler_arg: float = Field(1.0, ge=0, le=1, description="Share of traces kept, decided at the root")
    trace_file: str | None = Field(
        None, alias="LEGIS_TRACE_FILE", description="File that also receives finished spans, one JSON object a line"
    )

    @classmethod
    def from_environment(cls) -> Self:
        """Reads the settings from the environment. Raises ConfigurationError naming the first wrong setting."""
        try:
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"]).upper()
            raise ConfigurationError(f"setting {name}: {first['msg']} (got {_shown(first.get('input'))!r})") from None


def _shown(value: object) -> object:
    """The value for an error message: a URL without its user and password."""
    return _USER.sub("//***@", value) if isinstance(value, str) else value


def load_or_exit(settings_class: type[S]) -> S:
    """Reads the settings, or exits with status 2 after one line on standard error that names the wrong setting."""
    try:
        return settings_class.from_environment()
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
