"""Status of the store by source: checkpoints, open dead letters, years not read; and the head of the change log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from legis.domain.vocabulary import Source
from legis.events import Walk

from api_gateway.store.database.connections import Pool
from api_gateway.store.database.postgres_errors import store_errors
from api_gateway.store.database.reader import Database

ACQUIRE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One walk of a source. Everything before `position`, on the scale of that walk, is stored since `updated_at`."""

    walk: Walk
    position: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """What the store contributes to the freshness of the sources.

    `dead_letters` counts the open ones by source, `set_aside` those of them whose record could not be read at all.
    `years_not_read` are sorted newest first.
    """

    checkpoints: dict[Source, tuple[Checkpoint, ...]]
    dead_letters: dict[Source, int]
    last_seq: int
    last_changed_at: datetime | None
    epoch: str | None = None
    set_aside: Mapping[Source, int] = field(default_factory=dict)
    years_not_read: Mapping[Source, tuple[int, ...]] = field(default_factory=dict)


STATUS = """
SELECT 'cursor' AS what, source, walk, position AS number, updated_at AS at FROM source_cursor
UNION ALL
SELECT 'dead', source, NULL, count(*), NULL FROM dead_letter WHERE resolved_at IS NULL GROUP BY source
UNION ALL
SELECT 'aside', source, NULL, count(*), NULL FROM dead_letter
WHERE resolved_at IS NULL AND stage = 'set_aside' GROUP BY source
UNION ALL
SELECT 'year', source, NULL, year, NULL FROM year_not_read
UNION ALL
(SELECT 'log', NULL, NULL, seq, changed_at FROM bill_change ORDER BY seq DESC LIMIT 1)
UNION ALL
SELECT 'epoch', epoch::text, NULL, NULL, NULL FROM store_epoch
"""


async def load_status(database: Database) -> StoreStatus:
    """The current status, by one cheap statement."""
    return status_of(await database.rows(STATUS))


async def load_status_by(pool: Pool) -> StoreStatus:
    """Like `load_status`, with a connection of a plain pool. Raises StoreUnavailable."""
    with store_errors():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
            return status_of(await connection.fetch(STATUS))


def status_of(rows: Iterable[Any]) -> StoreStatus:
    """The status from the rows of `STATUS`."""
    checkpoints: dict[Source, list[Checkpoint]] = {source: [] for source in Source}
    dead, aside = dict.fromkeys(Source, 0), dict.fromkeys(Source, 0)
    years: dict[Source, list[int]] = {source: [] for source in Source}
    last_seq, last_changed_at, epoch = 0, None, None
    for row in rows:
        if row["what"] == "log":
            last_seq, last_changed_at = row["number"], row["at"]
        elif row["what"] == "epoch":
            epoch = row["source"]
        elif row["source"] not in list(Source):
            continue  # a source of a newer release
        elif row["what"] == "dead":
            dead[Source(row["source"])] = row["number"]
        elif row["what"] == "aside":
            aside[Source(row["source"])] = row["number"]
        elif row["what"] == "year":
            years[Source(row["source"])].append(row["number"])
        elif row["walk"] in list(Walk):
            checkpoints[Source(row["source"])].append(Checkpoint(Walk(row["walk"]), row["number"], row["at"]))
    ordered = {source: tuple(sorted(found, key=lambda c: c.walk)) for source, found in checkpoints.items()}
    newest_first = {source: tuple(sorted(found, reverse=True)) for source, found in years.items()}
    return StoreStatus(ordered, dead, last_seq, last_changed_at, epoch, aside, newest_first)
