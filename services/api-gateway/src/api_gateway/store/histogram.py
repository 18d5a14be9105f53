"""The dates of all bills as instants that cut them into equal parts, from what PostgreSQL knows of a column."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

_PARTS = 100
"""Where all bills are of a few common days."""

_ROUNDING = 1e-9


def equal_parts(bounds: Sequence[datetime], common: Sequence[datetime], shares: Sequence[float]) -> list[datetime]:
    """The first instant, and where each part ends; [] where nothing is known.

    PostgreSQL's `bounds` cut only those bills into equal parts that are left when the ones at `common` instants, with
    their `shares` of all, are taken away. Between two bounds bills are taken to be spread evenly.
    """
    at = dict(zip(common, shares, strict=True))
    points = sorted({*bounds, *at})
    if not points:
        return []
    parts = len(bounds) - 1 if len(bounds) > 1 else _PARTS
    found: list[datetime] = []
    passed = 0.0
    for low, high, spread in _spread(points, bounds, 1 - sum(shares)):
        while spread and len(found) / parts <= min(passed + spread, 1.0):
            found.append(low + (high - low) * max((len(found) / parts - passed) / spread, 0.0))
        passed += spread + at.get(high, 0.0)
        found += [high] * (min(parts, int(passed * parts + _ROUNDING)) + 1 - len(found))
    return found + [points[-1]] * (parts + 1 - len(found))


def _spread(
    points: Sequence[datetime], bounds: Sequence[datetime], rest: float
) -> Iterator[tuple[datetime, datetime, float]]:
    """The first point, then neighbouring ones, with the share of bills between them."""
    place, last = 0, len(bounds) - 1
    yield points[0], points[0], 0.0
    for low, high in pairwise(points):
        while place < last - 1 and bounds[place + 1] <= low:
            place += 1
        inside = last > 0 and bounds[0] <= low and high <= bounds[-1]
        length = bounds[place + 1] - bounds[place] if inside else None
        yield low, high, rest / last * ((high - low) / length) if length else 0.0
