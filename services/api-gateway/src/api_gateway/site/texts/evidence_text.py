"""Why two records are of one bill or of one person, in the visit's language where the words are known."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from legis.languages import Language

from api_gateway.site.visit import Visit

_DAY = r"(?P<day>\d{4}-\d\d-\d\d)"
_CHAMBERS = {"Câmara": "CAMARA", "Senado": "SENADO"}
_WAYS = (
    ("titles_alike", re.compile(r"titles (?P<share>[01]\.\d\d) alike")),
    ("same_number", re.compile(r"both are (?P<number>.+)")),
    ("one_numbering", re.compile(r"numbered once for the whole Congress")),
    ("began", re.compile(r"(?P<id>[\w-]+): began in the (?P<where>Câmara|Senado)")),
    ("under_review", re.compile(r"(?P<id>[\w-]+): under review here, so it began in the other house")),
    ("author", re.compile(r"(?P<id>[\w-]+): its author is the (?P<house>Câmara|Senado)")),
    ("numbered_before", re.compile(r"(?P<id>[\w-]+): presented in (?P<year>\d{4}), so numbered elsewhere before")),
    (
        "numbered_on_its_way",
        re.compile(r"(?P<id>[\w-]+): presented in (?P<year>\d{4}), so it got this number on its way to the Senado"),
    ),
    ("also_numbered", re.compile(r"(?P<id>[\w-]+): also numbered (?P<number>.+)")),
    ("points_to", re.compile(r"(?P<id>[\w-]+): (?P<address>https?://\S+)")),
    ("field_says", re.compile(r"(?P<id>[\w-]+): (?P<field>\w+(?: \([^)]*\))?): (?P<value>.+)")),
    ("birth", re.compile(rf"birth date {_DAY}")),
    ("civil_name", re.compile(r"civil name (?P<name>.+)")),
    ("register", re.compile(r"a house's register names (?P<id>[\w-]+)")),
    ("gender", re.compile(r"gender (?P<gender>.+)")),
)
"""The API's sentences, each with the name of its phrase in `words/evidence.toml`; the first that fits is taken."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was found; `english` where the API's English is shown on a page of another language."""

    text: str
    english: bool


def evidence_texts(visit: Visit, told: Iterable[str]) -> tuple[Evidence, ...]:
    """Each line of `evidence` of a counterpart or of the same person."""
    return tuple(_text(visit, one) for one in told)


def _text(visit: Visit, told: str) -> Evidence:
    if visit.language is Language.ENGLISH:
        return Evidence(told, english=False)
    for name, way in _WAYS:
        if found := way.fullmatch(told):
            parts: dict[str, Any] = found.groupdict()
            if "share" in parts:
                parts["share"] = visit.formats.percent(float(parts["share"]))
            if "where" in parts:
                parts["where"] = visit.words.label("Chamber", _CHAMBERS[parts["where"]]).note
            if "day" in parts:
                parts["day"] = visit.formats.day(parts["day"])
            return Evidence(visit.words.t(f"evidence.{name}", **parts), english=False)
    return Evidence(told, english=True)
