"""Maps the states of sessions and meetings to `EventStatus`, and the results of agenda items to `AgendaOutcome`."""

import re
from datetime import date

from legis.domain.records.event_record import AgendaOutcome, EventClassification, EventStatus

from ingest_senado.vocabulary.folding import count_unknown, upper

_STATUSES = {
    "AGENDADA": EventStatus.CONFIRMED,
    "CONVOCADA": EventStatus.CONFIRMED,
    "ABERTA": EventStatus.IN_PROGRESS,
    "EM ANDAMENTO": EventStatus.IN_PROGRESS,
    "SUSPENSA": EventStatus.SUSPENDED,
    "REALIZADA": EventStatus.HELD,
    "ENCERRADA": EventStatus.HELD,
    "NAO REALIZADA": EventStatus.CANCELLED,
    "CANCELADA": EventStatus.CANCELLED,
    "ADIADA": EventStatus.CANCELLED,
}
_CODES = {
    1: EventStatus.CONFIRMED,
    2: EventStatus.CANCELLED,
    3: EventStatus.IN_PROGRESS,
    6: EventStatus.HELD,
}
"""Codes of the states of committee meetings. The codes of sessions changed: 8 and 40 both are "Encerrada"."""

_CONTINUES = "CONTINUA EM"
_HEARING = "AUDIENCIA PUBLICA"
_MONTHS = (
    *("JANEIRO", "FEVEREIRO", "MARCO", "ABRIL", "MAIO", "JUNHO"),
    *("JULHO", "AGOSTO", "SETEMBRO", "OUTUBRO", "NOVEMBRO", "DEZEMBRO"),
)
_MOVED = re.compile(r"\bTRANSFERID[AO]S?\b")
_NEW_DAY = re.compile(
    r"\bTRANSFERID[AO]S? PARA (?:O )?(?:DIA )?(?P<day>\d{1,2})[º°O]?"
    r"(?: DE (?P<name>[A-Z]+)|[/.](?P<month>\d{1,2}))(?:(?: DE |[/.])(?P<year>\d{4}))?"
)
_OUTCOMES = (
    (re.compile(r"\bVISTA\b"), AgendaOutcome.VIEW_GRANTED),
    (re.compile(r"\bADIAD[AO]|\bADIAMENTO"), AgendaOutcome.POSTPONED),
    (re.compile(r"\bRETIRAD[AO]"), AgendaOutcome.WITHDRAWN),
    (re.compile(r"\bREJEITAD[AO]"), AgendaOutcome.REJECTED),
    (re.compile(r"\bAPROVAD[AO]"), AgendaOutcome.APPROVED),
    (re.compile(r"\bLID[AO]\b"), AgendaOutcome.REPORTED),
)
_MOST_DAYS_BACK = 183


def status_of(text: str | None, code: int | None = None) -> EventStatus:
    """The state by its code, else by its text; an unknown one is UNKNOWN, counted."""
    word = upper(text or "")
    if word.startswith(_CONTINUES):
        return EventStatus.SUSPENDED
    found = _CODES.get(code) if code is not None else None
    found = found or _STATUSES.get(word)
    if found is None and (text or code is not None):
        count_unknown("event_status")
    return found or EventStatus.UNKNOWN


def is_moved(reason: str | None) -> bool:
    """Whether the reason of a cancellation says that the meeting was moved."""
    return _MOVED.search(upper(reason or "")) is not None


def new_day(reason: str | None, old: date) -> date | None:
    """The day that a reason names, such as `Transferida para o dia 7 de maio`; without a year, near the old day."""
    found = _NEW_DAY.search(upper(reason or ""))
    if found is None:
        return None
    name = found["name"]
    month = int(found["month"] or 0) or (_MONTHS.index(name) + 1 if name in _MONTHS else 0)
    try:
        day = date(int(found["year"] or old.year), month, int(found["day"]))
        if found["year"] is None and (old - day).days > _MOST_DAYS_BACK:
            day = day.replace(year=old.year + 1)
    except ValueError:
        return None
    return day


SECTIONS = {"O": "Pauta", "E": "Extrapauta", "A": "Possível Pauta", "R": "Retirado de Pauta"}
"""Kinds of agenda of a session, in the words that the source mostly adds itself."""

WITHDRAWN_SECTION = "R"


def meeting_kind(part_types: list[str]) -> EventClassification:
    """HEARING where every part is a public hearing, else MEETING."""
    hearings = [upper(text).startswith(_HEARING) for text in part_types]
    return EventClassification.HEARING if hearings and all(hearings) else EventClassification.MEETING


def outcome_of(indicator: str | None, text: str | None) -> AgendaOutcome | None:
    """What became of an item of a session: from the indicator, then from the first sentence of its result.

    "Apreciado" alone says only that it was dealt with.
    """
    match upper(indicator or ""):
        case "":
            return None
        case "N" | "0":
            return AgendaOutcome.NOT_REACHED
        case "R":
            return AgendaOutcome.WITHDRAWN
        case "S" | "1":
            return _told(text)
        case _:
            count_unknown("agenda_outcome")
            return AgendaOutcome.OTHER


def _told(text: str | None) -> AgendaOutcome:
    """The outcome of the matter itself: a text may tell of requests and opinions before it."""
    folded = upper(text or "")
    sentence = folded.rpartition("RESULTADO DA MATERIA:")[2].removeprefix("RESULTADO:").split(".")[0]
    return next((outcome for pattern, outcome in _OUTCOMES if pattern.search(sentence)), AgendaOutcome.DISCUSSED)
