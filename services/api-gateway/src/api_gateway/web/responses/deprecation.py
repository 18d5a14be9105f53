"""Headers of an operation that will go away: `Deprecation` (RFC 9745), `Sunset` (RFC 8594), and where to read why.

Beside them the route has `deprecated=True`, so that the OpenAPI document says it too and declares both headers.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when an operation is deprecated, when it ends (null: not decided), and the address of what replaces it."""

    since: datetime
    sunset: datetime | None
    successor: str

    def __post_init__(self) -> None:
        if self.sunset is not None and self.sunset < self.since:
            raise ValueError("an operation cannot end before it is deprecated")

    @property
    def headers(self) -> dict[str, str]:
        """The headers of each of its replies. A `Link` to a next page is sent beside this one, not joined with it."""
        told = {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Link": f'<{self.successor}>; rel="successor-version"',
        }
        return (
            told
            if self.sunset is None
            else {**told, "Sunset": format_datetime(self.sunset.astimezone(UTC), usegmt=True)}
        )
