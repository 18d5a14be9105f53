"""Reads the small values of one record, and remembers what a reader should be warned of."""

from dataclasses import dataclass
from datetime import date, datetime

from legis.domain.bill import QualityFlag
from legis.domain.brasilia import LocalTime, day_start, local_day, parse_local
from legis.domain.dates import FUTURE, date_doubt, year_doubt
from legis.domain.parties import PartyName, party_of
from legis.domain.vocabulary import QualityFlagCode

from ingest_senado.vocabulary.folding import count_unknown

# Top-level keys of the answers, and the field of ours that tells of each.
_FIELD_OF_KEY = {
    "identificacao": "identifier",
    "ementa": "title",
    "conteudo": "title",
    "apelido": "nickname",
    "autoria": "sponsors_text",
    "documento": "sponsors_text",
    "autoriaIniciativa": "sponsorships",
    "situacaoAtual": "status_text",
    "classificacoes": "subjects",
    "autuacoes": "actions",
    "despachos": "actions",
    "outrosNumeros": "other_identifiers",
    "normaGerada": "enactment",
    "deliberacao": "decision",
    "votos": "vote_events",
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a record was seen, and under which of its keys characters had to be taken out."""

    fetched_at: datetime
    removed: frozenset[str] = frozenset()


class Notes:
    """Collects the quality flags of one record while it is read. Each code and field is flagged once."""

    def __init__(self, sighting: Sighting) -> None:
        self._latest_day = local_day(sighting.fetched_at + FUTURE)
        self._flags: dict[tuple[QualityFlagCode, str], QualityFlag] = {}
        for key in sorted(sighting.removed):
            self.flag(QualityFlagCode.CHARACTERS_REMOVED, _FIELD_OF_KEY.get(key, "extras"))

    def flag(self, code: QualityFlagCode, field: str, detail: str | None = None) -> None:
        """Warns of `field`; the first warning of its kind stands."""
        self._flags.setdefault((code, field), QualityFlag(code=code, field=field, detail=detail))

    @property
    def flags(self) -> tuple[QualityFlag, ...]:
        """All warnings, in a stable order."""
        return tuple(self._flags[key] for key in sorted(self._flags))

    def time(self, text: str | None, field: str) -> LocalTime | None:
        """A local time; None, flagged, where it cannot be read. Far future and ambiguous times are kept, flagged."""
        try:
            found = parse_local(text)
        except ValueError:
            self.flag(QualityFlagCode.DATE_UNREADABLE, field, (text or "")[:80])
            return None
        if found is None:
            return None
        if doubt := date_doubt(found.date, self._latest_day):
            self.flag(doubt, field, found.raw)
        if found.ambiguous and found.at is not None:
            self.flag(QualityFlagCode.TIME_AMBIGUOUS, field, found.raw)
        return found

    def day(self, text: str | None, field: str) -> date | None:
        """The calendar day of a local time."""
        found = self.time(text, field)
        return None if found is None else found.date

    def year(self, value: int | None, field: str) -> int | None:
        """A bare year, flagged where it cannot be."""
        if value is not None and (doubt := year_doubt(value, self._latest_day)):
            self.flag(doubt, field, str(value))
        return value

    def party(self, field: str, label: str | None, on: date | None = None) -> PartyName:
        """The party that a label names on a day; an unknown one is kept as written, flagged and counted."""
        found = party_of(label, on)
        if not found.known:
            self.flag(QualityFlagCode.PARTY_UNRESOLVED, field, found.party)
            count_unknown("party")
        return found


def instant(text: str | None, notes: Notes) -> datetime | None:
    """The instant of an update stamp; one that fell on midnight is that midnight."""
    found = notes.time(text, "upstream_updated_at")
    return None if found is None else found.at or day_start(found.date)


def folded(text: str | None) -> str | None:
    """`text` with its white space folded to single blanks; None for nothing."""
    return (" ".join(text.split()) or None) if text else None
