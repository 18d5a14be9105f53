"""The records that the houses have of one bill: who says what of it, documents, rapporteurs, and where it was read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api_gateway.site.bills.shown_bill import Person, person, status_label
from api_gateway.site.texts.evidence_text import Evidence, evidence_texts
from api_gateway.site.visit import Visit, outside
from api_gateway.site.wording import Label

MOST_DOCUMENTS = 30


@dataclass(frozen=True, slots=True)
class SourceRow:
    """An answer of a house that the record was read from."""

    address: str | None
    fetched_at: str


@dataclass(frozen=True, slots=True)
class Link:
    """Why a record is of the same bill, and how sure that is."""

    confidence: str
    rule: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The final deliberation in one house, in its own words."""

    text: str | None
    destination: str | None
    day: str | None


@dataclass(frozen=True, slots=True)
class HouseRecord:
    """The record of one house. `status` is None where the API did not give the record; `link` is None for the record
    whose page this is.
    """

    house: Label
    identifier: str
    official: str | None
    json: str
    status: Label | None
    status_text: str | None
    status_on: str | None
    decision: Decision | None
    sources: tuple[SourceRow, ...]
    link: Link | None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document at a house; `house` is None where all are of one."""

    text: str
    address: str | None
    media: str
    published_on: str | None
    house: Label | None


def house_records(
    visit: Visit, bill: Mapping[str, Any], others: Sequence[Mapping[str, Any]]
) -> tuple[HouseRecord, ...]:
    """The bill's own record, then each counterpart; `others` are those counterparts that the API gave whole."""
    whole = {one["id"]: one for one in others}
    theirs = (_record(visit, one, whole.get(one["id"]), _link(visit, one)) for one in bill["counterparts"])
    return (_record(visit, bill, bill, None), *theirs)


def open_rapporteurs(visit: Visit, bills: Iterable[Mapping[str, Any]]) -> tuple[tuple[Label, tuple[Person, ...]], ...]:
    """Each house with its present rapporteurs of the bill; houses without one are left out."""
    found = ((visit.words.label("Chamber", one["chamber"]), rapporteurs_of(visit, one)) for one in bills)
    return tuple((house, people) for house, people in found if people)


def rapporteurs_of(visit: Visit, bill: Mapping[str, Any]) -> tuple[Person, ...]:
    """Present rapporteurs of one record."""
    return tuple(person(visit, who) for who in bill["rapporteurs"] if not who["ended_on"] and who["name"])


def documents_of(visit: Visit, bills: Sequence[Mapping[str, Any]]) -> tuple[DocumentRow, ...]:
    """The documents of all records, in the order of the records."""
    several = len(bills) > 1
    return tuple(_document(visit, bill, one, several) for bill in bills for one in bill["documents"])


def newest_text(bills: Sequence[Mapping[str, Any]]) -> str | None:
    """The address of the newest full text, of the first record that has one."""
    for bill in bills:
        texts = [one for one in bill["documents"] if one["kind"] == "FULL_TEXT" and outside(one["url"])]
        if texts:
            return outside(max(texts, key=lambda one: one.get("published_on") or "")["url"])
    return None


def _record(visit: Visit, named: Mapping[str, Any], whole: Mapping[str, Any] | None, link: Link | None) -> HouseRecord:
    told = whole or {}
    return HouseRecord(
        visit.words.label("Source", named["source"]),
        named["identifier"],
        outside(told.get("url")),
        visit.api(f"/api/v1/bills/{named['id']}"),
        status_label(visit, told) if whole else None,
        told.get("status_text"),
        told.get("status_on"),
        _decision(told.get("decision")),
        tuple(SourceRow(outside(part["url"]), part["fetched_at"]) for part in told.get("provenance") or ()),
        link,
    )


def _link(visit: Visit, one: Mapping[str, Any]) -> Link:
    return Link(
        visit.formats.percent(one["confidence"]),
        visit.words.label("CounterpartRule", one["rule"]).text,
        evidence_texts(visit, one.get("evidence_parts", ())),
    )


def _decision(one: Mapping[str, Any] | None) -> Decision | None:
    if not one or not (one.get("text") or one.get("destination_text") or one.get("decided_on")):
        return None
    return Decision(one.get("text"), one.get("destination_text"), one.get("decided_on"))


def _document(visit: Visit, bill: Mapping[str, Any], one: Mapping[str, Any], several: bool) -> DocumentRow:
    text = one.get("title") or one.get("kind_text") or visit.words.label("DocumentKind", one["kind"]).text
    media = (one.get("media_type") or "").rpartition("/")[2].upper()
    house = visit.words.label("Chamber", bill["chamber"]) if several else None
    return DocumentRow(text, outside(one["url"]), media, one.get("published_on"), house)
