"""Why two records are of one bill or of one person, in the visit's language where the words are known."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from legis.languages import Language

from api_gateway.site.visit import Visit


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was found; `english` where the API's English is shown on a page of another language."""

    text: str
    english: bool


def evidence_texts(visit: Visit, told: Iterable[Mapping[str, Any]]) -> tuple[Evidence, ...]:
    """Each of `evidence_parts` of a counterpart or of the same person."""
    return tuple(_text(visit, one) for one in told)


def _text(visit: Visit, one: Mapping[str, Any]) -> Evidence:
    if visit.language is Language.ENGLISH:
        return Evidence(one["text"], english=False)
    written = _KINDS.get(one["kind"])
    if written is None:
        return Evidence(one["text"], english=True)
    value = written(visit, one["value"] or "")
    said = visit.words.t(f"evidence.{one['kind'].lower()}", id=one["record_id"], field=one["field"], value=value)
    return Evidence(said, english=False)


def _as_told(visit: Visit, value: str) -> str:
    return value


_KINDS: Mapping[str, Callable[[Visit, str], str]] = {
    "TITLES_ALIKE": lambda visit, value: visit.formats.percent(float(value)),
    "SAME_NUMBER": _as_told,
    "ONE_NUMBERING": _as_told,
    "BEGAN_IN": lambda visit, value: visit.words.label("Chamber", value).note,
    "UNDER_REVIEW": _as_told,
    "AUTHOR": lambda visit, value: visit.words.label("Chamber", value).text,
    "NUMBERED_BEFORE": _as_told,
    "NUMBERED_ON_ITS_WAY": _as_told,
    "ALSO_NUMBERED": _as_told,
    "ADDRESS": _as_told,
    "FIELD": _as_told,
    "BIRTH_DATE": lambda visit, value: visit.formats.day(value),
    "CIVIL_NAME": _as_told,
    "REGISTER": _as_told,
    "GENDER": _as_told,
}
"""The kinds that there are words for, and how the visit's language writes what was found."""
