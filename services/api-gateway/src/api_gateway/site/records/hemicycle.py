"""Seats of a house in a half circle, one path for each option: a pure function of the numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, BASE = 1000, 500
"""The picture is WIDTH wide; the lowest seats stand at height BASE."""

MOST_SEATS = 700
"""More than both houses together have (594). A longer list gets no picture."""

INNER = 0.42
"""Radius of the innermost row, of that of the outermost."""

_REACH = 0.978
"""Of BASE, the radius on which the outermost seats stand: so they stay within the picture."""

_WIDEST = 0.17
"""The largest gap that seats fill: those of a few are not blown up."""

_FILL = 0.84
"""Diameter of a seat, of the smallest gap between two."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A place: `angle` is in radians, π at the left end and 0 at the right; `row` counts from the middle."""

    row: int
    angle: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class OptionPath:
    """The seats of one option as the `d` of a path whose lines have no length and round ends."""

    shape: str
    count: int
    d: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Where the votes were enough: a short line outside the outermost row, and the place of its words."""

    x1: int
    y1: int
    x2: int
    y2: int
    text_x: int
    text_y: int


@dataclass(frozen=True, slots=True)
class Hemicycle:
    """The picture. `size` is the width of the lines; a ring is the path again, `hole` wide, in the colour of paper."""

    paths: tuple[OptionPath, ...]
    size: float
    hole: float
    tick: Tick | None


def hemicycle(options: Sequence[tuple[str, int]], needed: int | None = None) -> Hemicycle | None:
    """The picture of `options`: pairs of shape and number of seats, in their order from the left. With `needed`, a tick
    stands beside the seat that made the majority. None where there is nobody to draw, or too many.
    """
    total = sum(count for _, count in options)
    if not 0 < total <= MOST_SEATS:
        return None
    found = seats(total)
    paths, start = [], 0
    for shape, count in options:
        if count:
            paths.append(OptionPath(shape, count, _path(found[start : start + count])))
        start += count
    size = _FILL * _smallest_gap(total) * BASE * _REACH
    return Hemicycle(tuple(paths), round(size, 1), round(size * 0.52, 1), _tick(found, needed))


def rows(total: int) -> int:
    """Rows for so many seats: 12 for 513, 5 for 81."""
    return max(1, round(0.5 + math.sqrt(0.26 * total)))


def seats_in_rows(total: int) -> list[int]:
    """Seats of each row from the innermost, in proportion to its length, by largest remainder."""
    radii = _radii(rows(total))
    quotas = [total * radius / sum(radii) for radius in radii]
    counts = [math.floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda row: (counts[row] - quotas[row], -row))
    for row in by_remainder[: total - sum(counts)]:
        counts[row] += 1
    return counts


def seats(total: int) -> list[Seat]:
    """Every seat, from left to right; of those at one angle the outermost first."""
    counts = seats_in_rows(total)
    found = [
        _seat(row, radius, place, count)
        for row, (radius, count) in enumerate(zip(_radii(len(counts)), counts, strict=True))
        for place in range(count)
    ]
    return sorted(found, key=lambda seat: (-round(seat.angle, 9), -seat.row))


def _radii(count: int) -> list[float]:
    return [1.0] if count == 1 else [INNER + (1 - INNER) * row / (count - 1) for row in range(count)]


def _seat(row: int, radius: float, place: int, count: int) -> Seat:
    angle = math.pi / 2 if count == 1 else math.pi * (1 - place / (count - 1))
    reach = BASE * radius * _REACH
    return Seat(row, angle, WIDTH / 2 + reach * math.cos(angle), BASE - reach * math.sin(angle))


def _smallest_gap(total: int) -> float:
    """The smallest distance between neighbours, of the outermost radius: along a row, or between two rows."""
    counts = seats_in_rows(total)
    radii = _radii(len(counts))
    along = [math.pi * radius / (count - 1) for radius, count in zip(radii, counts, strict=True) if count > 1]
    between = [(1 - INNER) / (len(counts) - 1)] if len(counts) > 1 else []
    return min([*along, *between, _WIDEST])


def _path(found: Sequence[Seat]) -> str:
    return "".join(f"M{seat.x:.0f} {seat.y:.0f}h.1" for seat in found)


def _tick(found: Sequence[Seat], needed: int | None) -> Tick | None:
    if needed is None or not 0 < needed <= len(found):
        return None
    angle = found[needed - 1].angle
    x, y = math.cos(angle), math.sin(angle)

    def at(reach: float) -> tuple[int, int]:
        return round(WIDTH / 2 + reach * x), round(BASE - reach * y)

    return Tick(*at(506), *at(532), *at(548))
