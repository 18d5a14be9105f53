"""Reads names of laws: `Lei nº 14.811, de 12 de janeiro de 2024`, `LC 228/2026`, `EC 132`, a LexML URN of a law.

A law is looked up among the norms that bills became (`enactment`). A name becomes a key such as `LEI 14811/2024`; one
without a year becomes `LEI 14811`, and a bill's norm has both keys.
"""

import re
from collections.abc import Mapping
from typing import Any

from api_gateway.search.language.analysis import folded, full_year

_KINDS: Mapping[str, str] = {
    "lei complementar": "LC",
    "lei delegada": "LDL",
    "lei ordinaria": "LEI",
    "lei": "LEI",
    "emenda constitucional": "EC",
    "decreto legislativo": "DLG",
    "lcp": "LC",
    "lc": "LC",
    "ec": "EC",
    "dlg": "DLG",
}
_CODES: Mapping[str, str] = {"LEI": "LEI", "LCP": "LC", "LDL": "LDL", "EMC": "EC", "DLG": "DLG"}
"""Kinds by the Senado's codes of norms, without what follows the hyphen: `LEI-n` is a law with a number."""

_URN_KINDS: Mapping[str, str] = {
    "lei": "LEI",
    "lei.complementar": "LC",
    "lei.delegada": "LDL",
    "decreto.legislativo": "DLG",
}
_NUMBER = r"(?P<number>\d{1,3}(?:\.\d{3})+|\d{1,6}(?:-[a-z])?)"
_YEAR = r"(?P<year>[12]\d{3}|\d\d)"
DAY = r"(?:\d{1,2}o?(?:\s*/\s*\d{1,2}\s*/\s*|\s+de\s+[a-z]+\s+de\s+))?"
"""Pattern of the day and month that may stand before a year, in a text without accents."""

_NAME = re.compile(
    rf"(?P<kind>{'|'.join(kind.replace(' ', '[ ]+') for kind in _KINDS)})[ ]*(?:n(?:[o.]|um\b)*[ ]*)?{_NUMBER}"
    rf"(?:(?:[ ]*/[ ]*|[ ]*,?[ ]+de[ ]+|[ ]*,[ ]*){DAY}{_YEAR})?\W*"
)
_URN = re.compile(
    rf"urn:lex:br:(?:federal|congresso\.nacional):(?P<kind>{'|'.join(map(re.escape, _URN_KINDS))})"
    rf":(?P<year>\d{{4}})(?:-\d\d-\d\d)?;(?P<number>\d{{1,6}}(?:-[a-z])?)(?:[@!~].*)?"
)
_LONGEST = 200


def read_law(text: str) -> str | None:
    """The key of the law that the whole text names; None if it names none."""
    if len(text) > _LONGEST or not any(map(str.isdigit, text)):
        return None
    name = folded(text)
    if match := _URN.fullmatch(name):
        return _key(_URN_KINDS[match["kind"]], match["number"], int(match["year"]))
    if match := _NAME.fullmatch(name):
        year = match["year"]
        return _key(_KINDS[" ".join(match["kind"].split())], match["number"], full_year(year) if year else None)
    return None


def law_keys(enactment: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The keys of the norm that a bill became, with and without its year; none for a norm of another kind."""
    if not enactment:
        return ()
    named = read_law(enactment.get("title") or "")
    code = (enactment.get("type_code") or "").partition("-")[0].upper()
    number = (enactment.get("number") or "").strip()
    if named is None and code in _CODES and re.fullmatch(_NUMBER, number.lower()):
        named = _key(_CODES[code], number.lower(), None)
    if named is None:
        return ()
    bare, _, written = named.partition("/")
    year = enactment.get("year") or written
    return (f"{bare}/{year}", bare) if year else (bare,)


def _key(kind: str, number: str, year: int | None) -> str:
    bare = f"{kind} {number.replace('.', '').lstrip('0').upper() or '0'}"
    return f"{bare}/{year}" if year else bare
