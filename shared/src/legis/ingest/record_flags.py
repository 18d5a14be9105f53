"""Collects the quality flags of one upstream record while a source's normaliser reads it."""

from datetime import date, datetime

from legis.domain.bill import QualityFlag
from legis.domain.brasilia_time import LocalTime, local_day
from legis.domain.dates import FUTURE, date_doubt, year_doubt
from legis.domain.parties.party_names import PartyName, party_of
from legis.domain.storable_text import clean
from legis.domain.vocabulary import QualityFlagCode, Source
from legis.ingest.window_outcomes import PARTY
from legis.telemetry.metrics import UNKNOWN_CODES


class RecordFlags:
    """Quality flags of one record, each code once for each field. Without `fetched_at` no date counts as future."""

    def __init__(self, source: Source, fetched_at: datetime | None) -> None:
        self.latest_day = local_day(fetched_at + FUTURE) if fetched_at else None
        self.by_code_and_field: dict[tuple[QualityFlagCode, str], QualityFlag] = {}
        self._source = source

    def flag(self, code: QualityFlagCode, field: str, detail: str | None = None) -> None:
        """Adds a flag to a field; of several with the same code the first is kept. `detail` may be upstream's text."""
        if (code, field) not in self.by_code_and_field:
            shown = clean(detail)[0] if detail else detail
            self.by_code_and_field[code, field] = QualityFlag(code=code, field=field, detail=shown)

    def doubt_time(self, field: str, found: LocalTime) -> LocalTime:
        """Returns the local time unchanged; adds a flag where the date is impossible, or where the clock showed the
        time twice or never.
        """
        if doubt := date_doubt(found.date, self.latest_day):
            self.flag(doubt, field, found.raw)
        if found.ambiguous and found.at is not None:
            self.flag(QualityFlagCode.TIME_AMBIGUOUS, field, found.raw)
        return found

    def year(self, field: str, value: int | None) -> int | None:
        """Returns the year unchanged; adds a flag where it is impossible."""
        if value is not None and (doubt := year_doubt(value, self.latest_day)):
            self.flag(doubt, field, str(value))
        return value

    def party(self, field: str, label: str | None, on: date | None = None) -> PartyName:
        """The party that a label names on a day. An unknown label is kept as written, flagged and counted."""
        found = party_of(label, on)
        if not found.known:
            self.flag(QualityFlagCode.PARTY_UNRESOLVED, field, found.party)
            UNKNOWN_CODES.labels(self._source, PARTY).inc()
        return found
