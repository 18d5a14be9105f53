"""Legislators and organizations whose names have the words that somebody has typed so far."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import orjson
from legis.errors import StoreUnavailable

from api_gateway.store.database.reader import Database
from api_gateway.store.records.reading.name_reader import NamedRecords, find_by_name
from api_gateway.web.params.record_filters import name_words

SHORTEST = 2
"""Letters of the last word below which nothing is looked up: nearly every name would match."""

_LEGISLATOR = ("id", "name", "house", "party", "state", "in_office")
_ORGANIZATION = ("id", "acronym", "name", "house", "active")


async def suggested_records(database: Database, text: str, limit: int) -> dict[str, list[dict[str, Any]]]:
    """At most `limit` of each kind, present ones before former ones. Empty while the database is away."""
    words, found = name_words(text), NamedRecords([], [])
    if words and len(words[-1]) >= SHORTEST:
        with suppress(StoreUnavailable):
            found = await find_by_name(database, words, limit)
    return {
        "legislators": _shown(found.legislators, _LEGISLATOR),
        "organizations": _shown(found.organizations, _ORGANIZATION),
    }


def _shown(summaries: Sequence[bytes], fields: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: record[name] for name in fields} for record in map(orjson.loads, summaries)]
