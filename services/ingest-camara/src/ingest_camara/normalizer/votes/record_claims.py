"""Collects the claims of one answer about a voting or an event, with the mark of what it says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from legis.domain.fingerprint import canonical_hash
from legis.domain.records.any_record import AnyRecord
from legis.domain.records.record import RecordFlag, record_id
from legis.domain.vocabulary import Chamber, Source

from ingest_camara.normalizer.claims import Claims
from ingest_camara.normalizer.extras import keep_fields

PARSER_VERSION = "camara-records/2"
"""Version of the parser; it changes when the same response would give another record."""


class RecordClaims(Claims):
    """The fields of a voting or event that one answer shows, and no others."""

    def __init__(self, word: str, upstream_id: str, fetched_at: datetime | None) -> None:
        super().__init__(upstream_id, fetched_at)
        self.values |= {"id": record_id(Source.CAMARA, word, upstream_id), "house": Chamber.CAMARA}

    def claim(self, **fields: Any) -> None:
        """Claims the fields with these values, None and () too."""
        self.values |= fields

    def keep(self, name: str | None, unknown: Mapping[str, Any]) -> None:
        """Puts fields that upstream sends and no model declares into the extras, without what cannot be stored."""
        keep_fields(self, unknown, name)

    def record_flags(self) -> tuple[RecordFlag, ...]:
        """The quality flags found so far."""
        found = self.by_code_and_field.values()
        return tuple(RecordFlag(code=flag.code, field=flag.field, detail=flag.detail) for flag in found)


def claims_mark(record: AnyRecord) -> str:
    """Fingerprint of what a reading claims."""
    return canonical_hash(record.model_dump(mode="json", exclude_unset=True))
