"""Reads the scalar values of one record, and collects the quality flags of the record."""

from dataclasses import dataclass
from datetime import date, datetime

from legis.domain.bill import QualityFlag
from legis.domain.brasilia_time import LocalTime, day_start, parse_local
from legis.domain.vocabulary import QualityFlagCode, Source
from legis.ingest.record_flags import RecordFlags

# Top-level keys of the responses, each with the field of the domain that is made of it.
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
    """The time of reading of a record, and the keys under which characters had to be removed."""

    fetched_at: datetime
    removed: frozenset[str] = frozenset()


class Notes(RecordFlags):
    """Collects the quality flags of one record while it is read. Each code and field is flagged once."""

    def __init__(self, sighting: Sighting) -> None:
        super().__init__(Source.SENADO, sighting.fetched_at)
        for key in sorted(sighting.removed):
            self.flag(QualityFlagCode.CHARACTERS_REMOVED, _FIELD_OF_KEY.get(key, "extras"))

    @property
    def flags(self) -> tuple[QualityFlag, ...]:
        """All flags, in a stable order."""
        return tuple(self.by_code_and_field[key] for key in sorted(self.by_code_and_field))

    def time(self, text: str | None, field: str) -> LocalTime | None:
        """A local time; None, flagged, where it is unreadable. Far future and ambiguous times are stored, flagged."""
        try:
            found = parse_local(text)
        except ValueError:
            self.flag(QualityFlagCode.DATE_UNREADABLE, field, (text or "")[:80])
            return None
        return None if found is None else self.doubt_time(field, found)

    def day(self, text: str | None, field: str) -> date | None:
        """The calendar day of a local time."""
        found = self.time(text, field)
        return None if found is None else found.date


def instant(text: str | None, notes: Notes) -> datetime | None:
    """The instant of an update stamp. A stamp at midnight is read as a day; its instant is the midnight of that day."""
    found = notes.time(text, "upstream_updated_at")
    return None if found is None else found.at or day_start(found.date)


def folded(text: str | None) -> str | None:
    """`text` with every run of white space as one blank; None for a missing or blank text."""
    return (" ".join(text.split()) or None) if text else None
