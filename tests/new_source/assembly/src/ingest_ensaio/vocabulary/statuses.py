"""The situations of the Assembleia de Ensaio in our words."""

from collections.abc import Mapping
from typing import Final

from legis.domain.vocabulary import BillStatus, Source
from legis.telemetry.metrics import UNKNOWN_CODES

_UNKNOWN = UNKNOWN_CODES.labels(Source.ENSAIO, "situacao")
"""Made when the process starts: an alert sees no increase in a series that begins with its first value."""

_STATUSES: Final[Mapping[str, BillStatus]] = {
    "APRESENTADO": BillStatus.INTRODUCED,
    "EM COMISSÃO": BillStatus.IN_COMMITTEE,
    "APROVADO": BillStatus.APPROVED,
    "REJEITADO": BillStatus.REJECTED,
    "ARQUIVADO": BillStatus.ARCHIVED,
}


def status_of(text: str | None) -> BillStatus:
    """The status that a situation's text stands for; an unknown one is `OTHER` and counted."""
    if text is None:
        return BillStatus.UNKNOWN
    found = _STATUSES.get(text.strip().upper())
    if found is None:
        _UNKNOWN.inc()
        return BillStatus.OTHER
    return found
