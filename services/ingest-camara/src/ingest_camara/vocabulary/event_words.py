"""Maps the Câmara's kinds and situations of events, and what became of agenda items."""

import re

from legis.domain.records.event_record import AgendaOutcome, EventClassification, EventStatus
from legis.domain.search_text import plain
from legis.telemetry.metrics import UNKNOWN_CODES

_UNKNOWN_STATUS = UNKNOWN_CODES.labels("camara", "situacao")
_UNKNOWN_OUTCOME = UNKNOWN_CODES.labels("camara", "situacaoItem")

_STATUS_BY_CODE = {
    "1": EventStatus.TENTATIVE,
    "2": EventStatus.CONFIRMED,
    "3": EventStatus.IN_PROGRESS,
    "4": EventStatus.HELD,
    "5": EventStatus.CANCELLED,
    "6": EventStatus.SUSPENDED,
    "7": EventStatus.HELD,
    "8": EventStatus.HELD,
    "9": EventStatus.HELD,
    "130": EventStatus.CONFIRMED,
}
_STATUS_BY_WORDS = (
    ("nao confirmad", EventStatus.TENTATIVE),
    ("convocad", EventStatus.CONFIRMED),
    ("agendad", EventStatus.CONFIRMED),
    ("confirmad", EventStatus.CONFIRMED),
    ("em andamento", EventStatus.IN_PROGRESS),
    ("encerrad", EventStatus.HELD),
    ("realizad", EventStatus.HELD),
    ("cancelad", EventStatus.CANCELLED),
    ("suspens", EventStatus.SUSPENDED),
)
_CLASSES = (
    ("sessao", EventClassification.SESSION),
    ("audiencia", EventClassification.HEARING),
    ("reuniao", EventClassification.MEETING),
    ("tomada de depoimento", EventClassification.MEETING),
    ("comparecimento", EventClassification.MEETING),
)
_OUTCOMES = (
    (re.compile(r"vista"), AgendaOutcome.VIEW_GRANTED),
    (re.compile(r"retirad"), AgendaOutcome.WITHDRAWN),
    (re.compile(r"nao (?:deliberad|apreciad)|deixou de ser apreciad"), AgendaOutcome.NOT_REACHED),
    (re.compile(r"adiad|sobrestad|adiamento"), AgendaOutcome.POSTPONED),
    (re.compile(r"rejeitad"), AgendaOutcome.REJECTED),
    (re.compile(r"aprovad"), AgendaOutcome.APPROVED),
    (re.compile(r"discuti|discussao"), AgendaOutcome.DISCUSSED),
    (re.compile(r"lid[oa]\b|parecer apresentado|leitura"), AgendaOutcome.REPORTED),
)


def event_status(text: str | None) -> EventStatus:
    """The state that a situation names, in words or as a code, padded with blanks or not; none given is UNKNOWN."""
    folded = " ".join(plain(text or "").split())
    if not folded:
        return EventStatus.UNKNOWN
    if (known := _STATUS_BY_CODE.get(folded)) is not None:
        return known
    for words, status in _STATUS_BY_WORDS:
        if folded.startswith(words):
            return status
    _UNKNOWN_STATUS.inc()
    return EventStatus.UNKNOWN


def event_classification(text: str | None) -> EventClassification:
    """The kind that `descricaoTipo` names; visits, seminars and other kinds without a rule are OTHER."""
    folded = " ".join(plain(text or "").split())
    return next((kind for words, kind in _CLASSES if folded.startswith(words)), EventClassification.OTHER)


def agenda_outcome(text: str | None) -> AgendaOutcome | None:
    """What became of an item by its `situacaoItem`; None while nothing is said, OTHER and counted for unknown words."""
    folded = " ".join(plain(text or "").split())
    if not folded:
        return None
    found = next((outcome for pattern, outcome in _OUTCOMES if pattern.search(folded)), None)
    if found is None:
        _UNKNOWN_OUTCOME.inc()
        return AgendaOutcome.OTHER
    return found
