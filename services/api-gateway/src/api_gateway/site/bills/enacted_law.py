"""The legal norm that a bill became: its name, and where it can be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_KINDS = {
    "LEI": ("Lei", "federal:lei"),
    "LCP": ("Lei Complementar", "federal:lei.complementar"),
    "LDL": ("Lei Delegada", "federal:lei.delegada"),
    "EMC": ("Emenda Constitucional", "federal:emenda.constitucional"),
    "DLG": ("Decreto Legislativo", "congresso.nacional:decreto.legislativo"),
    "RSF": ("Resolução do Senado Federal", "senado.federal:resolucao"),
}
"""Kinds of norms by the houses' codes: the name, and authority and type of a LexML URN."""

_TITLE = re.compile(
    r"(?P<kind>Lei Complementar|Lei Delegada|Lei(?: Ordinária)?|Emenda Constitucional|Decreto Legislativo)\s+"
    r"(?:n[ºo°.]*\s*)?(?P<number>\d{1,3}(?:\.\d{3})+|\d{1,6})"
    r"(?:\s*/\s*(?P<year>\d{4})|,?\s+de\s+(?P<day>\d\d)/(?P<month>\d\d)/(?P<of>\d{4}))?\s*",
    re.IGNORECASE,
)
_CODES = {name.lower(): code for code, (name, _) in _KINDS.items()} | {"lei ordinária": "LEI"}
_PORTAL = "https://www.lexml.gov.br/urn/"


@dataclass(frozen=True, slots=True)
class Law:
    """A norm by the name that the source gives it, or by its number. `urn` and `address` (LexML's page of it) are None
    where kind, number or year is not known.
    """

    name: str
    urn: str | None
    address: str | None


def enacted_law(enactment: Mapping[str, Any] | None) -> Law | None:
    """The law of a bill's `enactment`; None where it has none, or one without title and number."""
    if not enactment:
        return None
    title = enactment.get("title") or ""
    code, number, when = _read(enactment, title)
    kind = _KINDS.get(code)
    if not title and not number:
        return None
    year = enactment.get("year") or (when[:4] if when else "")
    name = title or f"{kind[0] if kind else code or 'Norma'} nº {_dotted(number)}{f'/{year}' if year else ''}"
    if kind is None or not when or not number.isdecimal():
        return Law(name, None, None)
    urn = f"urn:lex:br:{kind[1]}:{when};{int(number)}"
    return Law(name, urn, _PORTAL + urn)


def _read(enactment: Mapping[str, Any], title: str) -> tuple[str, str, str]:
    """Code of the kind, number without points, and day or year: from their fields, else from the title."""
    found = _TITLE.fullmatch(title.strip())
    code = (enactment.get("type_code") or "").partition("-")[0].upper()
    number = (enactment.get("number") or "").strip().replace(".", "")
    when = enactment.get("signed_on") or str(enactment.get("year") or "")
    if found is None:
        return code, number, when
    told = f"{found['of']}-{found['month']}-{found['day']}" if found["of"] else found["year"] or ""
    return code or _CODES[found["kind"].lower()], number or found["number"].replace(".", ""), when or told


def _dotted(number: str) -> str:
    return f"{int(number):,}".replace(",", ".") if number.isdecimal() else number
