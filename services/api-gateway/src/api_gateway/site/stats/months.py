"""Counts by month: the window that a chart shows, and how a year compares with the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

SHOWN = 36


@dataclass(frozen=True, slots=True)
class Comparison:
    """The last twelve whole months and the twelve before; `change` is the share by which they differ, None where there
    were none before.
    """

    last: int
    before: int

    @property
    def change(self) -> float | None:
        """From -1 (none is left) on."""
        return None if not self.before else (self.last - self.before) / self.before


def window(pairs: Sequence[Mapping[str, Any]], today: date) -> tuple[tuple[str, int], ...]:
    """The last SHOWN months up to this one, oldest first; a month without a count had none."""
    counts = {one["value"]: one["count"] for one in pairs}
    return tuple((month, counts.get(month, 0)) for month in _months(today, SHOWN))


def comparison(pairs: Sequence[Mapping[str, Any]], today: date) -> Comparison:
    """The last twelve months before this one, against the twelve before them."""
    counts = {one["value"]: one["count"] for one in pairs}
    *months, _ = _months(today, 25)
    return Comparison(sum(counts.get(one, 0) for one in months[12:]), sum(counts.get(one, 0) for one in months[:12]))


def _months(today: date, number: int) -> list[str]:
    """So many months up to this one, oldest first, as `2026-11`."""
    last = today.year * 12 + today.month - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(last - number + 1, last + 1)]
