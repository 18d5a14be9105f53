"""The three orders of bills as whole numbers: unique, the same in every copy of the index, and a page's cursor.

The high bits are the date, the low bits the bill's ordinal, which breaks ties. An undated bill has date 0: it comes
last in newest-first order and is in no range of dates.
"""

from datetime import UTC, date, datetime, timedelta

ORDINAL_BITS = 24
MOST_ORDINAL = (1 << ORDINAL_BITS) - 1
"""16.7 million bills; the Congress has 1.2 million. An instant up to the year 9999 takes 39 bits: 63 in all."""

UNDATED = 0

_DAY_ONE = date(1, 1, 1)
_FIRST_INSTANT = datetime(1, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def of_day(day: date | None) -> int:
    """The place of a day; 1 is the first day of year 1, 0 means no day."""
    return UNDATED if day is None else (day - _DAY_ONE).days + 1


def of_instant(at: datetime | None) -> int:
    """The place of an instant by whole seconds, fractions cut off; 0 means no instant."""
    return UNDATED if at is None else (at - _FIRST_INSTANT) // _SECOND + 1


def from_instant(at: datetime) -> int:
    """The place of the first whole second at or after an instant: where a range begins or, less one, ends."""
    return -((_FIRST_INSTANT - at) // _SECOND) + 1


def placed(place: int, ordinal: int) -> int:
    """The order of a bill: its date's place, then its ordinal. Raises ValueError for an ordinal that does not fit."""
    if not 0 < ordinal <= MOST_ORDINAL:
        raise ValueError(f"ordinal {ordinal} does not fit into {ORDINAL_BITS} bits")
    return (place << ORDINAL_BITS) | ordinal


def first_at(place: int) -> int:
    """The smallest order of a date's place: bills at or after it have this or more."""
    return place << ORDINAL_BITS


_SLOTS = {"introduced": 30 << ORDINAL_BITS, "acted": 30 * 86_400 << ORDINAL_BITS, "changed": 1 << 14}
"""How much of an order one slot has: about a month, or 16 384 changes. With slots of a year a page took 1 ms longer: in
those at the ends of a part values have to be compared."""


def slot(order: str, value: int) -> int:
    """The slot of an order that a value lies in.

    Slots are terms of the index: a stretch of an order is found by looking up its slots, where comparing values would
    look at every bill.
    """
    return value // _SLOTS[order]


def slot_size(order: str) -> int:
    """How many values a slot has."""
    return _SLOTS[order]


def slot_bounds(order: str, number: int) -> tuple[int, int]:
    """The first and the last value of a slot."""
    size = _SLOTS[order]
    return number * size, (number + 1) * size - 1
