"""Renders bills and changes to JSON bytes when they are written.

In two steps: the slow one renders a body without its end; the fast one adds what is known only while the change log is
locked: version, sequence and times. Counterparts are added to a finished document when it is read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from legis.domain.bill import HISTORY_FIELDS, Bill, QualityFlag
from legis.domain.parties.party_names import party_keys
from legis.domain.vocabulary import QualityFlagCode, ReadingPart

from api_gateway.documents.complete import Completer
from api_gateway.documents.derive import Derived, filter_keys
from api_gateway.documents.reference_ids import with_reference_ids

AUTHORS_SHOWN = 10
"""Sponsors in a summary; `authors_count` counts all."""

ABOUT_BILL = "BILL"
"""What an entry of the change log is about, unless it is about another record."""

INTERNAL_FIELD = "counterpart_hints"
"""Field of a bill that is served nowhere: `counterparts` are what the store made of it."""

_NOT_READ_WHOLE = QualityFlag(code=QualityFlagCode.NOT_READ_WHOLE, field="actions").model_dump(mode="json")
_HISTORIES = set(HISTORY_FIELDS)
_LINKED = ("actions", "events", "journey", "versions", "votes")
_complete = Completer(Bill, without=HISTORY_FIELDS)
_JSON = orjson.OPT_UTC_Z

_SPONSOR_FIELDS = ("name", "party", "state", "legislator_id")
_SUMMARY_FIELDS = (
    "id", "source", "chamber", "type", "type_code", "number", "year", "identifier", "nickname", "title", "status",
    "status_text", "status_basis", "status_reason", "in_progress", "introduced_on", "last_action_at", "latest_action",
    "organization", "urn_lex", "url",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamp:
    """Version, sequence and times of a bill's version, known when it is committed."""

    version: int
    change_seq: int
    created_at: datetime
    changed_at: datetime
    removed_at: datetime | None = None


def dump_sparse(bill: Bill) -> dict[str, Any]:
    """The bill without its histories, as JSON-like values, without fields that have their default value."""
    return bill.model_dump(mode="json", exclude=_HISTORIES, exclude_defaults=True)


def dump_full(sparse: Mapping[str, Any]) -> dict[str, Any]:
    """The same with every field; all documents are rendered from this form."""
    return _complete(sparse)


def content(bill_id: str, full: Mapping[str, Any], derived: Derived) -> dict[str, Any]:
    """The fields of `BillDetail` that come from the bill alone; equal for equal bills."""
    shown = with_reference_ids(bill_id.partition("-")[0], full)
    del shown[INTERNAL_FIELD]
    at = derived.last_action_at
    shown |= {
        "id": bill_id,
        "status": derived.status.value,
        "status_basis": derived.status_basis.value,
        "status_reason": None if derived.status_reason is None else derived.status_reason.value,
        "in_progress": derived.in_progress,
        "last_action_at": None if at is None else instant(at),
        "urn_lex": derived.urns.urn_lex,
        "urn_aliases": list(derived.urns.aliases),
        "urn_status": derived.urns.status.value,
        "quality_flags": [flag.model_dump(mode="json") for flag in derived.quality_flags],
    }
    return shown


def document_body(
    fields: Mapping[str, Any], provenance: Sequence[Mapping[str, Any]], next_event: Mapping[str, Any] | None = None
) -> bytes:
    """A detail document without its end, for `seal_document`. `fields` are the result of `content`.

    If only a row of a list or file was read, the document says so by a flag, since readers would take its empty
    histories for complete.
    """
    if not any(reading["part"] == ReadingPart.DETAIL for reading in provenance):
        fields = {**fields, "quality_flags": [*fields["quality_flags"], _NOT_READ_WHOLE]}
    path = f"/api/v1/bills/{fields['id']}"
    links = {"self": path} | {name: f"{path}/{name}" for name in _LINKED}
    shown = {**fields, "next_event": next_event, "provenance": provenance, "links": links}
    return orjson.dumps(shown, option=_JSON)[:-1]


