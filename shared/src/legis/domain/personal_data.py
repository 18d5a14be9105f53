"""Removes personal data from fields that a source sends and we do not know: CPF, e-mail, telephone, date of birth.

A bill's known fields are public acts. What else a record holds is kept in `extras` unseen, so it is searched: by the
names of fields, and by the shape of values, for names that we did not foresee.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

REMOVED = "[removed]"
"""Stands in a text in the place of what was removed; a value that is nothing else is dropped with its name."""

DEEPEST = 50
_NAME = re.compile(r"cpf|mail|correioeletronico|fone|phone|celular|fax|nasc|birth|^tel$")
_SHAPES = re.compile(
    r"""
    (?P<cpf>(?<!\d)\d{3}\.\d{3}\.\d{3}[-/]\d{2}(?!\d))
    | (?P<digits>(?<![\d.,/-])\d{9}-?\d{2}(?![\d.,/-]*\d))
    | [\w.+%'-]+@[\w-]+(?:\.[\w-]+)+
    | (?<!\d)(?:\+?55\s?)?\(0?\d{2}\)\s?\d{4,5}[\s.-]?\d{4}(?!\d)
    | \+55[\s.-]?\d{2}[\s.-]?\d{4,5}[\s.-]?\d{4}(?!\d)
    | \bnascid[oa]\s+(?:em|a|aos|no\s+dia)\s+\d{1,2}[/.-]\d{1,2}[/.-]\d{4}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOTHING = object()


def without_personal_data(fields: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """The fields without personal data, and how many values were dropped or changed. Nested as JSON is."""
    return _mapping(fields, 0)


def _mapping(fields: Mapping[str, Any], depth: int) -> tuple[dict[str, Any], int]:
    kept, removed = {}, 0
    for name, value in fields.items():
        if _personal_name(name):
            removed += 1
            continue
        cleaned, count = _value(value, depth + 1)
        removed += count
        if cleaned is not _NOTHING:
            kept[name] = cleaned
    return kept, removed


def _personal_name(name: str) -> bool:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NAME.search(re.sub(r"[^a-z]", "", folded)) is not None or _text(name)[1] > 0


def _value(value: Any, depth: int) -> tuple[Any, int]:
    """The value without personal data, or _NOTHING, and the count."""
    if depth > DEEPEST:
        return _NOTHING, 1
    match value:
        case str():
            return _text(value)
        case bool() | None:
            return value, 0
        case int():
            return (_NOTHING, 1) if 10**9 <= value < 10**11 and _is_cpf(f"{value:011}") else (value, 0)
        case Mapping():
            return _mapping(value, depth)
        case list() | tuple():
            found = [_value(one, depth + 1) for one in value]
            return [one for one, _ in found if one is not _NOTHING], sum(count for _, count in found)
        case _:
            return value, 0


def _text(text: str) -> tuple[Any, int]:
    if not any(sign in text for sign in "@-(+.") and not any(letter.isdigit() for letter in text):
        return text, 0
    count = 0

    def replaced(found: re.Match[str]) -> str:
        nonlocal count
        if found["digits"] and not _is_cpf(found["digits"].replace("-", "")):
            return found[0]
        count += 1
        return REMOVED

    cleaned = _SHAPES.sub(replaced, text)
    return (_NOTHING if cleaned.strip() == REMOVED else cleaned), min(count, 1)


def _is_cpf(digits: str) -> bool:
    """Whether the last two of eleven digits are the check digits of the others."""
    if len(set(digits)) == 1:
        return False
    for length in (9, 10):
        total = sum(int(digit) * (length + 1 - place) for place, digit in enumerate(digits[:length]))
        if total * 10 % 11 % 10 != int(digits[length]):
            return False
    return True
