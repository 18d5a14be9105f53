"""How far records other than bills are read: by kind, the walk that reads them and when it was last complete."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from legis.domain.records.record import RecordKind
from legis.events import Walk

from api_gateway.store.sources.source_status import Checkpoint

KIND_WALKS = {
    RecordKind.EVENT: Walk.AGENDA,
    RecordKind.VOTE_EVENT: Walk.VOTINGS,
    RecordKind.LEGISLATOR: Walk.PEOPLE,
    RecordKind.ORGANIZATION: Walk.PEOPLE,
}
"""The walk that shows whether records of a kind are current."""

PEOPLE_GOAL = timedelta(days=2)
"""Age from which people are behind: they are read once a day."""


@dataclass(frozen=True, slots=True)
class KindFreshness:
    """One kind of records of one source. `complete_at` is None while no walk was complete; `behind_since` is None while
    the kind is current.
    """

    kind: RecordKind
    walk: Walk
    complete_at: datetime | None
    behind_since: datetime | None
    is_behind: bool


def record_freshness(
    checkpoints: Iterable[Checkpoint], running: Iterable[Walk], goal_seconds: float, now: datetime
) -> Iterator[KindFreshness]:
    """The kinds that a source has: those whose walk has a checkpoint, or is `running` now."""
    complete = {one.walk: one.updated_at for one in checkpoints}
    known = complete.keys() | set(running)
    for kind, walk in KIND_WALKS.items():
        if walk not in known:
            continue
        goal = max(PEOPLE_GOAL, timedelta(seconds=goal_seconds)) if walk is Walk.PEOPLE else timedelta(0, goal_seconds)
        at = complete.get(walk)
        due = at + goal if at is not None else None
        behind = due is None or due < now
        yield KindFreshness(kind, walk, at, due if behind else None, behind)
