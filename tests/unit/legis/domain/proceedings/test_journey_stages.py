"""A bill's way through both houses, as stretches of time in one stage."""

from datetime import date

import pytest
from legis.domain.proceedings.journey_stages import JourneyAction, Stage, stage_of, stretches
from legis.domain.vocabulary import ActionKind, BillStatus, Chamber

TODAY = date(2026, 3, 1)


def action(day: str, kind: str, *, plenary: bool = False, reviewing: bool = False) -> JourneyAction:
    house = Chamber.SENADO if reviewing else Chamber.CAMARA
    return JourneyAction(date.fromisoformat(day), ActionKind(kind), house, plenary, reviewing)


WAY = (
    action("2024-02-01", "INTRODUCED"),
    action("2024-02-10", "REFERRED"),
    action("2024-03-01", "OPINION"),
    action("2024-05-01", "APPROVED", plenary=True),
    action("2024-05-10", "SENT_TO_OTHER_CHAMBER"),
    action("2024-05-12", "RECEIVED", reviewing=True),
    action("2024-06-01", "OPINION", reviewing=True),
    action("2024-08-01", "APPROVED", plenary=True, reviewing=True),
    action("2024-08-05", "SENT_FOR_SANCTION", reviewing=True),
    action("2024-08-25", "ENACTED"),
)


def test_the_whole_way_to_a_law() -> None:
    found = stretches(WAY, [BillStatus.ENACTED, BillStatus.ENACTED], TODAY)
    shown = [(one.stage.value, one.step and one.step.value, one.days) for one in found]
    assert shown == [
        ("PRESENTED", None, 9),
        ("COMMITTEE", None, 81),
        ("PLENARY", None, 9),
        ("OTHER_HOUSE", None, 2),
        ("OTHER_HOUSE", "PRESENTED", 20),
        ("OTHER_HOUSE", "COMMITTEE", 61),
        ("OTHER_HOUSE", "PLENARY", 4),
        ("SANCTION", None, 20),
        ("LAW", None, None),
    ]
    assert found[-1].end is None
    assert found[0].end == found[1].start


def test_the_last_stretch_lasts_until_today() -> None:
    last = stretches(WAY[:3], [BillStatus.IN_COMMITTEE], TODAY)[-1]
    assert (last.stage, last.end, last.days) == (Stage.COMMITTEE, None, 750)


@pytest.mark.parametrize(
    ("statuses", "last"),
    [
        ([BillStatus.ARCHIVED], Stage.ENDED),
        ([BillStatus.ARCHIVED, BillStatus.IN_COMMITTEE], Stage.COMMITTEE),
        ([BillStatus.IN_COMMITTEE, BillStatus.ENACTED], Stage.LAW),
        ([BillStatus.AWAITING_SANCTION, BillStatus.ARCHIVED], Stage.SANCTION),
        ([BillStatus.UNKNOWN], Stage.COMMITTEE),
    ],
)
def test_a_status_ends_the_way_where_no_action_did(statuses: list[BillStatus], last: Stage) -> None:
    assert stretches(WAY[:3], statuses, TODAY)[-1].stage is last


def test_a_bill_sent_back_is_in_committee_where_it_began() -> None:
    assert stage_of(action("2024-08-05", "SENT_TO_OTHER_CHAMBER", reviewing=True)) == (Stage.COMMITTEE, None)


def test_an_action_without_a_stage_changes_nothing() -> None:
    notified = action("2024-02-20", "NOTIFIED")
    assert stage_of(notified) is None
    assert stretches((*WAY[:2], notified), [], TODAY) == stretches(WAY[:2], [], TODAY)


def test_a_receipt_begins_the_way_and_nothing_else() -> None:
    first = action("2024-02-01", "RECEIVED")
    later = (first, action("2024-02-10", "REFERRED"), action("2024-02-11", "RECEIVED"))
    assert [one.stage for one in stretches(later, [], TODAY)] == [Stage.PRESENTED, Stage.COMMITTEE]
    there = (*WAY[:7], action("2024-06-02", "RECEIVED", reviewing=True))
    assert stretches(there, [], TODAY) == stretches(WAY[:7], [], TODAY)


def test_nothing_is_known_of_a_bill_without_actions() -> None:
    assert stretches((), [BillStatus.ARCHIVED], TODAY) == ()
