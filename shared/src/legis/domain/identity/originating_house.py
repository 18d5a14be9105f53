"""Infers from a pair of records, one of each house, in which house the bill began."""

from datetime import date

from legis.domain.bill import Bill
from legis.domain.identity.evidence import HOUSE_TITLES, sentence
from legis.domain.search_text import plain
from legis.domain.vocabulary import Chamber, ChamberRole, CounterpartRule, QualityFlagCode

_NO_DATES = frozenset({QualityFlagCode.DATE_IMPOSSIBLE, QualityFlagCode.DATE_IN_FUTURE})
_HOUSES = {Chamber.CAMARA: "camara dos deputados", Chamber.SENADO: "senado federal"}


def origin_evidence(camara: Bill, senado: Bill) -> tuple[str, ...]:
    """Signs that the bill crossed from one house to the other, for people to read; empty where the signs disagree."""
    from_camara = (*_says_it_came_from(Chamber.CAMARA, senado), *_renumbered_on_crossing(camara))
    from_senado = (*_says_it_came_from(Chamber.SENADO, camara), *_arrived_after_its_year(camara))
    return () if from_camara and from_senado else from_camara or from_senado


def origins_conflict(camara: Bill, senado: Bill) -> bool:
    """Whether the Senado's record began as a different bill of the Câmara than this one.

    It names the number under which it began, and this Câmara record neither had that number nor is old enough to have
    had it.
    """
    began = [
        hint
        for hint in senado.counterpart_hints
        if hint.rule is CounterpartRule.INITIAL_IDENTIFIER and hint.chamber is Chamber.CAMARA
    ]
    day = _introduced(camara)
    return bool(began) and day is not None and all(hint.year != day.year for hint in began)


def role_contradicts(chamber: Chamber | None, originating: Chamber | None, role: ChamberRole | None) -> str | None:
    """A contradiction in one record about where the bill began, for people to read; None where there is none."""
    if chamber not in _HOUSES or originating not in _HOUSES or role is None:
        return None
    if (originating is chamber) is (role is ChamberRole.INITIATING):
        return None
    said = "initiating" if role is ChamberRole.INITIATING else "reviewing"
    return f"began in the {HOUSE_TITLES[originating]}, and the {HOUSE_TITLES[chamber]} is the {said} house"


def _says_it_came_from(house: Chamber, bill: Bill) -> tuple[str, ...]:
    signs = []
    if bill.originating_chamber is house:
        signs.append(sentence("BEGAN_IN", id=bill.id, house=HOUSE_TITLES[house]))
    elif bill.chamber_role is ChamberRole.REVIEWING:
        signs.append(sentence("UNDER_REVIEW", id=bill.id))
    name = _HOUSES[house]
    if any(name in plain(text) for text in (bill.sponsors_text or "", *(item.name for item in bill.sponsorships))):
        signs.append(sentence("AUTHOR", id=bill.id, house=HOUSE_TITLES[house]))
    return tuple(signs)


def _arrived_after_its_year(camara: Bill) -> tuple[str, ...]:
    day, year = _introduced(camara), camara.year
    if day and year and day.year > year:
        return (sentence("NUMBERED_BEFORE", id=camara.id, value=day.year),)
    return ()


def _renumbered_on_crossing(camara: Bill) -> tuple[str, ...]:
    day, year = _introduced(camara), camara.year
    if day and year and day.year < year:
        return (sentence("NUMBERED_ON_ITS_WAY", id=camara.id, value=day.year),)
    return ()


def _introduced(bill: Bill) -> date | None:
    """The day of introduction, where it is credible."""
    doubted = any(flag.field == "introduced_on" and flag.code in _NO_DATES for flag in bill.quality_flags)
    return None if doubted else bill.introduced_on
