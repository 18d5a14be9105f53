"""`YearSighted` v1: which records a source's list of a whole year holds, and so which it does not."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from legis.events.envelope import Envelope, WindowRef

MOST_IDS = 5000
"""Ids of one event; a longer list goes in several parts."""

UpstreamId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]


class YearSighted(Envelope):
    """Part `part` of `parts` of the ids that a source's own list of `year` held; what lacks in all of them is missing.

    `read_seq` was taken before the list was asked for. With `selective`, not all of the ids are read, so one that is
    not stored means nothing.
    """

    kind: Literal["year_sighted"] = "year_sighted"
    window: WindowRef
    read_seq: int
    year: int = Field(ge=1800, le=2200)
    part: int = Field(ge=0)
    parts: int = Field(ge=1)
    upstream_ids: tuple[UpstreamId, ...] = Field(max_length=MOST_IDS)
    selective: bool = False
    url: str
    fetched_at: AwareDatetime
