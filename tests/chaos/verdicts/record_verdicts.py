"""I20: meetings, votings and people are stored as the chambers show them now, and none is invented."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import orjson

from chaos.plan import SOURCES
from chaos.system.congress import Congress
from chaos.verdicts.stored_snapshot import folded

_EVENTS = "SELECT id, document FROM record WHERE kind = 'EVENT' AND removed_at IS NULL"
# the Câmara's file has votings of committees too, the Senado's list those of the plenary alone
_VOTINGS = """
SELECT id, v.day FROM record JOIN vote_event v USING (id) WHERE removed_at IS NULL AND (v.plenary OR source = 'camara')
"""
_NAMES = "SELECT id, document FROM record WHERE kind = $1 AND removed_at IS NULL"
_COMPLETE = "SELECT source FROM source_cursor WHERE walk = 'PEOPLE'"
_BRASILIA = timedelta(hours=-3)


@dataclass(frozen=True, slots=True)
class StoredMeeting:
    """One event as its document shows it; times are Brasília's, as the simulator has them."""

    starts: str
    cancelled: bool
    bills: frozenset[str]


@dataclass(frozen=True, slots=True)
class StoredRecords:
    """Everything at one instant. `votings` are the years of votings by id, `people` and `bodies` names by id,
    `people_read` the sources whose people were read whole.
    """

    meetings: Mapping[str, StoredMeeting]
    votings: Mapping[str, int]
    people: Mapping[str, str]
    bodies: Mapping[str, str]
    people_read: frozenset[str]


async def stored_records(connection: asyncpg.Connection) -> StoredRecords:
    """What our side holds. Raises what asyncpg raises while the server is away."""
    meetings = {row["id"]: _meeting(orjson.loads(row["document"])) for row in await connection.fetch(_EVENTS)}
    votings = {row["id"]: row["day"].year for row in await connection.fetch(_VOTINGS) if row["day"]}
    people, bodies = [await _names(connection, kind) for kind in ("LEGISLATOR", "ORGANIZATION")]
    read = frozenset(row["source"] for row in await connection.fetch(_COMPLETE))
    return StoredRecords(meetings, votings, people, bodies, read)


async def _names(connection: asyncpg.Connection, kind: str) -> dict[str, str]:
    rows = await connection.fetch(_NAMES, kind)
    return {row["id"]: str(orjson.loads(row["document"])["name"]) for row in rows}


def records_difference(congress: Congress, stored: StoredRecords) -> Iterable[str]:
    """Lines about what is missing, invented or wrong; none when all is well."""
    year = int(congress.days()[0][:4])
    for source in SOURCES:
        yield from _meetings(congress, source, stored)
        told = congress.votings_of_year(source)
        ours = {key for key, of in stored.votings.items() if of == year and key.startswith(source)}
        yield from _set(f"{source} votings of {year}", told, ours, told)
        if source in stored.people_read:
            current, known = congress.people(source)
            yield from _set(f"{source} people", set(current), {k for k in stored.people if k.startswith(source)}, known)
            yield from _named({key: {name} for key, name in current.items()}, stored.people)
            yield from _named(congress.bodies(source), stored.bodies)


def _named(told: Mapping[str, set[str]], stored: Mapping[str, str]) -> Iterable[str]:
    """Whom or what the chamber lists, and we do not have under one of its names."""
    for key, names in sorted(told.items()):
        if folded(stored.get(key)) not in {folded(name) for name in names}:
            yield f"{key} is named {stored.get(key)!r}, not {sorted(names)}"


def _set(what: str, expected: set[str], stored: set[str], possible: set[str]) -> Iterable[str]:
    """What lacks, and what was never there."""
    for key in sorted(expected - stored):
        yield f"{what}: {key} is missing"
    for key in sorted(stored - possible):
        yield f"{what}: {key} is invented"


def _meetings(congress: Congress, source: str, stored: StoredRecords) -> Iterable[str]:
    gone = {f"{of}-{number}" for of, number in congress.deleted}
    told = congress.meetings(source)
    for key, meeting in sorted(told.items()):
        seen = stored.meetings.get(key)
        if seen is None:
            yield f"{key} is missing"
            continue
        if (seen.starts, seen.cancelled) != (meeting["starts"], meeting["state"] in ("cancelled", "moved")):
            yield f"{key} is {seen}, not {meeting}"
        bills = {f"{source}-{item['bill']}" for item in meeting["items"]}
        if not seen.cancelled and seen.bills - gone != bills - gone:
            yield f"{key} has the bills {sorted(seen.bills)}, not {sorted(bills)}"
    first, last = congress.days()
    for key, seen in stored.meetings.items():
        if key.startswith(source) and first <= seen.starts[:10] <= last and key not in told:
            yield f"{key} is invented"


def _meeting(document: Mapping[str, Any]) -> StoredMeeting:
    starts = datetime.fromisoformat(document["start"]) + _BRASILIA
    bills = frozenset(bill for item in document["agenda"] for bill in item["bill_ids"])
    return StoredMeeting(starts.replace(tzinfo=None).isoformat(), document["status"] in ("CANCELLED", "MOVED"), bills)
