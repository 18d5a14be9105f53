"""Converts rows of a list into bills and readings."""

from dataclasses import dataclass
from datetime import datetime

from legis.domain.bill import Bill, Provenance
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordRejected
from legis.ingest.source import Reading

from ingest_senado.client.answers import Page, Received
from ingest_senado.normalizer.bill import from_list_row
from ingest_senado.normalizer.marks import mark_of
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.wire.bill_records import ListRow
from ingest_senado.wire.json_records import Record

PARSER_VERSION = "senado-2"


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list as a bill, with the sequence and the mark of that reading."""

    bill: Bill
    mark: str
    provenance: Provenance
    seq: int

    @property
    def id(self) -> str:
        """The process's id."""
        return self.bill.upstream_id

    def reading(self, traceparent: str | None) -> Reading:
        """The row alone as a reading."""
        marks = {ReadingPart.LIST: self.mark}
        return Reading(self.bill, self.provenance, ReadingPart.LIST, self.seq, marks, traceparent)


def listed(page: Page[ListRow], item: Received[ListRow], seq: int) -> Listed | RecordRejected:
    """A row as a bill, or the reason why it is not one."""
    try:
        bill = from_list_row(item.value, Sighting(page.fetched_at, item.record.removed))
        return Listed(bill, mark_of(bill), provenance_of(page.url, page.fetched_at, item.record), seq)
    except Exception as error:  # a row on which this code fails costs only itself, not its list
        return rejected(error, item.record, str(item.value.id), page.url)


def rejected(error: Exception, record: Record, upstream_id: str | None, url: str) -> RecordRejected:
    """The rejection of a record that fits its wire model and yet gives no valid bill or record."""
    return RecordRejected(f"makes no bill: {error}", raw=record.raw, upstream_id=upstream_id, source_url=url)


def provenance_of(url: str, fetched_at: datetime, record: Record) -> Provenance:
    """The address and time of reading of a record, and the hash of its bytes."""
    return Provenance(url=url, fetched_at=fetched_at, payload_sha256=record.sha256, parser_version=PARSER_VERSION)
