"""Bars below each other, for counts by category: the longest fills the width."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `width` of WIDTH, and its share of the whole, from 0 to 1."""

    code: str
    text: str
    count: int
    width: int
    share: float


def bars(rows: Sequence[tuple[str, str, int]], whole: int) -> tuple[Bar, ...]:
    """The bars of code, words and count, in the order given; `whole` is what shares are of."""
    most = max((count for _, _, count in rows), default=0)
    return tuple(
        Bar(code, text, count, _width(count, most), count / whole if whole else 0.0) for code, text, count in rows
    )


def _width(count: int, most: int) -> int:
    return max(1, round(WIDTH * count / most)) if count else 0
