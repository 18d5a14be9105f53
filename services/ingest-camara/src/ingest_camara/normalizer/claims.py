"""Gathers what one answer says of a bill: field by field, with a flag on whatever a reader should doubt."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from legis.domain.bill import Bill, QualityFlag
from legis.domain.brasilia import LocalTime, local_day, parse_local
from legis.domain.dates import EARLIEST, FUTURE, date_doubt, year_doubt
from legis.domain.parties import PartyName, party_of
from legis.domain.text import clean
from legis.domain.vocabulary import QualityFlagCode, Source
from legis.telemetry.metrics import UNKNOWN_CODES

_MINUTES = 16
_SHORT = 80
"""Characters of a text that may come again in many bills, as the names of types, bodies, situations and parties do."""


class Claims:
    """The fields that an answer shows, and only those."""

    def __init__(self, upstream_id: str, fetched_at: datetime | None) -> None:
        self.values: dict[str, Any] = {"source": Source.CAMARA, "upstream_id": upstream_id}
        self._latest = local_day(fetched_at + FUTURE) if fetched_at else None
        self._flags: dict[tuple[QualityFlagCode, str], QualityFlag] = {}

    def bill(self) -> Bill:
        """The bill as claimed. Raises ValueError when a value breaks the domain's limits."""
        if self._flags:
            self.values["quality_flags"] = tuple(self._flags.values())
        return Bill(**self.values)

    def flag(self, code: QualityFlagCode, field: str, detail: str | None = None) -> None:
        """Warns of a field, once for each reason."""
        if (code, field) not in self._flags:
            self._flags[code, field] = QualityFlag(code=code, field=field, detail=detail)

    def doubt_day(self, field: str, day: date, *, not_before: date | None) -> None:
        """Warns of a day in the future, before there was a Congress, or before the bill was introduced."""
        if self._latest is not None and day > self._latest:
            self.flag(QualityFlagCode.DATE_IN_FUTURE, field, day.isoformat())
        elif day < EARLIEST or (not_before is not None and day < not_before):
            self.flag(QualityFlagCode.DATE_IMPOSSIBLE, field, day.isoformat())

    def text(self, field: str, value: str | None) -> str | None:
        """`value` on one line: every run of white space is one blank, paragraph breaks too; blank is None.

        List, detail and file break the same text differently, so line breaks tell nothing and would only make a bill
        that did not change look as if it had.
        """
        if not value:
            return None
        line, removed = _known_line(value) if len(value) <= _SHORT else _line(value)
        if removed:
            self.flag(QualityFlagCode.CHARACTERS_REMOVED, field)
        return line or None

    def minute(self, field: str, value: str | None) -> LocalTime | None:
        """A local time to the minute, which is all that the API says; files add seconds."""
        if value and len(value) > _MINUTES:
            value = value[:_MINUTES]
        return self.moment(field, value)

    def moment(self, field: str, value: str | None) -> LocalTime | None:
        """A local time as precise as it is written; None with a flag where it cannot be read."""
        try:
            local = parse_local(value)
        except ValueError:
            self.flag(QualityFlagCode.DATE_UNREADABLE, field, repr(value)[:80])
            return None
        if local is None:
            return None
        if doubt := date_doubt(local.date, self._latest):
            self.flag(doubt, field, local.raw)
        if local.ambiguous and local.at is not None:
            self.flag(QualityFlagCode.TIME_AMBIGUOUS, field, local.raw)
        return local

    def year(self, field: str, value: int | None) -> int | None:
        """A bare year, flagged where it cannot be."""
        if value is not None and (doubt := year_doubt(value, self._latest)):
            self.flag(doubt, field, str(value))
        return value

    def party(self, field: str, label: str | None, on: date | None = None) -> PartyName:
        """The party that a label names on a day; an unknown one is kept as written, flagged and counted."""
        found = party_of(label, on)
        if not found.known:
            self.flag(QualityFlagCode.PARTY_UNRESOLVED, field, found.party)
            UNKNOWN_CODES.labels(Source.CAMARA, "party").inc()
        return found


def _line(value: str) -> tuple[str, bool]:
    """The text on one line, and whether characters had to go."""
    cleaned, removed = clean(value)
    return " ".join(cleaned.split()), removed


_known_line = lru_cache(8192)(_line)


def whole(value: str | None) -> int | None:
    """A whole number as upstream writes it; None where it is none or too long to be one."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) <= 9 else None
