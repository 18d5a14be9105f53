"""Every filter of the API with its commonest, a middling and its rarest value, alone and in pairs, in all orders.

The questions are those that the old planner was measured by; filters that came since are asked beside them.
"""

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import asyncpg
from api_gateway.search.filtering.bill_filter import Sort, SortKey
from api_gateway.search.filtering.filters import read_filter
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.results import ordered_page, type_codes

from bench.reading.engine import Work
from bench.reading.questions import PAGE
from bench.system.corpus import NOW, PLANTED

SORTS = [Sort(key, descending) for key in SortKey if key is not SortKey.RELEVANCE for descending in (True, False)]
Given = Mapping[str, Any]
"""Parameters by name, as `read_filter` takes them."""

Options = Mapping[str, Sequence[Given]]

NEW = ("legislator_id", "rapporteur", "regime", "status, without")
"""Filters that the old planner did not have, or was not asked about."""

_WHOLE = 100_000
"""Bills up to which all rows are looked at for their values, and not a sample."""

_VALUES = """
SELECT value FROM (SELECT value, count(*) AS n, row_number() OVER (ORDER BY count(*) DESC, value) AS place,
                          count(*) OVER () AS all_values
                   FROM (SELECT {0} AS value FROM bill TABLESAMPLE SYSTEM ({1}) REPEATABLE (1)) AS v
                   WHERE value IS NOT NULL GROUP BY value) AS ranked
WHERE place IN (1, (all_values + 1) / 2, all_values) ORDER BY place
"""
_COLUMNS = {
    "chamber": "chamber", "type": "type_code", "number": "number", "year": "year", "status": "status",
    "party": "unnest(parties)", "state": "unnest(states)", "subject": "unnest(subjects)",
    "organization": "organization",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A list that is asked for. `kind`: `alone` or `pairs` as the old planner had them, or `new`."""

    name: str
    kind: str
    work: Work


async def options(url: str, state: IndexState) -> dict[str, list[Given]]:
    """For each filter its values, as parameters."""
    connection = await asyncpg.connect(url, command_timeout=300)
    try:
        found = await _options(connection, state)
    finally:
        await connection.close()
    return {name: values for name, values in found.items() if values}


async def _options(connection: Any, state: IndexState) -> dict[str, list[Given]]:
    share = 20 if state.searcher.num_docs > _WHOLE else 100
    found: dict[str, list[Given]] = {"q": [{"q": word} for word in PLANTED]}
    for name, column in _COLUMNS.items():
        rows = await connection.fetch(_VALUES.format(column, share))
        found[name] = [{name: [str(row["value"])]} for row in rows]
    names = await connection.fetch(
        "SELECT convert_from(summary, 'UTF8')::jsonb -> 'authors' ->> 0 AS n FROM bill ORDER BY id LIMIT 3"
    )
    found["author"] = [{"author": [name]} for name in (*(row["n"] for row in names), "Maria")]
    found["in_progress"] = [{"in_progress": True}, {"in_progress": False}]
    days = [NOW - timedelta(days=days) for days in (90, 2000, 9000)]
    for name in ("introduced_from", "introduced_to"):
        found[name] = [{name: at.date().isoformat()} for at in days]
    found["last_action_from"] = [{"last_action_from": at.isoformat()} for at in days]
    # a day later: a range that ends where it begins is no longer an empty one, but an error
    found["last_action_to"] = [{"last_action_to": (at + timedelta(days=1)).isoformat()} for at in days]
    last = await connection.fetchval("SELECT max(changed_at) FROM bill")
    found["changed_since"] = [
        {"changed_since": (last - timedelta(seconds=seconds)).isoformat()} for seconds in (5, 600, 86_400)
    ]
    rows = await connection.fetch(
        "SELECT id, urns[1] AS urn FROM bill WHERE cardinality(urns) > 0 ORDER BY id LIMIT 20"
    )
    found["ids"] = [{"ids": [row["id"] for row in rows]}]
    found["urns"] = [{"urns": [row["urn"] for row in rows]}]
    return found | _new_options(state, found["status"])


def _new_options(state: IndexState, statuses: Sequence[Given]) -> dict[str, list[Given]]:
    """The corpus has no rapporteurs, so that filter finds nothing; a regime, the same one for all bills."""
    people = state.searcher.terms_with_prefix("legislator_id", "camara-deputy-", limit=5000)
    places = sorted({0, len(people) // 2, len(people) - 1}) if people else []
    return {
        "legislator_id": [{"legislator_id": [people[place][0]]} for place in places],
        "rapporteur": [{"rapporteur": ["Orlando Silva"]}],
        "regime": [{"regime": ["ordinário"]}, {"regime": ["urgência"]}],
        "status, without": [{"status": [f"-{value}" for value in one["status"]]} for one in statuses],
    }


def questions(found: Options, state: IndexState, most_pairs: int | None) -> list[Question]:
    """Every filter alone and every pair, in all orders; few where only so many pairs are asked."""
    codes = type_codes(state)
    sorts = SORTS if most_pairs is None else SORTS[:2]
    made = []
    for name, kind, given in _asked(found, most_pairs):
        wanted = read_filter(given, codes)
        for sort in sorts:
            told = f"{name} by {'-' if sort.descending else ''}{sort.key.value}"
            made.append(Question(told, kind, partial(_page, wanted, sort)))
    return made


def _page(wanted: Any, sort: Sort, state: IndexState) -> object:
    return ordered_page(state, wanted, sort, PAGE, None)


def _asked(found: Options, most_pairs: int | None) -> Iterator[tuple[str, str, Given]]:
    """Name, kind and parameters; a pair takes the values of both in turns: common, middling, rare."""
    yield "no filter", "alone", {}
    for name, values in found.items():
        yield from ((name, "new" if name in NEW else "alone", value) for value in values)
    for one, other in _pairs(found, most_pairs):
        if found[one][0].keys() == found[other][0].keys():
            continue  # a status, and without a status: one parameter
        kind = "new" if one in NEW or other in NEW else "pairs"
        for turn in range(max(len(found[one]), len(found[other]))):
            first, second = found[one][turn % len(found[one])], found[other][turn % len(found[other])]
            yield f"{one} + {other}", kind, {**first, **second}


def _pairs(names: Iterable[str], most: int | None) -> list[tuple[str, str]]:
    pairs = list(itertools.combinations(names, 2))
    random.Random(3).shuffle(pairs)
    return pairs[:most]
