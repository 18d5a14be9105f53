"""What speaks for two records being one: sentences in English, and the parts that they were made of.

Evidence is stored as sentences. Each sentence is written and read by the same form, so that what reads it in parts
cannot fall behind what writes it.
"""

import re
from dataclasses import dataclass
from functools import cache

from legis.domain.vocabulary import Chamber

OTHER = "OTHER"
"""Kind of a sentence in no known form, such as one of a reviewed list."""

_FORMS = {
    "TITLES_ALIKE": "titles {value} alike",
    "SAME_NUMBER": "both are {value}",
    "ONE_NUMBERING": "numbered once for the whole Congress",
    "BEGAN_IN": "{id}: began in the {house}",
    "UNDER_REVIEW": "{id}: under review here, so it began in the other house",
    "AUTHOR": "{id}: its author is the {house}",
    "NUMBERED_BEFORE": "{id}: presented in {value}, so numbered elsewhere before",
    "NUMBERED_ON_ITS_WAY": "{id}: presented in {value}, so it got this number on its way to the Senado",
    "ALSO_NUMBERED": "{id}: also numbered {value}",
    "ADDRESS": "{id}: {address}",
    "FIELD": "{id}: {field}: {value}",
    "BIRTH_DATE": "birth date {value}",
    "CIVIL_NAME": "civil name {value}",
    "REGISTER": "a house's register names {value}",
    "GENDER": "gender {value}",
}
"""By kind: the sentence, and what stands in it."""

KINDS = (*_FORMS, OTHER)
HOUSE_TITLES = {Chamber.CAMARA: "Câmara", Chamber.SENADO: "Senado"}
"""The houses as sentences name them."""

_HOUSES = {title: house for house, title in HOUSE_TITLES.items()}
_GROUPS = {
    "id": r"(?P<id>[\w-]+)",
    "house": f"(?P<house>{'|'.join(_HOUSES)})",
    "address": r"(?P<address>https?://\S+)",
    "field": r"(?P<field>\w+(?: \([^)]*\))?)",
    "value": r"(?P<value>.+)",
}


@dataclass(frozen=True, slots=True)
class EvidencePart:
    """A sentence in parts: `record_id` says it, `field` is the source's name of what it is said in, and `value` is what
    was found: a number, a year, a share from 0 to 1, a day, a name, an address, a house (`CAMARA`, `SENADO`).
    """

    kind: str
    text: str
    record_id: str | None = None
    field: str | None = None
    value: str | None = None


def sentence(kind: str, **parts: object) -> str:
    """The sentence of a kind. Raises KeyError for an unknown kind, or where a part is missing."""
    return _FORMS[kind].format(**parts)


def evidence_part(text: str) -> EvidencePart:
    """A stored sentence in parts; of the kind OTHER where it has no known form."""
    for kind, form in _patterns():
        if found := form.fullmatch(text):
            parts = found.groupdict()
            house = _HOUSES.get(parts.get("house") or "")
            value = house.value if house else parts.get("address") or parts.get("value")
            return EvidencePart(kind, text, parts.get("id"), parts.get("field"), value)
    return EvidencePart(OTHER, text)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for kind, form in _FORMS.items():
        pieces = re.split(r"\{(\w+)\}", form)
        pattern = "".join(_GROUPS[piece] if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
        found.append((kind, re.compile(pattern)))
    return tuple(found)
