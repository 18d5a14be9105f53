"""Parses and prints bill identifiers as people write them: `PL 2630/2020`, `RQS S/NRO/2003`."""

import re
from dataclasses import dataclass

from legis.domain.vocabulary import BillType

_LABEL = re.compile(
    r"""(?P<type>[a-z][a-z.()]*(?:[/-][a-z.()]+)*)      # PL, P.C, PR/CNMP, RLP(R), EMC-A
        (?:\s*n[\u00ba\u00b0]\.?|\s+n[or]?\.?)?\s*       # nº, n°, no., nr, n. or nothing
        (?P<number>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,9}(?:-[0-9]{1,3})?|s/n(?:ro|[\u00ba\u00b0])?)
        (?:\s*[/-]\s*|\s*,?\s+de\s+|\s+)
        (?P<year>[12][0-9]{3})(?![0-9a-z_])
        (?P<rest>.*)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class BillLabel:
    """The parts of a bill's label. `number` is None where the official number is not numeric."""

    type_code: str
    number: int | None
    number_text: str
    year: int
    suffix: str = ""


def parse_label(text: str) -> BillLabel | None:
    """Parses `pl 2.630/2020`, `PL nº 2630, de 2020`, `PL 458/2021 (Substitutivo-CD)`; None where it is no label.

    Text after the year is kept as `suffix`, verbatim: such records are separate from the one without.
    """
    stripped = text[: _MAX_LENGTH + 1].strip()
    match = _LABEL.fullmatch(stripped) if len(stripped) <= _MAX_LENGTH else None
    if match is None:
        return None
    number_text = match["number"].replace(".", "").upper()
    number = int(number_text) if number_text.isdecimal() else None
    return BillLabel(
        match["type"].upper(), number, number_text.lstrip("0") or "0", int(match["year"]), match["rest"].strip()
    )


def print_label(type_code: str, number_text: str | None, year: int | None) -> str:
    """`PL 2630/2020`; without a year `PRL 1`; without a number the type code alone."""
    if not number_text:
        return type_code
    return f"{type_code} {number_text}/{year}" if year else f"{type_code} {number_text}"


def bill_type(type_code: str) -> BillType:
    """The member for an official type code; `OTHER` where there is none."""
    try:
        return BillType(type_code)
    except ValueError:
        return BillType.OTHER
