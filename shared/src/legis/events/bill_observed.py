"""`BillObserved` v1: a source said a bill looks like this."""

from typing import Literal

from pydantic import Field

from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart
from legis.events.envelope import Envelope, WindowRef


class BillObserved(Envelope):
    """A source said that a bill looks like this. `read_seq` was taken before upstream was asked, and only rises.

    `marks` are fingerprints by part that the worker remembers for ingest once this event is stored.
    """

    kind: Literal["bill_observed"] = "bill_observed"
    window: WindowRef
    read_seq: int
    bill: Bill
    provenance: Provenance
    part: ReadingPart
    marks: dict[ReadingPart, str] = Field(default_factory=dict)
