"""Settings of every ingest service, whatever its chamber."""

from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

from legis.settings import ServiceSettings
from legis.upstream import BreakerPolicy

_PLAIN = r"^[ -~]+$"
_PLAIN_WITHOUT_PARENTHESES = r"^[ -'*-~]*$"
"""Printable ASCII without parentheses: characters that a comment of a User-Agent may hold."""


def web_address(value: str) -> str:
    """An http or https address without its final slash. Raises ValueError for anything else."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("must be an http or https address")
    return value.rstrip("/")


class IngestSettings(ServiceSettings):
    """Connection to the chambers; polling, backfill, stream limits and circuit breaker of one source."""

    user_agent: str = Field(
        "Legis/0.1 (dados abertos do Congresso)",
        pattern=_PLAIN,
        description="How we name ourselves to the chambers, without the contact",
    )
    upstream_contact: str = Field(
        "",
        pattern=_PLAIN_WITHOUT_PARENTHESES,
        description="E-mail or web address of whoever runs this installation, put into the User-Agent so that the "
        "chambers can write before they block; empty says none",
    )
    upstream_proxy: str | None = Field(
        None,
        description="HTTP proxy through which the chambers are asked, http://[user:password@]host:port; unset asks "
        "them directly. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are not read",
    )
    ingest_host: str = Field("127.0.0.1", description="Address the ingest services' health and metrics listen on")
    poll_interval_seconds: float = Field(900, gt=0, description="Time between two looks at what changed")
    backfill: bool = Field(True, description="Whether the whole corpus is read once, newest year first")
    backfill_from_year: int = Field(1934, ge=1822, le=2100, description="Oldest year that is read")
    reconcile_interval_seconds: float = Field(
        604_800,
        gt=0,
        description="Time between two comparisons of the lists of whole years with what is stored; shorter than a day "
        "only against a simulator",
    )
    years_retry_seconds: float = Field(
        86_400, gt=0, description="Time between two attempts at years whose list could not be had"
    )
    reader_lease_seconds: float = Field(
        5,
        ge=0.5,
        le=300,
        description="Longest time until another process of the same service reads its source after this one died",
    )
    stream_capacity: int = Field(20_000, ge=100, description="Entries on the stream above which ingest waits")
    window_confirm_timeout_seconds: float = Field(
        60, gt=0, description="How long a published window may take to be stored before it is read again"
    )
    breaker_window_calls: int = Field(20, ge=1, le=10_000, description="Last calls whose failures the circuit counts")
    breaker_minimum_calls: int = Field(
        10, ge=1, le=10_000, description="Calls before their failure rate means anything; at most the window"
    )
    breaker_failure_rate: float = Field(0.5, gt=0, le=1, description="Share of failed calls that opens the circuit")
    breaker_consecutive_failures: int = Field(5, ge=1, le=10_000, description="Failures in a row that open the circuit")
    breaker_open_seconds: float = Field(
        30, gt=0, le=86_400, description="First time the circuit stays open, where upstream names none"
    )
    breaker_max_open_seconds: float = Field(
        300, gt=0, le=86_400, description="Longest time the circuit stays open; at least the first"
    )
    block_seconds: float = Field(
        60, gt=0, le=86_400, description="First time that a chamber which has shut us out is left alone; then doubled"
    )
    block_max_seconds: float = Field(
        3600, gt=0, le=86_400, description="Longest such time, where the chamber names none; at least the first"
    )
    breaker_probes: int = Field(1, ge=1, le=100, description="Calls let through at a time while it is half open")

    @field_validator("upstream_proxy")
    @classmethod
    def _http_with_a_host(cls, value: str | None) -> str | None:
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme != "http" or not parts.hostname or parts.port == 0:
            raise ValueError("must be http://[user:password@]host:port")
        return value

    @field_validator("breaker_minimum_calls")
    @classmethod
    def _within_the_window(cls, value: int, info: ValidationInfo) -> int:
        if value > info.data.get("breaker_window_calls", value):
            raise ValueError("must be at most BREAKER_WINDOW_CALLS")
        return value

    @field_validator("breaker_max_open_seconds")
    @classmethod
    def _not_below_the_first(cls, value: float, info: ValidationInfo) -> float:
        if value < info.data.get("breaker_open_seconds", value):
            raise ValueError("must be at least BREAKER_OPEN_SECONDS")
        return value

    @field_validator("block_max_seconds")
    @classmethod
    def _not_shorter_than_the_first(cls, value: float, info: ValidationInfo) -> float:
        if value < info.data.get("block_seconds", value):
            raise ValueError("must be at least BLOCK_SECONDS")
        return value

    @property
    def signature(self) -> str:
        """The User-Agent header: with the contact, where there is one."""
        return f"{self.user_agent} (contact: {self.upstream_contact})" if self.upstream_contact else self.user_agent

    @property
    def breaker(self) -> BreakerPolicy:
        """The rules by which the circuit towards the chamber opens and closes."""
        return BreakerPolicy(
            window_calls=self.breaker_window_calls,
            minimum_calls=self.breaker_minimum_calls,
            failure_rate=self.breaker_failure_rate,
            consecutive_failures=self.breaker_consecutive_failures,
            open_seconds=self.breaker_open_seconds,
            max_open_seconds=self.breaker_max_open_seconds,
            probes=self.breaker_probes,
        )
