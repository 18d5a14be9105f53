"""Parsing of parameter values: allowed characters, lists, words, numbers, dates."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from legis.domain.brasilia_time import day_start
from legis.domain.search_text import plain
from legis.languages import Text

from api_gateway.search.filtering.bill_filter import Choice
from api_gateway.search.filtering.nearest_word import nearest

T = TypeVar("T")

MAX_VALUES = 100
"""Values of one parameter, counting both repetitions and commas."""

_MAX_DIGITS = 100
"""Of a number, those before it that are zero included."""

MAX_INTEGER = 2**31 - 1
MAX_LISTED, MAX_LISTED_ALONE = 200, 400
"""Characters of a list of valid words that an error shows whole: beside a suggestion, and where no word is near, which
then has room for the statuses of bills.
"""

EMPTY = Text("is empty; leave the parameter out instead", "está vazio; omita o parâmetro")

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+ -]\d\d:\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class InvalidParameter(ValueError):
    """A parameter with an invalid value. `name` is the parameter's name; the message says what is wrong, `text` does so
    in both languages where it is known in both.
    """

    def __init__(self, name: str, message: str | Text) -> None:
        super().__init__(message.en if isinstance(message, Text) else message)
        self.name = name
        self.text = message


def clean(name: str, value: str, max_length: int) -> str:
    """The value in NFC, without surrounding blanks. Raises InvalidParameter if it is empty, too long, not UTF-8, or has
    control characters.
    """
    if len(value) > max_length:
        raise _wrong(name, f"is longer than {max_length} characters", f"tem mais de {max_length} caracteres")
    text = unicodedata.normalize("NFC", value).strip()
    if not text:
        raise InvalidParameter(name, EMPTY)
    for character in text:
        if character == "\ufffd" or "\ud800" <= character <= "\udfff":
            raise _wrong(name, "is not valid UTF-8", "não é UTF-8 válido")
        if unicodedata.category(character) == "Cc" and character not in "\t\n":
            code = f"U+{ord(character):04X}"
            raise _wrong(name, f"holds the control character {code}", f"contém o caractere de controle {code}")
    return text


def values(name: str, given: Iterable[str], max_length: int = 100) -> list[str]:
    """All values of a parameter, split at commas and cleaned. Raises InvalidParameter above MAX_VALUES."""
    raw = [part for item in given for part in item.split(",")]
    if len(raw) > MAX_VALUES:
        raise _wrong(
            name,
            f"has {len(raw)} values; at most {MAX_VALUES} are taken",
            f"tem {len(raw)} valores; são aceitos no máximo {MAX_VALUES}",
        )
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


def spelled(*words: str) -> Callable[[Any], Any]:
    """A function that gives the one of these words which a value is in another case or with accents; any other value
    as it is.
    """
    folded = {plain(word): word for word in words}
    return lambda value: folded.get(plain(value), value) if isinstance(value, str) else value


def one_of(valid: Iterable[str]) -> Callable[[str, str], str]:
    """A parser that accepts only these words, in any case and without accents; its error suggests the nearest one and
    lists all of them where they are few.
    """
    known = {word.casefold(): word for word in valid}
    folded = {plain(word): word for word in known.values()}

    def read(name: str, value: str) -> str:
        found = known.get(value.casefold()) or folded.get(plain(value))
        if found is None:
            raise InvalidParameter(name, no_value(value, sorted(known.values())))
        return found

    return read


def no_value(value: str, valid: list[str]) -> Text:
    """Error text for a value that is none of these words: names the nearest one, and all of them where they are few."""
    near, listed = nearest(value, valid), ", ".join(valid)
    en, pt = f"{value!r} is no value of it", f"{value!r} não é um valor aceito"
    if near is not None:
        en, pt = f"{en}; did you mean {near}?", f"{pt}; você quis dizer {near}?"
    if len(listed) <= (MAX_LISTED if near else MAX_LISTED_ALONE):
        stop = "" if near else "."
        en, pt = f"{en}{stop} Allowed: {listed}", f"{pt}{stop} Valores: {listed}"
    return Text(en, pt)


def _wrong(name: str, en: str, pt: str) -> InvalidParameter:
    return InvalidParameter(name, Text(en, pt))


def whole_number(name: str, value: str) -> int:
    """A non-negative integer that fits PostgreSQL's `integer`."""
    if not (value.isascii() and value.isdigit()) or len(value) > _MAX_DIGITS or int(value) > MAX_INTEGER:
        given = repr(value[:40])
        raise _wrong(
            name,
            f"{given} is not a whole number from 0 to {MAX_INTEGER}",
            f"{given} não é um número inteiro de 0 a {MAX_INTEGER}",
        )
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
    given = repr(value[:40])
    raise _wrong(name, f"{given} is not a date like 2026-11-23", f"{given} não é uma data como 2026-11-23")


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
    given, example = repr(value[:40]), "2026-11-23T12:00:00Z"
    raise _wrong(
        name,
        f"{given} is neither a date nor an instant like {example}",
        f"{given} não é uma data nem um instante como {example}",
    )
