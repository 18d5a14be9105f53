"""Headers of a deprecated operation: `Deprecation` (RFC 9745), `Sunset` (RFC 8594), and a link to the explanation.

In addition the route has `deprecated=True`, so that the OpenAPI document contains the deprecation and both headers.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Deprecation:
    """The deprecation of an operation: its date, the end date of the operation (None: not decided), and the address of
    the replacement.
    """

    since: datetime
    sunset: datetime | None
    successor: str

    def __post_init__(self) -> None:
        if self.sunset is not None and self.sunset < self.since:
            raise ValueError("an operation cannot end before it is deprecated")

    @property
    def headers(self) -> dict[str, str]:
        """The headers of each reply of the operation. A `Link` to a next page is a separate header, not joined with
        this one.
        """
        told = {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Link": f'<{self.successor}>; rel="successor-version"',
        }
        return (
            told
            if self.sunset is None
            else {**told, "Sunset": format_datetime(self.sunset.astimezone(UTC), usegmt=True)}
        )
