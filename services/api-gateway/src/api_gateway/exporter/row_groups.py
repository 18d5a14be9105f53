"""Rows of each resource as JSON lines, in groups that a delta replaces as a whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from legis.domain.identity.evidence import evidence_part
from legis.domain.records.record import RecordKind

from api_gateway.documents.reference_ids import entry_with_reference_ids
from api_gateway.documents.render import with_counterparts
from api_gateway.exports.resources import ResourceName
from api_gateway.store.exports.export_snapshot import ExportSnapshot

_KINDS: Mapping[ResourceName, RecordKind] = {
    ResourceName.VOTE_EVENTS: RecordKind.VOTE_EVENT,
    ResourceName.VOTES: RecordKind.VOTE_EVENT,
    ResourceName.LEGISLATORS: RecordKind.LEGISLATOR,
    ResourceName.ORGANIZATIONS: RecordKind.ORGANIZATION,
    ResourceName.EVENTS: RecordKind.EVENT,
}


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The rows with one value of the resource's key, as JSON without line breaks. `ordinal` grows from group to group
    and never changes.
    """

    ordinal: int
    key: str
    lines: list[bytes]


def row_groups(snapshot: ExportSnapshot, resource: ResourceName) -> Iterator[RowGroup]:
    """All rows of a resource, in the order of their ordinals. Raises StoreUnavailable."""
    if resource is ResourceName.BILLS:
        return _bills(snapshot)
    if resource is ResourceName.ACTIONS:
        return _actions(snapshot)
    if resource is ResourceName.VOTES:
        return _votes(snapshot)
    return (RowGroup(ordinal, key, [line]) for ordinal, key, line in snapshot.records(_KINDS[resource]))


def group_count(snapshot: ExportSnapshot, resource: ResourceName) -> int:
    """Number of groups of a resource."""
    head = snapshot.head
    if resource is ResourceName.BILLS:
        return head.bills
    if resource is ResourceName.ACTIONS:
        return head.bills_with_actions
    return head.records.get(_KINDS[resource].value, 0)


def _bills(snapshot: ExportSnapshot) -> Iterator[RowGroup]:
    for ordinal, key, document, links in snapshot.bills():
        yield RowGroup(ordinal, key, [with_counterparts(document, [_counterpart(link) for link in links or ()])])


def _counterpart(link: Mapping[str, Any]) -> dict[str, Any]:
    parts = [evidence_part(text) for text in link["evidence"]]
    return {**link, "confidence": float(link["confidence"]), "evidence_parts": parts}


def _actions(snapshot: ExportSnapshot) -> Iterator[RowGroup]:
    for ordinal, key, source, items in snapshot.actions():
        lines = [
            b'{"bill_id":"%b","position":%d,%b' % (key.encode(), place, entry_with_reference_ids(source, item)[1:])
            for place, item in enumerate(items, 1)
        ]
        yield RowGroup(ordinal, key, lines)


def _votes(snapshot: ExportSnapshot) -> Iterator[RowGroup]:
    for ordinal, key, document in snapshot.records(RecordKind.VOTE_EVENT):
        voting = orjson.loads(document)
        of_voting = {"vote_event_id": key, "house": voting["house"], "date": voting["date"]}
        yield RowGroup(ordinal, key, [orjson.dumps({**of_voting, **vote}) for vote in voting["votes"]])
