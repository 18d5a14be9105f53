"""`YearNotRead` v1: the list of a whole year could not be read, or could be read again."""

from typing import Literal

from pydantic import Field

from legis.events.envelope import Envelope, WindowRef


class YearNotRead(Envelope):
    """`reason` says why the list of `year` could not be read; None says that it has been read since.

    A year is not read while its file is missing, refused, or fails again and again. It is never taken for an empty
    year. `read_seq` was taken before the list was requested.
    """

    kind: Literal["year_not_read"] = "year_not_read"
    window: WindowRef
    read_seq: int
    year: int = Field(ge=1800, le=2200)
    reason: str | None
