"""Columns of tables and CSV: the fields of an item that people read."""

from collections.abc import Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]
Columns = Mapping[str, str]
"""Path of the field by name of the column; steps are joined by dots."""

BILLS: Columns = {
    "id": "id",
    "identifier": "identifier",
    "status": "status",
    "last_action_at": "last_action_at",
    "organization": "organization.acronym",
    "title": "title",
}
BILL: Columns = {
    **BILLS,
    "chamber": "chamber",
    "status_text": "status_text",
    "in_progress": "in_progress",
    "introduced_on": "introduced_on",
    "latest_action": "latest_action.description",
    "abstract": "abstract",
    "url": "url",
}
JOURNEY: Columns = {
    "date": "date",
    "house": "house",
    "stage": "stage",
    "type": "type",
    "kind": "kind",
    "organization": "organization.acronym",
    "text": "text",
}
VOTE_EVENTS: Columns = {
    "id": "id",
    "date": "date",
    "organization": "organization.acronym",
    "result": "result",
    "yes": "counts.yes",
    "no": "counts.no",
    "abstain": "counts.abstain",
    "description": "description",
}
EVENTS: Columns = {
    "id": "id",
    "start": "start",
    "status": "status",
    "organizations": "organizations.acronym",
    "name": "name",
    "location": "location",
}
LEGISLATORS: Columns = {
    "id": "id",
    "name": "name",
    "party": "party",
    "state": "state",
    "house": "house",
    "in_office": "in_office",
}
CHANGES: Columns = {
    "seq": "seq",
    "changed_at": "changed_at",
    "kind": "kind",
    "identifier": "identifier",
    "id": "subject.id",
    "fields": "changes.field",
}


def value_at(item: Any, path: str) -> Any:
    """The value at the end of a path; in a list, the values of all its members."""
    for position, step in enumerate(steps := path.split(".")):
        if isinstance(item, Sequence) and not isinstance(item, str):
            return [value_at(one, ".".join(steps[position:])) for one in item]
        item = item.get(step) if isinstance(item, Mapping) else None
    return item


def text_of(value: Any) -> str:
    """The value as a text: nothing is empty, values of a list are joined."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " | ".join(text_of(one) for one in value if one is not None)
    return str(value)