def summary_body(fields: Mapping[str, Any], derived: Derived, next_event: Mapping[str, Any] | None = None) -> bytes:
    """A list item without its end, for `seal_summary`."""
    return _summary_body(fields, derived.parties, derived.states, next_event)


def past_summary(document: Mapping[str, Any], stamp: Stamp) -> bytes:
    """The list item of a past state, from its document. `next_event` is null: agendas of the past are not known."""
    sponsors = document["sponsorships"]
    parties, states = party_keys(one["party"] for one in sponsors), filter_keys(one["state"] for one in sponsors)
    return seal_summary(_summary_body(document, parties, states, None), stamp)


def _summary_body(
    fields: Mapping[str, Any], parties: Sequence[str], states: Sequence[str], next_event: Mapping[str, Any] | None
) -> bytes:
    signed = sorted(fields["sponsorships"], key=lambda s: s["order"] if s["order"] is not None else 1_000_000)
    shown = {name: fields[name] for name in _SUMMARY_FIELDS}
    shown["next_event"] = next_event
    shown["authors"] = [sponsor["name"] for sponsor in signed[:AUTHORS_SHOWN]]
    shown["authors_count"] = len(signed)
    shown["sponsors"] = [{name: sponsor[name] for name in _SPONSOR_FIELDS} for sponsor in signed[:AUTHORS_SHOWN]]
    shown["parties"] = parties
    shown["states"] = states
    shown["subjects"] = [subject["name"] for subject in fields["subjects"]]
    return orjson.dumps(shown, option=_JSON)[:-1]


def change_body(identifier: str, source: str, changes: Sequence[Mapping[str, Any]]) -> bytes:
    """The part of a change document that is known before commit."""
    return orjson.dumps({"identifier": identifier, "source": source, "changes": changes}, option=_JSON)[1:-1]


def seal_document(body: bytes, stamp: Stamp) -> bytes:
    """The complete detail without counterparts; `with_counterparts` adds them when it is read."""
    created = f',"created_at":"{instant(stamp.created_at)}"'.encode()
    return body + created + _sealed(stamp)


def seal_summary(body: bytes, stamp: Stamp) -> bytes:
    """The complete list item."""
    return body + _sealed(stamp)


def seal_change(
    body: bytes, subject_id: str, kind: str, trace_id: str | None, stamp: Stamp, about: str = ABOUT_BILL
) -> bytes:
    """The complete entry of the change log. `bill_id` is null where it is about another record than a bill."""
    head = orjson.dumps(
        {
            "seq": stamp.change_seq,
            "subject": {"type": about.lower(), "id": subject_id},
            "bill_id": subject_id if about == ABOUT_BILL else None,
            "kind": kind,
            "version": stamp.version,
            "changed_at": instant(stamp.changed_at),
            "trace_id": trace_id,
        }
    )
    return head[:-1] + b"," + body + b"}"


def with_counterparts(document: bytes, counterparts: Iterable[Mapping[str, Any]]) -> bytes:
    """A complete detail with its counterparts as the last field."""
    return document[:-1] + b',"counterparts":' + orjson.dumps(list(counterparts), option=_JSON) + b"}"


def history_items(entries: Iterable[Any]) -> list[str]:
    """Actions or votings as JSON texts, as they are stored and served."""
    return [orjson.dumps(entry.model_dump(mode="json"), option=_JSON).decode() for entry in entries]


@lru_cache(1024)
def instant(at: datetime) -> str:
    """RFC 3339 in UTC with `Z`, whatever time zone `at` has; microseconds only if they are not zero."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _sealed(stamp: Stamp) -> bytes:
    removed = "null" if stamp.removed_at is None else f'"{instant(stamp.removed_at)}"'
    return (
        f',"version":{stamp.version},"changed_at":"{instant(stamp.changed_at)}","removed_at":{removed}'
        f',"change_seq":{stamp.change_seq}}}'
    ).encode()
