"""Renders records to JSON bytes when they are written: details and list items.

As for bills, a body is rendered without its end, and `seal_document` or `seal_summary` of `documents.render` completes
it. What depends on other records (memberships, the same person, counts) is added when a detail is read.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from legis.domain.parties.party_table import party_record_id
from legis.domain.records.any_record import AnyRecord
from legis.domain.records.event_record import EventRecord
from legis.domain.records.legislator import LegislatorRecord
from legis.domain.records.membership import MembershipKind
from legis.domain.records.organization_record import OrganizationRecord
from legis.domain.records.record import RecordKind
from legis.domain.records.vote_event_record import VoteEventRecord

from api_gateway.documents.records.record_addresses import record_links
from api_gateway.documents.reference_ids import with_id

_NOT_SERVED = {"kind", "extras", "memberships", "members"}
_SUMMARY_FIELDS: Mapping[RecordKind, tuple[str, ...]] = {
    RecordKind.LEGISLATOR: (
        "id", "source", "house", "name", "civil_name", "state", "party", "party_text", "in_office", "condition",
        "legislatures", "image", "url",
    ),
    RecordKind.ORGANIZATION: (
        "id", "source", "house", "classification", "classification_text", "acronym", "name", "active", "parent_id",
        "url",
    ),
    RecordKind.VOTE_EVENT: (
        "id", "source", "house", "organization", "legislature", "date", "at", "description", "purpose", "result",
        "result_text", "nominal", "secret", "turn", "plenary", "counts", "counts_published", "bills", "event_id",
        "flags", "duplicate_of", "url",
    ),
    RecordKind.EVENT: (
        "id", "source", "house", "classification", "name", "organizations", "organization_ids", "start", "end",
        "location", "status", "status_text", "moved_to", "url",
    ),
}  # fmt: skip


def document_body(record: AnyRecord, provenance: Sequence[Mapping[str, Any]]) -> bytes:
    """The detail without its end."""
    return orjson.dumps({**content(record), "provenance": provenance, "links": record_links(record)})[:-1]


def summary_body(record: AnyRecord) -> bytes:
    """The list item without its end."""
    shown = content(record)
    return orjson.dumps({name: shown[name] for name in _SUMMARY_FIELDS[record.kind]})[:-1]


def content(record: AnyRecord) -> dict[str, Any]:
    """The served fields that come from the record alone, as JSON-like values; equal for equal records. Changes of a
    record are the differences between two contents.
    """
    fields = record.model_dump(mode="json", exclude=_NOT_SERVED)
    shown: dict[str, Any] = _SHOWN[record.kind](record, fields)
    return shown


def with_fields(document: bytes, added: Mapping[str, bytes]) -> bytes:
    """A complete detail with more fields at its end, whose values are rendered."""
    return document[:-1] + b"".join(b',"%b":%b' % (name.encode(), value) for name, value in added.items()) + b"}"


def _only_id(known: str | None) -> dict[str, Any] | None:
    return None if known is None else {"id": known, "code": None, "acronym": None, "name": None, "chamber": None}


def _legislator(record: LegislatorRecord, fields: dict[str, Any]) -> dict[str, Any]:
    terms = (one for listed in record.memberships.values() for one in listed if one.kind is MembershipKind.TERM)
    legislatures = sorted({one.legislature for one in terms if one.legislature is not None})
    renamed = {"pages" if name == "links" else name: value for name, value in fields.items()}
    return {**renamed, "legislatures": legislatures}


def _organization(record: OrganizationRecord, fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "party_ids": [party_record_id(key) for key in record.party_ids]}


def _vote_event(record: VoteEventRecord, fields: dict[str, Any]) -> dict[str, Any]:
    known = fields.pop("organization_id")
    fields["organization"] = with_id(record.source, fields["organization"], known) or _only_id(known)
    for orientation in fields["orientations"]:
        orientation["party_ids"] = [party_record_id(key) for key in orientation["party_ids"]]
    return fields


def _event(record: EventRecord, fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "organizations": [with_id(record.source, body) for body in fields["organizations"]]}


_SHOWN: Mapping[RecordKind, Callable[[Any, dict[str, Any]], dict[str, Any]]] = {
    RecordKind.LEGISLATOR: _legislator,
    RecordKind.ORGANIZATION: _organization,
    RecordKind.VOTE_EVENT: _vote_event,
    RecordKind.EVENT: _event,
}
