"""`YearNotRead` v1: whether the source's list of a whole year could be had, where it once could not."""

from typing import Literal

from pydantic import Field

from legis.events.envelope import Envelope, WindowRef


class YearNotRead(Envelope):
    """`reason` says why the list of `year` could not be had; None tells that it has been read at last.

    A year is not read while its file is missing, refused, or fails again and again; that is never taken for an empty
    year. `read_seq` was taken before the list was asked for.
    """

    kind: Literal["year_not_read"] = "year_not_read"
    window: WindowRef
    read_seq: int
    year: int = Field(ge=1800, le=2200)
    reason: str | None
