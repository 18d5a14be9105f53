"""Spans of time on one scale: from the first to the third quarter, with the middle marked."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 1000


@dataclass(frozen=True, slots=True)
class SpanBar:
    """One span: its box from `x`, `width` wide, and the mark of its median, of WIDTH."""

    x: int
    width: int
    median: int


def span_bars(quartiles: Sequence[tuple[int, int, int]]) -> tuple[SpanBar, ...]:
    """The spans of (first quarter, median, third quarter), on the scale from 0 to the longest third quarter."""
    most = max((third for _, _, third in quartiles), default=0)
    return tuple(_span(first, median, third, most) for first, median, third in quartiles)


def _span(first: int, median: int, third: int, most: int) -> SpanBar:
    scale = WIDTH / most if most else 0
    x = round(first * scale)
    return SpanBar(x, max(2, round(third * scale) - x), round(median * scale))
