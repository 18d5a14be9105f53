"""The stages of a bill's way through both houses, read from the kinds of its actions, with the days spent in each.

The order of stages is that of the Constitution (arts. 61 to 66): presented, committees, plenary, the other house,
sanction, veto, law. A bill may return to an earlier stage, so each stretch of time in a stage is one of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from legis.domain.vocabulary import ActionKind, BillStatus, Chamber
from legis.domain.word_enum import Word


class Stage(Word):
    """Where on its way a bill is."""

    PRESENTED = "PRESENTED"
    COMMITTEE = "COMMITTEE"
    PLENARY = "PLENARY"
    OTHER_HOUSE = "OTHER_HOUSE"
    """With the house that reviews it; `step` tells where there."""
    SANCTION = "SANCTION"
    VETO = "VETO"
    LAW = "LAW"
    ENDED = "ENDED"
    """Archived, withdrawn, rejected, moot: nothing more happens unless it is taken up again."""


FINAL = frozenset({Stage.LAW, Stage.ENDED})

_FIXED = {
    ActionKind.INTRODUCED: Stage.PRESENTED,
    ActionKind.REFERRED: Stage.COMMITTEE,
    ActionKind.DISPATCHED: Stage.COMMITTEE,
    ActionKind.UNARCHIVED: Stage.COMMITTEE,
    ActionKind.SENT_TO_OTHER_CHAMBER: Stage.OTHER_HOUSE,
    ActionKind.SENT_FOR_SANCTION: Stage.SANCTION,
    ActionKind.PARTIALLY_VETOED: Stage.VETO,
    ActionKind.VETOED: Stage.VETO,
    ActionKind.ENACTED: Stage.LAW,
    ActionKind.ARCHIVED: Stage.ENDED,
    ActionKind.WITHDRAWN: Stage.ENDED,
    ActionKind.RETURNED: Stage.ENDED,
    ActionKind.MOOT: Stage.ENDED,
}
_OF_THE_BODY = frozenset(
    {
        ActionKind.RAPPORTEUR_DESIGNATED, ActionKind.OPINION, ActionKind.SCHEDULED, ActionKind.DISCUSSED,
        ActionKind.VOTED, ActionKind.APPROVED, ActionKind.REJECTED, ActionKind.AMENDMENT,
    }
)  # fmt: skip
"""Kinds that a committee and a plenary both do: the body decides which stage it is."""

_OF_ONE_HOUSE = frozenset({Stage.PRESENTED, Stage.COMMITTEE, Stage.PLENARY})
_LAST_BY_STATUS = {
    BillStatus.ENACTED: Stage.LAW,
    BillStatus.AWAITING_SANCTION: Stage.SANCTION,
    BillStatus.AWAITING_VETO_REVIEW: Stage.VETO,
    BillStatus.VETOED: Stage.VETO,
    BillStatus.REJECTED: Stage.ENDED,
    BillStatus.MOOT: Stage.ENDED,
    BillStatus.WITHDRAWN: Stage.ENDED,
    BillStatus.RETURNED: Stage.ENDED,
    BillStatus.EXPIRED: Stage.ENDED,
    BillStatus.ARCHIVED: Stage.ENDED,
}


@dataclass(frozen=True, slots=True)
class JourneyAction:
    """What the stages need of one action. `reviewing`: it is of the record of the house that reviews the bill."""

    day: date
    kind: ActionKind
    house: Chamber | None
    plenary: bool
    reviewing: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in one stage, from day `start` to day `end` (None: still in it), in days of Brasília.

    `step` is the stage within the reviewing house, for OTHER_HOUSE.
    """

    stage: Stage
    house: Chamber | None
    start: date
    end: date | None = None
    days: int | None = None
    step: Stage | None = None


def stage_of(action: JourneyAction) -> tuple[Stage, Stage | None] | None:
    """The stage that an action begins or goes on with, and the step in the reviewing house; None: it tells nothing."""
    stage = _FIXED.get(action.kind)
    if stage is None:
        if action.kind not in _OF_THE_BODY:
            return None
        stage = Stage.PLENARY if action.plenary else Stage.COMMITTEE
    if not action.reviewing:
        return stage, None
    if stage is Stage.OTHER_HOUSE:  # sent back, with changes, to the house where it began
        return Stage.COMMITTEE, None
    return (Stage.OTHER_HOUSE, stage) if stage in _OF_ONE_HOUSE else (stage, None)


def stretches(actions: Iterable[JourneyAction], statuses: Sequence[BillStatus], today: date) -> tuple[Stretch, ...]:
    """The stretches in order of time. `actions` must be; `statuses` are those of the records of both houses now.

    A status that ends the way (law, archived …) ends it here too, on the day of the last action, where no action said
    so.
    """
    found: list[Stretch] = []
    last_day = None
    for action in actions:
        last_day = action.day
        known = _arrival(action, found) if action.kind is ActionKind.RECEIVED else stage_of(action)
        if known is None:
            continue
        stage, step = known
        house = None if stage in (Stage.SANCTION, Stage.VETO, Stage.LAW) else action.house
        if not found or (found[-1].stage, found[-1].step, found[-1].house) != (stage, step, house):
            found.append(Stretch(stage, house, action.day, step=step))
    end = _end_by_status(statuses)
    if end is not None and last_day is not None and (not found or found[-1].stage is not end):
        found.append(Stretch(end, None, last_day))
    return tuple(_closed(found, today))


def _arrival(action: JourneyAction, found: Sequence[Stretch]) -> tuple[Stage, Stage | None] | None:
    """What a receipt begins: the way itself, or its part in the reviewing house. Bodies receive bills all the time."""
    if not action.reviewing:
        return None if found else (Stage.PRESENTED, None)
    return None if found and found[-1].step is not None else (Stage.OTHER_HOUSE, Stage.PRESENTED)


def _end_by_status(statuses: Sequence[BillStatus]) -> Stage | None:
    """The stage that the statuses say the way has come to. Law outranks all; an end counts only if no house goes on."""
    stages = [_LAST_BY_STATUS.get(status) for status in statuses]
    for outranking in (Stage.LAW, Stage.VETO, Stage.SANCTION):
        if outranking in stages:
            return outranking
    return Stage.ENDED if stages and all(stage is Stage.ENDED for stage in stages) else None


def _closed(found: Sequence[Stretch], today: date) -> Iterable[Stretch]:
    for place, one in enumerate(found):
        following = found[place + 1].start if place + 1 < len(found) else None
        if following is None and one.stage in FINAL:
            yield one
            continue
        until = following or today
        days = max(0, (until - one.start).days)
        yield Stretch(one.stage, one.house, one.start, following, days, one.step)
