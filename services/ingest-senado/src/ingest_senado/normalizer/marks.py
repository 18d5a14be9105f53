"""Fingerprints that separate a repeated reading of a bill or another record from a reading with news."""

from datetime import datetime

from legis.clock import epoch_micros
from legis.domain.bill import Bill
from legis.domain.fingerprint import canonical_hash, fingerprint
from legis.domain.records.any_record import AnyRecord

_VOLATILE = {"state_at"}


def stamp(moment: datetime | None) -> str:
    """An update stamp as text; such texts sort like their instants."""
    return f"{0 if moment is None else max(0, epoch_micros(moment)):017d}"


def mark_of(bill: Bill, otherwise: datetime | None = None) -> str:
    """The mark of a reading: its update stamp and its fingerprint, which does not contain the stamp."""
    return f"{stamp(bill.upstream_updated_at or otherwise)}:{fingerprint(bill)}"


def stamp_of(mark: str | None) -> str:
    """The stamp in a stored mark; without one the empty text, which sorts before every stamp."""
    return mark.partition(":")[0] if mark else ""


def votes_mark(bill: Bill) -> str:
    """The mark of a bill's votings alone; votings have no update stamp."""
    return f"{stamp(None)}:{fingerprint(bill, {'vote_events'})}"


def record_mark(record: AnyRecord) -> str:
    """The mark of a record that is no bill: the hash of what it claims, without the moment of reading.

    Claims with a default value count too: an empty list that is claimed is another reading than one that is not.
    """
    return canonical_hash(record.model_dump(mode="json", exclude_unset=True, exclude=_VOLATILE))
