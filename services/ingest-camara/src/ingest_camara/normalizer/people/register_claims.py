"""Collects the claims of one answer about a record of the Câmara that is not a bill."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from legis.domain.fingerprint import canonical_hash
from legis.domain.personal_data import without_personal_data
from legis.domain.records.any_record import AnyRecord
from legis.domain.records.membership import Membership
from legis.domain.records.record import RecordFlag, record_id
from legis.domain.vocabulary import QualityFlagCode, Source

from ingest_camara.normalizer.claims import Claims
from ingest_camara.normalizer.extras import keep_fields

R = TypeVar("R", bound=AnyRecord)

PARSER_VERSION = "camara-people/3"
"""Version of the parser; it changes when the same response would give another record."""


class RegisterClaims(Claims):
    """The fields of a legislator or organization that one answer shows, and no others."""

    def __init__(self, word: str, upstream_id: str, fetched_at: datetime | None) -> None:
        super().__init__(upstream_id, fetched_at)
        self.values["id"] = record_id(Source.CAMARA, word, upstream_id)

    def keep(self, **extras: str | None) -> None:
        """Puts fields without a place in the model into the extras, where they are not empty."""
        kept, _ = without_personal_data({name: value for name, value in extras.items() if value})
        keep_fields(self, kept)

    def claim(self, **fields: Any) -> None:
        """Claims the fields that have a value: a source that leaves a cell empty does not say that there is none."""
        self.values |= {name: value for name, value in fields.items() if value not in (None, (), "")}

    def day(self, field: str, text: str | None) -> date | None:
        """A day; None with a flag where it cannot be read."""
        found = self.moment(field, text)
        return found.date if found else None

    def stale_party(self, field: str, party: str | None, uri: str | None, parties: Mapping[str, str]) -> None:
        """Flags an address that leads to another party than the label. `parties` are party keys by address."""
        meant = parties.get(uri or "")
        if meant is not None and meant != party:
            self.flag(QualityFlagCode.PARTY_URI_STALE, field, f"address of {meant}, label of {party or 'no party'}")

    def record(self, kind: type[R]) -> R:
        """The record with these claims. Raises ValueError when a value breaks the domain's limits."""
        found = self.by_code_and_field.values()
        flags = tuple(RecordFlag(code=flag.code, field=flag.field, detail=flag.detail) for flag in found)
        return kind(**self.values, flags=flags)


def record_mark(record: AnyRecord) -> str:
    """Fingerprint of what a reading claims, without the time at which it was read."""
    return canonical_hash(record.model_dump(mode="json", exclude_unset=True, exclude={"state_at"}))


def by_start(memberships: list[Membership]) -> tuple[Membership, ...]:
    """The memberships in a fixed order: by first day, those without one first; of one day, open ones last."""
    return tuple(sorted(memberships, key=_place))


def _place(one: Membership) -> tuple[str, ...]:
    body = (one.organization.code or one.organization.name or "") if one.organization else ""
    return (str(one.start_date or ""), str(one.end_date or "open"), one.party or "", one.role or "", body)
