"""The fingerprints by which a later reading of the same bill is told from a new one."""

from datetime import datetime

from legis.clock import epoch_micros
from legis.domain.bill import Bill
from legis.domain.fingerprint import fingerprint


def stamp(moment: datetime | None) -> str:
    """An update stamp whose texts compare like the instants."""
    return f"{0 if moment is None else max(0, epoch_micros(moment)):017d}"


def mark_of(bill: Bill, otherwise: datetime | None = None) -> str:
    """What to remember of a reading. It holds the update stamp too, since a fingerprint leaves that out."""
    return f"{stamp(bill.upstream_updated_at or otherwise)}:{fingerprint(bill)}"


def stamp_of(mark: str | None) -> str:
    """The stamp in a remembered mark; the empty text, which is before every stamp, where there is none."""
    return mark.partition(":")[0] if mark else ""


def votes_mark(bill: Bill) -> str:
    """What to remember of a bill's votings alone; votings bear no update stamp."""
    return f"{stamp(None)}:{fingerprint(bill, {'vote_events'})}"
