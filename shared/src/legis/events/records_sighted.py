"""`RecordsSighted` v1: the ids in a source's own list of records; ids not in it are missing at the source."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from legis.domain.records.record import RecordId, RecordKind
from legis.events.envelope import Envelope, WindowRef
from legis.events.year_sighted import MOST_IDS


class RecordsSighted(Envelope):
    """Part `part` of `parts` of the ids in a source's list of events or votings from day `first` to day `last`.

    Both days are included, and are those of Brasília. An id in none of the parts, whose record lies on one of these
    days, is missing at the source. `prefix` limits the list to ids that begin so (`senado-meeting-`), where a source
    has several lists. `read_seq` was taken before the list was requested.
    """

    kind: Literal["records_sighted"] = "records_sighted"
    window: WindowRef
    read_seq: int
    record_kind: RecordKind
    prefix: str
    first: date
    last: date
    part: int = Field(ge=0)
    parts: int = Field(ge=1)
    ids: tuple[RecordId, ...] = Field(max_length=MOST_IDS)
    url: str
    fetched_at: AwareDatetime
