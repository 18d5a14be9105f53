"""The three sort orders of bills as whole numbers: unique, equal in every copy of the index, usable as page cursors.

The high bits are the date; the low bits are the bill's ordinal, which breaks ties. A bill without a date has date 0: it
comes last when sorted newest first, and is in no range of dates.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import chain

ORDINAL_BITS = 24
MAX_ORDINAL = (1 << ORDINAL_BITS) - 1
"""16.7 million bills; the Congress has 1.2 million. With 39 bits for an instant up to the year 9999, 63 bits in all."""

UNDATED = 0

_DAY_ONE = date(1, 1, 1)
_FIRST_INSTANT = datetime(1, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def of_day(day: date | None) -> int:
    """The number of a day: 1 is the first day of year 1, 0 means no day."""
    return UNDATED if day is None else (day - _DAY_ONE).days + 1


def of_instant(at: datetime | None) -> int:
    """The number of an instant in whole seconds, rounded down; 0 means no instant."""
    return UNDATED if at is None else (at - _FIRST_INSTANT) // _SECOND + 1


def from_instant(at: datetime) -> int:
    """The number of the first whole second at or after an instant: the start of a range, or one more than its end."""
    return -((_FIRST_INSTANT - at) // _SECOND) + 1


def placed(place: int, ordinal: int) -> int:
    """The sort value of a bill: its date's number, then its ordinal. Raises ValueError if the ordinal does not fit."""
    if not 0 < ordinal <= MAX_ORDINAL:
        raise ValueError(f"ordinal {ordinal} does not fit into {ORDINAL_BITS} bits")
    return (place << ORDINAL_BITS) | ordinal


def ordinal_of(value: int) -> int:
    """The ordinal in a sort value by a date."""
    return value & MAX_ORDINAL


def first_at(place: int) -> int:
    """The smallest sort value of a date's number; bills at or after the date have this or more."""
    return place << ORDINAL_BITS


_SLOT_FIRST = {"introduced": first_at(1), "acted": first_at(1), "changed": 0}
_SLOT_SIZE = {"introduced": 7 << ORDINAL_BITS, "acted": 86_400 << ORDINAL_BITS, "changed": 1 << 12}
"""First value of slot 1 of each order, and values per slot: a week, a day, or 4 096 changes. With slots of a month the
newest page took 1 ms longer, since most active bills changed recently and fell into one slot.
"""

_LEVELS = 5
_STEP = 16
_LARGEST_SLOTS = 64
LAST_SLOT = _LARGEST_SLOTS * _STEP ** (_LEVELS - 1) - 1
"""The last slot: after the year 9999, and after 17 billion changes."""


def slot(order: str, value: int) -> int:
    """The slot of a value in an order; slot 0 has the bills without a date. Raises ValueError above the last slot."""
    number = (value - _SLOT_FIRST[order]) // _SLOT_SIZE[order] + 1
    if number > LAST_SLOT:
        raise ValueError(f"{value} is above what the order {order} can hold")
    return number


def slot_size(order: str) -> int:
    """Number of values in a slot."""
    return _SLOT_SIZE[order]


def slot_begin(order: str, number: int) -> int:
    """The first value of a slot; slot 0 begins at 0."""
    return max(0, _SLOT_FIRST[order] + (number - 1) * _SLOT_SIZE[order])


def slot_terms(number: int) -> list[int]:
    """Index terms of a bill by its slot: the slot itself and the larger slots that contain it, each sixteen times the
    size of the one before.

    A range of an order then needs a few dozen terms, whatever its length; comparing values would look at every bill.
    """
    return [_slot_term(level, number // _STEP**level) for level in range(_LEVELS)]


def terms_between(first: int, last: int) -> list[int]:
    """The fewest terms that together cover the slots from `first` to `last`, both included."""
    found: list[int] = []
    for level in range(_LEVELS):
        begin, end = -(-first // _STEP), (last + 1) // _STEP  # larger slots completely inside the range
        if level == _LEVELS - 1 or begin >= end:
            found += (_slot_term(level, number) for number in range(first, last + 1))
            break
        found += (
            _slot_term(level, number) for number in chain(range(first, begin * _STEP), range(end * _STEP, last + 1))
        )
        first, last = begin, end - 1
    return found


def last_slot(is_there: Callable[[int], bool]) -> int:
    """The last slot with a bill, found by asking whether a term has one, from the largest slots to the smallest. 0 if
    there are none.
    """
    last = 0
    for level in reversed(range(_LEVELS)):
        larger = range(_LARGEST_SLOTS) if level == _LEVELS - 1 else range(last * _STEP, (last + 1) * _STEP)
        last = max((number for number in larger if is_there(_slot_term(level, number))), default=0)
    return last


def _slot_term(level: int, number: int) -> int:
    return number * _STEP + level
