"""Fields that are added to a record's detail when it is read, because they come from other records."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

_LAST = "9999-12-31"


def with_fields(document: bytes, added: Mapping[str, bytes]) -> bytes:
    """A complete detail with more fields at its end, whose values are rendered."""
    return document[:-1] + b"".join(b',"%b":%b' % (name.encode(), value) for name, value in added.items()) + b"}"


def without_doubles(own: Iterable[str], others: Iterable[str]) -> list[dict[str, Any]]:
    """Rendered memberships of a record's own lists, and those of the other side's lists that tell of no membership in
    them; newest first.

    Two entries tell of one membership if member, organization and kind are the same, and start and role are equal or
    not known to one of them.
    """
    found: list[dict[str, Any]] = []
    for membership in map(orjson.loads, [*own, *others]):
        if not any(_same(membership, known) for known in found):
            found.append(membership)
    return sorted(found, key=_newest_first, reverse=True)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if one["kind"] != other["kind"] or one["legislator_id"] != other["legislator_id"]:
        return False
    if one["legislator_id"] is None and one["legislator_name"] != other["legislator_name"]:
        return False
    if _body(one) != _body(other):
        return False
    return all(_agree(one[name], other[name]) for name in ("start_date", "role", "legislature"))


def _agree(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return one is None or other is None or one == other


def _body(membership: Mapping[str, Any]) -> Any:
    body = membership["organization"] or {}
    return body.get("id") or (body.get("acronym"), body.get("name"))


def _newest_first(membership: Mapping[str, Any]) -> tuple[str, str]:
    return (membership["end_date"] or _LAST, membership["start_date"] or "")
