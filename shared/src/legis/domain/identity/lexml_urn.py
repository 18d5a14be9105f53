"""Parses LexML URNs, the names of Brazilian laws and bills across institutions.

The grammar is LexML Brasil's (Parte 2, sections 3 to 10): `urn:lex:br[;state[;city]]:authority:type[;subtype]:`
`date;number[;component][@version][~form][!fragment]`, where the date may be a whole day, a range of days or a year.
"""

import re
from dataclasses import dataclass
from datetime import date

_NAME = r"[a-z0-9]+(?:[.-][a-z0-9]+)*"
_NAMES = rf"{_NAME}(?:[;,]{_NAME})*"
_DAY = r"\d{4}-\d{2}-\d{2}"
_TAIL = r"[a-z0-9.,;:_-]+"
_URN = re.compile(
    rf"""urn:lex:(?P<locality>br(?:;{_NAME}){{0,2}})
        :(?P<authority>{_NAMES})
        :(?P<type>{_NAME})(?:;(?P<subtype>{_NAMES}))?
        :(?:(?P<day>{_DAY})|\[(?P<first>{_DAY}),(?P<last>{_DAY})\]|(?P<year>\d{{4}}))
        (?:;(?P<number>[a-z0-9._,-]+))?(?:;(?P<component>[a-z0-9._;-]+))?
        (?:@(?P<version>{_TAIL}))?(?:~(?P<form>{_TAIL}))?(?:!(?P<fragment>[a-z0-9._;-]+))?""",
    re.VERBOSE,
)
_MAX_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Urn:
    """The parts of a LexML URN, in lower case. `day` is None where only a year is given; `last_day` ends a range.

    The year is that of the representative date, which for a bill is its presentation in that house: it may differ from
    the year in the bill's number. `number` is as written, leading zeros included.
    """

    locality: str
    authority: str
    type: str
    subtype: str | None
    year: int
    day: date | None
    last_day: date | None
    number: str | None
    component: str | None = None
    version: str | None = None
    form: str | None = None
    fragment: str | None = None

    def __str__(self) -> str:
        """The URN in its canonical spelling: lower case, numbers without leading zeros."""
        when = str(self.day or f"{self.year:04d}")
        when = f"[{when},{self.last_day}]" if self.last_day else when
        subtype = f";{self.subtype}" if self.subtype else ""
        number = f";{_unpadded(self.number)}" if self.number else ""
        tail = "".join(
            f"{mark}{part}"
            for mark, part in ((";", self.component), ("@", self.version), ("~", self.form), ("!", self.fragment))
            if part
        )
        return f"urn:lex:{self.locality}:{self.authority}:{self.type}{subtype}:{when}{number}{tail}"


def parse_urn(text: str) -> Urn | None:
    """Parses a URN in any case and with blanks around it; None where it is not one of LexML Brasil."""
    if len(text) > _MAX_LENGTH:
        return None
    match = _URN.fullmatch(text.strip().lower())
    if match is None or (match["year"] and not match["number"]):  # a year alone names nothing
        return None
    try:
        start = match["day"] or match["first"]
        day = date.fromisoformat(start) if start else None
        last_day = date.fromisoformat(match["last"]) if match["last"] else None
    except ValueError:
        return None
    year = day.year if day else int(match["year"])
    return Urn(
        match["locality"],
        match["authority"],
        match["type"],
        match["subtype"],
        year,
        day,
        last_day,
        match["number"],
        match["component"],
        match["version"],
        match["form"],
        match["fragment"],
    )


def normalize_urn(text: str) -> str:
    """The spelling by which URNs are compared; text that is no URN is trimmed and converted to lower case."""
    urn = parse_urn(text)
    return str(urn) if urn else text.strip().lower()


def _unpadded(number: str) -> str:
    return ",".join(part.lstrip("0") or "0" if part.isdigit() else part for part in number.split(","))
