"""How current each kind of records is: by its walk, its goal, and what was never read whole."""

from datetime import UTC, datetime, timedelta

import pytest
from api_gateway.store.sources.record_freshness import PEOPLE_GOAL, KindFreshness, record_freshness
from api_gateway.store.sources.source_status import Checkpoint
from legis.domain.records.record import RecordKind
from legis.events import Walk

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GOAL = timedelta(hours=2)
SECOND = timedelta(seconds=1)


def seen(walk: Walk, age: timedelta) -> dict[RecordKind, KindFreshness]:
    read = [Checkpoint(walk, 9, NOW - age)]
    return {one.kind: one for one in record_freshness(read, [], GOAL.total_seconds(), NOW)}


@pytest.mark.parametrize(
    ("walk", "goal", "kinds"),
    [
        (Walk.AGENDA, GOAL, {RecordKind.EVENT}),
        (Walk.VOTINGS, GOAL, {RecordKind.VOTE_EVENT}),
        (Walk.PEOPLE, PEOPLE_GOAL, {RecordKind.LEGISLATOR, RecordKind.ORGANIZATION}),
    ],
)
def test_a_kind_is_behind_beyond_the_goal_of_its_walk(walk: Walk, goal: timedelta, kinds: set[RecordKind]) -> None:
    current, late = seen(walk, goal), seen(walk, goal + SECOND)
    assert current.keys() == late.keys() == kinds
    for kind in kinds:
        assert (current[kind].is_behind, current[kind].behind_since) == (False, None)
        assert (late[kind].is_behind, late[kind].behind_since) == (True, NOW - SECOND)


def test_a_walk_that_runs_and_was_never_complete_is_behind() -> None:
    (found,) = record_freshness([], [Walk.AGENDA], GOAL.total_seconds(), NOW)
    assert (found.kind, found.complete_at, found.behind_since, found.is_behind) == (RecordKind.EVENT, None, None, True)


def test_kinds_without_a_walk_are_not_told() -> None:
    assert not list(record_freshness([Checkpoint(Walk.INCREMENTAL, 9, NOW)], [], GOAL.total_seconds(), NOW))
