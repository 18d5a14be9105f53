"""`YearSighted` v1: the ids in a source's list of a whole year; ids not in it are missing at the source."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from legis.events.envelope import Envelope, WindowRef

MOST_IDS = 5000
"""Maximum number of ids in one event; a longer list is split into parts."""

UpstreamId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]


class YearSighted(Envelope):
    """Part `part` of `parts` of the ids in a source's own list of `year`. An id in none of the parts is missing at the
    source.

    `read_seq` was taken before the list was requested. With `selective` true the source reads only some of the ids, so
    an id that is not stored is no error.
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
