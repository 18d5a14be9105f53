"""How far each source has been read and stored, and where the change log stands."""

from dataclasses import dataclass
from datetime import datetime

from legis.domain.vocabulary import Source
from legis.events import Walk

from api_gateway.store.database import Database


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One walk of a source: everything before `position` (on the walk's own scale) is stored since `updated_at`."""

    walk: Walk
    position: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """The store's side of freshness: checkpoints and open dead letters by source, the last change logged,
    and the identity of the contents."""

    checkpoints: dict[Source, tuple[Checkpoint, ...]]
    dead_letters: dict[Source, int]
    last_seq: int
    last_changed_at: datetime | None
    epoch: str | None = None


_STATUS = """
SELECT 'cursor' AS what, source, walk, position AS number, updated_at AS at FROM source_cursor
UNION ALL
SELECT 'dead', source, NULL, count(*), NULL FROM dead_letter WHERE resolved_at IS NULL GROUP BY source
UNION ALL
(SELECT 'log', NULL, NULL, seq, changed_at FROM bill_change ORDER BY seq DESC LIMIT 1)
UNION ALL
SELECT 'epoch', epoch::text, NULL, NULL, NULL FROM store_epoch
"""


async def load_status(database: Database) -> StoreStatus:
    """The status of now, in one cheap statement."""
    checkpoints: dict[Source, list[Checkpoint]] = {source: [] for source in Source}
    dead = dict.fromkeys(Source, 0)
    last_seq, last_changed_at, epoch = 0, None, None
    for row in await database.rows(_STATUS):
        if row["what"] == "log":
            last_seq, last_changed_at = row["number"], row["at"]
        elif row["what"] == "epoch":
            epoch = row["source"]
        elif row["source"] not in list(Source):
            continue  # a source that this version does not know yet
        elif row["what"] == "dead":
            dead[Source(row["source"])] = row["number"]
        elif row["walk"] in list(Walk):
            checkpoints[Source(row["source"])].append(Checkpoint(Walk(row["walk"]), row["number"], row["at"]))
    ordered = {source: tuple(sorted(found, key=lambda c: c.walk)) for source, found in checkpoints.items()}
    return StoreStatus(ordered, dead, last_seq, last_changed_at, epoch)
