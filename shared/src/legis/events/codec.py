"""Encodes events to JSON bytes and decodes them."""

from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from legis.domain.records.any_record import dump_claims
from legis.errors import EventUnreadable
from legis.events.bill_gone import BillGone
from legis.events.bill_observed import BillObserved
from legis.events.record_gone import RecordGone
from legis.events.record_observed import RecordObserved
from legis.events.record_rejected import RecordRejected
from legis.events.records_sighted import RecordsSighted
from legis.events.window_ended import WindowEnded
from legis.events.year_not_read import YearNotRead
from legis.events.year_sighted import YearSighted

AnyEvent = (
    BillObserved
    | RecordObserved
    | RecordRejected
    | RecordsSighted
    | RecordGone
    | YearSighted
    | YearNotRead
    | BillGone
    | WindowEnded
)
Event = Annotated[AnyEvent, Field(discriminator="kind")]
_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(Event)


def encode(event: AnyEvent) -> bytes:
    """Encodes an event as one JSON object. A bill or record has only the fields it claims, so that a reader can
    distinguish unset from null.
    """
    envelope = event.model_dump_json(exclude={"bill", "record"})
    match event:
        case BillObserved():
            return f'{envelope[:-1]},"bill":{event.bill.model_dump_json(exclude_unset=True)}}}'.encode()
        case RecordObserved():
            return f'{envelope[:-1]},"record":{dump_claims(event.record)}}}'.encode()
        case _:
            return envelope.encode()


def decode(payload: bytes) -> AnyEvent:
    """Decodes an event. Raises EventUnreadable for anything else, unknown kinds and versions included."""
    try:
        return _EVENT.validate_json(payload)
    except ValidationError as error:
        raise EventUnreadable(str(error)) from error
