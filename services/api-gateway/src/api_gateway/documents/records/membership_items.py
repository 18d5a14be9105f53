"""Memberships as they are served, made from their stored form."""

from typing import Any

import orjson

from api_gateway.documents.reference_ids import with_id

_SHOWN = (
    "role", "start_date", "end_date", "legislature", "condition", "substitute_for", "end_reason", "party",
    "party_text", "state",
)  # fmt: skip
_NAMELESS = {"code": None, "acronym": None, "name": None, "chamber": None}


def membership_item(stored: str) -> bytes:
    """One membership. The stored form has the fields of the domain's `Membership`, and `legislator_id` and `name` of
    the member.
    """
    membership = orjson.loads(stored)
    shown = {
        "legislator_id": membership["legislator_id"],
        "legislator_name": membership["name"],
        "kind": membership["kind"],
        "organization": _organization(membership),
        **{name: membership[name] for name in _SHOWN},
    }
    return orjson.dumps(shown)


def _organization(membership: dict[str, Any]) -> dict[str, Any] | None:
    body, known = membership["organization"], membership["organization_id"]
    if body is None and known is None:
        return None
    source = (membership["legislator_id"] or "").partition("-")[0]
    return with_id(source, body or _NAMELESS, known)
