"""Columns side by side, for counts over time."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 160
_GAP = 0.22
"""Share of a column's place that stays empty."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place in a box of WIDTH by HEIGHT, what it stands for, and whether it is the highest."""

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float
    highest: bool


def columns(pairs: Sequence[tuple[str, int]]) -> tuple[Column, ...]:
    """The columns of counts by label, from left to right. The highest reaches the top; a count above none is at least
    one unit high, so that few is never shown as none.
    """
    most = max((count for _, count in pairs), default=0)
    place = WIDTH / len(pairs) if pairs else 0
    return tuple(_column(number, label, count, place, most) for number, (label, count) in enumerate(pairs))


def _column(number: int, label: str, count: int, place: float, most: int) -> Column:
    height = max(1.0, round(HEIGHT * count / most, 1)) if count else 0.0
    x, width = round(place * (number + _GAP / 2), 2), round(place * (1 - _GAP), 2)
    return Column(label, count, x, round(HEIGHT - height, 1), width, height, count == most and count > 0)
