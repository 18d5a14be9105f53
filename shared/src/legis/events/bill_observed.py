"""`BillObserved` v1: one reading of one bill at a source."""

from typing import Literal

from pydantic import Field

from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart
from legis.events.envelope import Envelope, WindowRef


class BillObserved(Envelope):
    """One reading of a bill. `read_seq` was taken before the request and only rises.

    `marks` are fingerprints by part. The worker stores them for ingest once this event is stored.
    """

    kind: Literal["bill_observed"] = "bill_observed"
    window: WindowRef
    read_seq: int
    bill: Bill
    provenance: Provenance
    part: ReadingPart
    marks: dict[ReadingPart, str] = Field(default_factory=dict)
