"""Maps the situations of a deputy (`situacao`) and the conditions of election to words of ours."""

from legis.domain.records.membership import Condition
from legis.domain.search_text import plain
from legis.domain.word_enum import Word
from legis.telemetry.metrics import UNKNOWN_CODES

_UNKNOWN = UNKNOWN_CODES.labels("camara", "situacao")


class Exercise(Word):
    """Whether a deputy exercises a mandate."""

    IN_OFFICE = "IN_OFFICE"
    ON_LEAVE = "ON_LEAVE"
    """The mandate goes on, another one exercises it."""
    WAITING = "WAITING"
    """A substitute who exercises no mandate now."""
    ENDED = "ENDED"
    UNKNOWN = "UNKNOWN"


_BY_BEGINNING = (
    ("exercicio", Exercise.IN_OFFICE),
    ("convocad", Exercise.WAITING),
    ("licen", Exercise.ON_LEAVE),
    ("afastad", Exercise.ON_LEAVE),
    ("suspens", Exercise.ON_LEAVE),
    ("suplen", Exercise.WAITING),
    ("fim de mandato", Exercise.ENDED),
    ("vacancia", Exercise.ENDED),
    ("renunci", Exercise.ENDED),
    ("falec", Exercise.ENDED),
    ("perda", Exercise.ENDED),
    ("cassa", Exercise.ENDED),
)


def exercise_of(situation: str | None) -> Exercise | None:
    """The exercise that a situation means; None where upstream names none. Unknown situations are counted."""
    words = plain(situation or "").strip()
    if not words:
        return None
    for beginning, exercise in _BY_BEGINNING:
        if words.startswith(beginning):
            return exercise
    _UNKNOWN.inc()
    return Exercise.UNKNOWN


def condition_of(text: str | None) -> Condition | None:
    """Titular or substitute, of a mandate (`condicaoEleitoral`) or a seat (`cargo`); None for any other word."""
    words = plain(text or "").strip()
    if words.startswith("titular"):
        return Condition.TITULAR
    return Condition.SUBSTITUTE if words.startswith("suplente") else None
