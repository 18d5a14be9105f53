"""The first day of each stage of a bill's path."""

from datetime import date

import pytest
from legis.domain.bill import Action, Bill
from legis.domain.proceedings.path_stages import STAGE_OF_ACTION, PathStage, first_days
from legis.domain.vocabulary import ActionKind, Source

PRESENTED, TODAY = date(2024, 2, 1), date(2024, 12, 31)


def bill(*actions: tuple[ActionKind, date | None], introduced_on: date | None = PRESENTED) -> Bill:
    told = tuple(Action(date=day, kind=kind) for kind, day in actions)
    return Bill(source=Source.CAMARA, upstream_id="1", introduced_on=introduced_on, actions=told)


def test_the_first_action_of_a_stage_counts_whatever_their_order() -> None:
    found = first_days(
        bill(
            (ActionKind.REFERRED, date(2024, 5, 1)), (ActionKind.REFERRED, date(2024, 3, 1)),
            (ActionKind.REFERRED, date(2024, 4, 1)), (ActionKind.OPINION, date(2024, 6, 1)),
            (ActionKind.TRANSFERRED, date(2024, 2, 2)),
        ),
        TODAY,
    )  # fmt: skip
    assert found == {PathStage.REFERRED: date(2024, 3, 1), PathStage.OPINION: date(2024, 6, 1)}


@pytest.mark.parametrize("kind", [ActionKind.VOTED, ActionKind.APPROVED, ActionKind.REJECTED])
def test_a_vote_counts_whatever_came_of_it(kind: ActionKind) -> None:
    assert first_days(bill((kind, PRESENTED)), TODAY) == {PathStage.VOTED: PRESENTED}


def test_mistakes_of_the_source_are_passed_over() -> None:
    wrong = [(ActionKind.OPINION, day) for day in (date(202, 1, 1), date(2024, 1, 31), date(2025, 1, 1), None)]
    assert first_days(bill(*wrong), TODAY) == {}
    assert first_days(bill(*wrong, (ActionKind.OPINION, TODAY)), TODAY) == {PathStage.OPINION: TODAY}
    assert first_days(bill((ActionKind.OPINION, TODAY), introduced_on=None), TODAY) == {}


def test_every_stage_but_two_is_told_by_actions() -> None:
    assert {*PathStage} - {*STAGE_OF_ACTION.values()} == {PathStage.DECISION, PathStage.LAW}
