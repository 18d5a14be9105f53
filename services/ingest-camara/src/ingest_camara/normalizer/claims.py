"""Collects the claims of one response about a bill, field by field, with a flag on each doubtful value."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from legis.domain.bill import Bill
from legis.domain.brasilia_time import LocalTime, parse_local
from legis.domain.dates import date_doubt
from legis.domain.storable_text import clean
from legis.domain.vocabulary import QualityFlagCode, Source
from legis.ingest.record_flags import RecordFlags

_MINUTES = 16
_SHORT = 80
"""Longest text, in characters, that many bills may share: names of types, bodies, situations and parties."""


class Claims(RecordFlags):
    """The fields that a response shows, and no others."""

    def __init__(self, upstream_id: str, fetched_at: datetime | None) -> None:
        super().__init__(Source.CAMARA, fetched_at)
        self.values: dict[str, Any] = {"source": Source.CAMARA, "upstream_id": upstream_id}

    def bill(self) -> Bill:
        """The bill with these claims. Raises ValueError when a value breaks the domain's limits."""
        if self.by_code_and_field:
            self.values["quality_flags"] = tuple(self.by_code_and_field.values())
        return Bill(**self.values)

    def doubt_day(self, field: str, day: date, *, not_before: date | None) -> None:
        """Flags a day that is in the future, before there was a Congress, or before the bill was introduced."""
        doubt = date_doubt(day, self.latest_day)
        if doubt is None and not_before is not None and day < not_before:
            doubt = QualityFlagCode.DATE_IMPOSSIBLE
        if doubt is not None:
            self.flag(doubt, field, day.isoformat())

    def text(self, field: str, value: str | None) -> str | None:
        """`value` on one line, with every run of white space, paragraph breaks too, as one blank; None if blank.

        List, detail and file break the same text at different places, so line breaks carry no information and would
        make an unchanged bill look changed.
        """
        if not value:
            return None
        line, removed = _on_one_line(value)
        if removed:
            self.flag(QualityFlagCode.CHARACTERS_REMOVED, field)
        return line or None

    def minute(self, field: str, value: str | None) -> LocalTime | None:
        """A local time to the minute, the precision of the API; the files add seconds. Read whole, so that what follows
        the minutes, a time zone above all, is not lost unseen.
        """
        return self.moment(field, value.strip()[:_MINUTES] if value and _is_local(value) else value)

    def moment(self, field: str, value: str | None) -> LocalTime | None:
        """A local time as precise as it is written; None with a flag where it cannot be read."""
        try:
            local = parse_local(value)
        except ValueError:
            self.flag(QualityFlagCode.DATE_UNREADABLE, field, repr(value)[:80])
            return None
        return None if local is None else self.doubt_time(field, local)


def _is_local(value: str) -> bool:
    try:
        return parse_local(value) is not None
    except ValueError:
        return False


def _line(value: str) -> tuple[str, bool]:
    """The text on one line, and whether characters had to be removed."""
    cleaned, removed = clean(value)
    return " ".join(cleaned.split()), removed


def one_line(value: str | None) -> str | None:
    """A text on one line as `Claims.text` makes it, where there is no record to flag; None if blank."""
    return _on_one_line(value)[0] or None if value else None


def _on_one_line(value: str) -> tuple[str, bool]:
    return _known_line(value) if len(value) <= _SHORT else _line(value)


_known_line = lru_cache(8192)(_line)


def whole(value: str | None) -> int | None:
    """A whole number as upstream writes it; None where the text is not a number or too long to be one."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) <= 9 else None
