"""Builds the LexML URNs of a bill, by the type vocabulary and the practice of each house.

No URN is built without a source for its type. Types are those of LexML's `tipoDocumento` vocabulary and, since the
common numbering of 2019, of the Senado's own editor. The LexML portal names Câmara bills by the day of presentation in
the Câmara, Senado bills by year, and bills of the Congress by year too, except provisional measures, which it named by
day until February 2024.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from legis.domain.bill import Bill
from legis.domain.identity.lexml_urn import Urn, normalize_urn, parse_urn
from legis.domain.identity.source_registry import ROWS, row_of
from legis.domain.merge import FORMER
from legis.domain.search_text import fold
from legis.domain.vocabulary import Chamber, UrnStatus

__all__ = ["Urn", "Urns", "normalize_urn", "parse_urn", "urns_for"]

_LAW = "projeto.lei"
_COMPLEMENTARY = "projeto.lei.complementar"
_AMENDMENT = "proposta.emenda.constitucional"
_DECREE = "projeto.decreto.legislativo"
_RESOLUTION = "projeto.resolucao"

_CAMARA: Mapping[str, str] = {
    "PL": _LAW,
    "PLS": _LAW,
    "PLP": _COMPLEMENTARY,
    "PEC": _AMENDMENT,
    "PDC": _DECREE,
    "PDS": _DECREE,
    "PDL": _DECREE,
    "PRC": _RESOLUTION,
}
_SENADO: Mapping[str, str] = {
    "PL": _LAW,
    "PLS": _LAW,
    "PLC": _LAW,
    "PLP": _COMPLEMENTARY,
    "PEC": _AMENDMENT,
    "PDS": _DECREE,
    "PDL": _DECREE,
    "PRS": _RESOLUTION,
    "SCD": "substitutivo.projeto.lei.senado",
    "ECD": "emenda.projeto.lei.senado",
}
_CONGRESSO: Mapping[str, str] = {
    "PLN": _LAW,
    "PDN": _DECREE,
    "PRN": _RESOLUTION,
    "PLV": "projeto.lei.conversao",
    "MPV": "medida.provisoria",
}
_TYPES = {Chamber.CAMARA: _CAMARA, Chamber.SENADO: _SENADO, Chamber.CONGRESSO: _CONGRESSO}
_AUTHORITY = {row.chamber: row.urn_authority for row in ROWS if row.urn_authority} | {
    Chamber.CONGRESSO: "congresso.nacional"
}
_BY_ANALOGY = {(Chamber.CAMARA, "PDL")}
_MAYBE_COMPLEMENTARY = frozenset({"PLS", "PLC"})
_DATED_UNTIL_2024 = frozenset({"MPV", "PLV"})
_LAST_DATED = date(2024, 2, 29)


@dataclass(frozen=True, slots=True)
class Urns:
    """A bill's URN in the portal's spelling, other spellings of it (sorted), and its reliability."""

    urn_lex: str | None
    aliases: tuple[str, ...]
    status: UrnStatus


def urns_for(bill: Bill) -> Urns:
    """The URNs of a bill; none where its type has no LexML name, or its number or year is not numeric.

    The representative day is the presentation in the house that keeps the record, so its year may differ from the
    bill's. Numbers that this record had before are aliases too, since the portal may know it by those. Records of a
    source that LexML has no authority for have no URN, whatever house they name.
    """
    row = row_of(bill.source)
    if row is None or row.urn_authority is None:
        return Urns(None, (), UrnStatus.NONE)
    house = _house(bill, bill.type_code, row.chamber)
    names = _names(house, bill.type_code, bill.type_text, bill.number, bill.year, bill.introduced_on)
    if not names:
        return Urns(None, (), UrnStatus.NONE)
    canonical, *aliases = names
    for old in bill.other_identifiers:
        if old.note == FORMER:
            former = _house(bill, old.type_code, row.chamber)
            aliases += _names(former, old.type_code, None, old.number, old.year, bill.introduced_on)
    status = UrnStatus.DERIVED if (house, bill.type_code) in _BY_ANALOGY else UrnStatus.VOCABULARY
    return Urns(canonical, tuple(sorted(set(aliases) - {canonical})), status)


def _house(bill: Bill, type_code: str, own: Chamber) -> Chamber:
    """Whose bill it is: both houses keep records of the Congress's bills, which are nevertheless the Congress's."""
    if type_code in _TYPES[Chamber.CONGRESSO]:
        return Chamber.CONGRESSO
    return bill.chamber or own


def _names(
    house: Chamber, type_code: str, type_text: str | None, number: int | None, year: int | None, day: date | None
) -> list[str]:
    """Every spelling of one number, the portal's first; empty where the type has no name."""
    kind = _TYPES.get(house, {}).get(type_code)
    if kind is None or not number or number < 0 or not year or not 1000 <= year <= 9999:
        return []
    if type_code in _MAYBE_COMPLEMENTARY and "complementar" in fold(type_text or ""):
        kind = _COMPLEMENTARY
    stem = f"urn:lex:br:{_AUTHORITY[house]}:{kind};{type_code.lower()}"
    by_year = f"{stem}:{year};{number}"
    by_day = [f"{stem}:{day};{number}"] if day else []
    if house is Chamber.SENADO:
        return [by_year, f"{stem}:{year};{number:05d}", *by_day]
    if day and (house is Chamber.CAMARA or (type_code in _DATED_UNTIL_2024 and day <= _LAST_DATED)):
        return [*by_day, by_year]
    return [by_year, *by_day]
