"""The events that services exchange over the stream."""

from legis.events.bill_gone import BillGone
from legis.events.bill_observed import BillObserved
from legis.events.codec import Event, decode, encode
from legis.events.envelope import YEARLY_WALKS, Envelope, Walk, WindowRef
from legis.events.record_gone import RecordGone
from legis.events.record_observed import RecordObserved
from legis.events.record_rejected import RecordRejected
from legis.events.records_sighted import RecordsSighted
from legis.events.service_state import BackfillLeft, BreakerSnapshot, ServiceState, WalkProgress
from legis.events.window_ended import WindowEnded
from legis.events.year_not_read import YearNotRead
from legis.events.year_sighted import MOST_IDS, YearSighted

__all__ = [
    "MOST_IDS",
    "YEARLY_WALKS",
    "BackfillLeft",
    "BillGone",
    "BillObserved",
    "BreakerSnapshot",
    "Envelope",
    "Event",
    "RecordGone",
    "RecordObserved",
    "RecordRejected",
    "RecordsSighted",
    "ServiceState",
    "Walk",
    "WalkProgress",
    "WindowEnded",
    "WindowRef",
    "YearNotRead",
    "YearSighted",
    "decode",
    "encode",
]
