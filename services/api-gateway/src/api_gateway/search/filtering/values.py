"""Parsing of parameter values: allowed characters, lists, words, numbers, dates."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from legis.domain.brasilia_time import day_start

from api_gateway.search.filtering.bill_filter import Choice

T = TypeVar("T")

MAX_VALUES = 100
"""Values of one parameter, counting both repetitions and commas."""

MAX_INTEGER = 2**31 - 1

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+ -]\d\d:\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class InvalidParameter(ValueError):
    """A parameter with an invalid value. `name` is the parameter's name; the message says what is wrong."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def clean(name: str, value: str, max_length: int) -> str:
    """The value in NFC, without surrounding blanks. Raises InvalidParameter if it is empty, too long, not UTF-8, or has
    control characters.
    """
    if len(value) > max_length:
        raise InvalidParameter(name, f"is longer than {max_length} characters")
    text = unicodedata.normalize("NFC", value).strip()
    if not text:
        raise InvalidParameter(name, "is empty; leave the parameter out instead")
    for character in text:
        if character == "\ufffd" or "\ud800" <= character <= "\udfff":
            raise InvalidParameter(name, "is not valid UTF-8")
        if unicodedata.category(character) == "Cc" and character not in "\t\n":
            raise InvalidParameter(name, f"holds the control character U+{ord(character):04X}")
    return text


def values(name: str, given: Iterable[str], max_length: int = 100) -> list[str]:
    """All values of a parameter, split at commas and cleaned. Raises InvalidParameter above MAX_VALUES."""
    raw = [part for item in given for part in item.split(",")]
    if len(raw) > MAX_VALUES:
        raise InvalidParameter(name, f"has {len(raw)} values; at most {MAX_VALUES} are taken")
    return [clean(name, part, max_length) for part in raw]


def choice(name: str, given: Iterable[str], read: Callable[[str, str], T], max_length: int = 100) -> Choice[T]:
    """Wanted and (with a leading `-`) excluded values, each parsed by `read(name, value)`."""
    wanted: list[T] = []
    unwanted: list[T] = []
    for value in values(name, given, max_length):
        if value.startswith("-"):
            unwanted.append(read(name, clean(name, value[1:], max_length)))
        else:
            wanted.append(read(name, value))
    return Choice(tuple(wanted), tuple(unwanted))


def nearest(value: str, valid: Iterable[str]) -> str | None:
    """The valid word most similar to `value`; None if there are no valid words."""
    found = difflib.get_close_matches(value[:100], list(valid), n=1, cutoff=0.0)
    return found[0] if found else None


def one_of(valid: Iterable[str]) -> Callable[[str, str], str]:
    """A parser that accepts only these words, in any case; its error suggests the nearest one."""
    known = {word.casefold(): word for word in valid}

    def read(name: str, value: str) -> str:
        found = known.get(value.casefold())
        if found is None:
            raise InvalidParameter(name, f"{value!r} is no value of it; did you mean {nearest(value, known.values())}?")
        return found

    return read


def whole_number(name: str, value: str) -> int:
    """A non-negative integer that fits PostgreSQL's `integer`."""
    if not (value.isascii() and value.isdigit()) or int(value[:20]) > MAX_INTEGER:
        raise InvalidParameter(name, f"{value[:40]!r} is not a whole number from 0 to {MAX_INTEGER}")
    return int(value)


def as_text(_name: str, value: str) -> str:
    """The value unchanged."""
    return value


def calendar_day(name: str, value: str) -> date:
    """A day, written as `YYYY-MM-DD`."""
    if _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise InvalidParameter(name, f"{value[:40]!r} is not a date like 2026-11-23")


def instant(name: str, value: str, *, day_end: bool = False) -> datetime:
    """An RFC 3339 instant, or a day: its first moment in Brasília or, with `day_end`, the first moment after it."""
    try:
        if _INSTANT.fullmatch(value):
            # an unescaped `+` of an offset arrives as a blank
            return datetime.fromisoformat(re.sub(r" (\d\d:\d\d)$", r"+\1", value.upper())).astimezone(UTC)
        if _DATE.fullmatch(value):
            day = date.fromisoformat(value)
            if day_end and day == date.max:  # often used for "no upper limit"
                return datetime.max.replace(tzinfo=UTC)
            return day_start(day + timedelta(days=1 if day_end else 0))
    except (ValueError, OverflowError):
        pass
    raise InvalidParameter(name, f"{value[:40]!r} is neither a date nor an instant like 2026-11-23T12:00:00Z")
