"""Legislators and organizations whose names have the words that somebody has typed so far."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
from legis.errors import StoreUnavailable

from api_gateway.store.database.reader import Database
from api_gateway.store.records.record_reader import (
    LegislatorFilter,
    OrganizationFilter,
    RecordPage,
    list_legislators,
    list_organizations,
)
from api_gateway.web.params.record_filters import name_words

SHORTEST = 2
"""Letters of the last word below which nothing is looked up: nearly every name would match."""

_LEGISLATOR = ("id", "name", "house", "party", "state", "in_office")
_ORGANIZATION = ("id", "acronym", "name", "house", "active")


async def suggested_records(database: Database, text: str, limit: int) -> dict[str, list[dict[str, Any]]]:
    """At most `limit` of each kind, by name, present ones before former ones. Empty while the database is away."""
    words = name_words(text)
    nothing: dict[str, list[dict[str, Any]]] = {"legislators": [], "organizations": []}
    if not words or len(words[-1]) < SHORTEST:
        return nothing
    try:
        return {
            "legislators": await _found(
                _LEGISLATOR,
                limit,
                lambda now: list_legislators(
                    database, LegislatorFilter(name_words=words, in_office=now), after=None, limit=limit
                ),
            ),
            "organizations": await _found(
                _ORGANIZATION,
                limit,
                lambda now: list_organizations(
                    database, OrganizationFilter(name_words=words, active=now), after=None, limit=limit
                ),
            ),
        }
    except StoreUnavailable:
        return nothing


async def _found(
    fields: Sequence[str], limit: int, page: Callable[[bool | None], Awaitable[RecordPage]]
) -> list[dict[str, Any]]:
    """The present records, then all others."""
    found = (await page(True)).items
    if len(found) < limit:
        found = [*found, *(one for one in (await page(None)).items if one not in found)][:limit]
    return [{name: record[name] for name in fields} for record in map(orjson.loads, found)]
