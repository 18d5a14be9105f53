"""The order of a bill's proceedings, the same for all code that reads or stores them.

Upstream's sequence number is right where dates are mistyped. An entry without a sequence number is placed by its day:
where the fewest dates of the sequence contradict it, after those of its own moment. Where no entry has a sequence
number, days decide.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise

from legis.domain.bill import Action
from legis.domain.vocabulary import QualityFlagCode

Moment = tuple[date, str]
"""A day, and the instant in it as text; empty where only the day is known, which sorts first."""

_NO_DAY = date.min


def in_order(actions: Iterable[Action]) -> tuple[Action, ...]:
    """The actions, oldest first, whatever their order was; undated ones without a sequence number come first."""
    given = list(actions)
    placed = sorted((action for action in given if action.order is not None), key=_by_sequence)
    loose = sorted((action for action in given if action.order is None), key=_moment)
    if not placed or not loose:
        return tuple(placed or loose)
    at: dict[int, list[Action]] = {}
    for action in loose:
        at.setdefault(_place(_moment(action), placed), []).append(action)
    merged: list[Action] = []
    for index in range(len(placed) + 1):
        merged += at.get(index, ())
        merged += placed[index : index + 1]
    return tuple(merged)


def order_doubts(actions: Sequence[Action]) -> Iterator[tuple[QualityFlagCode, str]]:
    """Problems in the order of actions that `in_order` arranged: at most one flag of each kind."""
    placed = [action for action in actions if action.order is not None]
    loose = [action for action in actions if action.order is None]
    if placed and loose:
        detail = (
            f"{len(loose)} of {len(actions)} entries have no place in the sequence; the first is of {loose[0].date}"
        )
        yield QualityFlagCode.ORDER_MISSING, detail
    dated = [action for action in placed if action.date]
    for before, after in pairwise(dated):
        if before.date and after.date and after.date < before.date:
            detail = f"entry {after.order} of {after.date} stands behind entry {before.order} of {before.date}"
            yield QualityFlagCode.ORDER_CONTRADICTS, detail
            return


def _by_sequence(action: Action) -> tuple[int, date, str]:
    return action.order or 0, action.date or date.max, _instant(action.at)


def _moment(action: Action) -> Moment:
    return action.date or _NO_DAY, _instant(action.at)


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat()


def _place(moment: Moment, placed: Sequence[Action]) -> int:
    """Index before which an entry is inserted: the place that the fewest dates contradict; among equal ones, the one
    after the nearest earlier entry and the undated entries that follow it. So a mistyped date, past or future, does
    not attract it.
    """
    if moment[0] == _NO_DAY:
        return 0
    wrong = sum(1 for action in placed if action.date and _moment(action) <= moment)
    best, best_place, behind = (-wrong, (_NO_DAY, "")), 0, (_NO_DAY, "")
    for index, action in enumerate(placed, 1):
        if action.date:
            earlier = _moment(action) <= moment
            wrong += -1 if earlier else 1
            behind = _moment(action) if earlier else (_NO_DAY, "")
        if (-wrong, behind) >= best:
            best, best_place = (-wrong, behind), index
    return best_place
