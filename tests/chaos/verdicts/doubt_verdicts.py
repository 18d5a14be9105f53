"""I19: in the simulated Congress lists of bills, members' votes and agendas only ever grow, whatever is answered; bills
that an order took off an agenda are known.
"""

from collections.abc import Iterable
from typing import Any

import asyncpg
import orjson

from chaos.system.congress import Congress, Key

_GROWING = ("sponsorships", "subjects", "actions", "vote_events")
_SILENT = ("SITUACAO", "MOVIMENTACAO")
"""Entries of the Senado that go when a report comes which tells the same."""

_LOG = "SELECT bill_id, version, document FROM bill_change WHERE fields && $1::text[]"
_RECORDS = """
SELECT bill_id, version, document FROM bill_change WHERE about IN ('VOTE_EVENT', 'EVENT') AND fields && '{votes,agenda}'
"""
_THERE = "SELECT id FROM bill WHERE removed_at IS NULL"
_OPEN = "SELECT bill_id, source, upstream_id, field, readings, asks FROM list_doubt"
_FLAGGED = """
SELECT source, upstream_id FROM bill
WHERE position('"LIST_IN_DOUBT"'::bytea IN document) > 0 AND NOT EXISTS (SELECT FROM list_doubt WHERE bill_id = id)
"""


async def losses(connection: asyncpg.Connection, congress: Congress) -> list[str]:
    """Entries of the change log in which a list lost more than it gained, or a voting its votes."""
    found = []
    for row in await connection.fetch(_LOG, list(_GROWING)):
        for change in orjson.loads(row["document"])["changes"]:
            if change["field"] in _GROWING and _lost(change["old"], change["new"]):
                found.append(f"{row['bill_id']} version {row['version']}: {change['field']} lost entries")
    return found + await _losses_of_records(connection, congress.agenda.taken_off)


async def _losses_of_records(connection: asyncpg.Connection, taken_off: set[str]) -> list[str]:
    """Agendas that lost an item of a bill that is there, and votings that lost votes."""
    there = {row["id"] for row in await connection.fetch(_THERE)}
    found = []
    for row in await connection.fetch(_RECORDS):
        for change in orjson.loads(row["document"])["changes"]:
            if change["field"] == "votes" and change["new"]["entries"] < change["old"]["entries"]:
                found.append(f"{row['bill_id']} version {row['version']}: votes were lost")
            if change["field"] == "agenda" and (_bills(change["old"]) - _bills(change["new"])) & there - taken_off:
                found.append(f"{row['bill_id']} version {row['version']}: a bill left the agenda")
    return found


def _bills(items: Iterable[Any]) -> set[str]:
    return {bill for item in items for bill in item["bill_ids"]}


async def doubts_left(connection: asyncpg.Connection, congress: Congress) -> list[str]:
    """Doubts about bills that are there, and warnings without a doubt."""
    rows = [
        (_key(row) if row["upstream_id"].isdigit() else row["bill_id"], row) for row in await connection.fetch(_OPEN)
    ]
    told = [
        f"{key} is in doubt about {row['field']} after {row['readings']} readings and {row['asks']} questions"
        for key, row in rows
        if key not in congress.deleted
    ]
    return told + [f"{_key(row)} has a warning and is not in doubt" for row in await connection.fetch(_FLAGGED)]


def _lost(old: Iterable[Any] | None, new: Iterable[Any] | None) -> bool:
    before, after = ([e for e in entries or () if _counts(e)] for entries in (old, new))
    votes = {event["upstream_id"]: len(event["votes"]) for event in after if "votes" in event}
    return len(before) > len(after) or any(
        len(event["votes"]) > votes.get(event["upstream_id"], 0) for event in before if "votes" in event
    )


def _counts(entry: Any) -> bool:
    return not (isinstance(entry, dict) and entry.get("kind_code") in _SILENT)


def _key(row: Any) -> Key:
    return row["source"], int(row["upstream_id"])
