"""Ids by which documents refer to organizations and legislators, made from a source and its code."""

from collections.abc import Mapping
from typing import Any

import orjson
from legis.domain.identity.source_registry import legislator_id

_PLENARIES = {("camara", "PLEN"): "180", ("senado", "PLEN"): "1998"}
"""Codes of the houses' plenaries, which some answers name by acronym only."""

_HOLDERS = ("latest_action",)
_HOLDER_LISTS = ("rapporteurs", "sponsorships")
_HAS_BODY = '"organization":{'


def organization_id(source: str | None, code: str | None, acronym: str | None) -> str | None:
    """Our id of an organization that a source names; None without a code that identifies it."""
    code = code or _PLENARIES.get((source or "", (acronym or "").strip().upper()))
    return f"{source}-org-{code}" if source and code else None


def with_id(source: str | None, body: Mapping[str, Any] | None, known: str | None = None) -> dict[str, Any] | None:
    """An organization object with `id` as its first field: `known`, or made from source and code."""
    if body is None:
        return None
    return {"id": known or organization_id(source, body["code"], body["acronym"]), **body}


def with_reference_ids(source: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a bill or of one entry of its histories, with the ids of organizations and legislators in them."""
    shown = dict(fields)
    if code := shown.get("legislator_id"):
        shown["legislator_id"] = legislator_id(source, code)
    if shown.get("organization"):
        shown["organization"] = with_id(source, shown["organization"])
    for name in _HOLDERS:
        if shown.get(name):
            shown[name] = with_reference_ids(source, shown[name])
    for name in _HOLDER_LISTS:
        if shown.get(name):
            shown[name] = [with_reference_ids(source, item) for item in shown[name]]
    return shown


def entry_with_reference_ids(source: str, entry: str) -> bytes:
    """A stored entry of a history, with the id of its organization."""
    if _HAS_BODY not in entry:
        return entry.encode()
    return orjson.dumps(with_reference_ids(source, orjson.loads(entry)))
