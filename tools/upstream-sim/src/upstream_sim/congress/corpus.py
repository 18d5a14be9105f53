"""Computes the presentation day of every bill by arithmetic alone: no bill is stored."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from datetime import date
from itertools import accumulate
from typing import Final, NamedTuple

FIRST_YEAR: Final = 1946


class Place(NamedTuple):
    """Position of a bill: the `ordinal`-th of its kind in its year of presentation; `slot` is its
    position in a cycle.
    """

    year: int
    kind: str
    ordinal: int
    cycle: int
    slot: int


def _weight(year: int) -> float:
    """Relative number of bills presented in a year: slow growth to 2000, then four times as many."""
    if year < 2001:
        return 0.35 + (year - FIRST_YEAR) * 0.008
    return 2.0 + (year - 2001) * 0.09


def counts_by_year(total: int, until: date) -> dict[int, int]:
    """Distributes `total` bills over the years up to the day before `until`."""
    begun = date(until.year, 1, 1)
    weights = {year: _weight(year) for year in range(FIRST_YEAR, until.year)}
    weights[until.year] = _weight(until.year) * (until - begun).days / 365
    scale = total / sum(weights.values())
    running = list(accumulate(weight * scale for weight in weights.values()))
    running[-1] = total
    ends = [round(value) for value in running]
    return {year: end - start for year, start, end in zip(weights, [0, *ends[:-1]], ends, strict=True)}


class _Year:
    """The bills of one year: a repeated cycle of types, which begins at a different type each year."""

    def __init__(self, year: int, count: int, pattern: tuple[str, ...], days: int) -> None:
        shift = year * 7 % len(pattern)
        self.year, self.count, self.days = year, count, days
        self.first_day = date(year, 1, 1).toordinal()
        self.cycle = pattern[shift:] + pattern[:shift]
        self.slots: dict[str, list[int]] = {}
        self.ranks: list[int] = []
        for slot, kind in enumerate(self.cycle):
            slots = self.slots.setdefault(kind, [])
            self.ranks.append(len(slots))
            slots.append(slot)

    def total_of(self, kind: str) -> int:
        slots = self.slots.get(kind, [])
        cycles, rest = divmod(self.count, len(self.cycle))
        return cycles * len(slots) + sum(slot < rest for slot in slots)


class Corpus:
    """The bills that exist when the simulation starts, in order of presentation."""

    def __init__(self, counts: Mapping[int, int], pattern: Callable[[int], tuple[str, ...]], until: date) -> None:
        self._starts: list[int] = []
        self._years: list[_Year] = []
        total = 0
        for year, count in counts.items():
            end = min(date(year + 1, 1, 1), until)
            self._starts.append(total)
            self._years.append(_Year(year, count, pattern(year), (end - date(year, 1, 1)).days))
            total += count
        self.total = total
        self._by_year = {entry.year: number for number, entry in enumerate(self._years)}

    @property
    def years(self) -> range:
        return range(self._years[0].year, self._years[-1].year + 1)

    def locate(self, index: int) -> Place:
        number = bisect_right(self._starts, index) - 1
        entry = self._years[number]
        cycle, slot = divmod(index - self._starts[number], len(entry.cycle))
        kind = entry.cycle[slot]
        return Place(entry.year, kind, cycle * len(entry.slots[kind]) + entry.ranks[slot] + 1, cycle, slot)

    def find(self, kind: str, ordinal: int, year: int) -> int | None:
        """Index of the n-th bill of a kind in a year."""
        number = self._by_year.get(year)
        if number is None or ordinal < 1:
            return None
        entry = self._years[number]
        slots = entry.slots.get(kind)
        if not slots:
            return None
        cycle, rank = divmod(ordinal - 1, len(slots))
        position = cycle * len(entry.cycle) + slots[rank]
        return self._starts[number] + position if position < entry.count else None

    def total_of(self, kind: str, year: int) -> int:
        number = self._by_year.get(year)
        return 0 if number is None else self._years[number].total_of(kind)

    def of_year(self, year: int) -> range:
        number = self._by_year.get(year)
        if number is None:
            return range(0)
        return range(self._starts[number], self._starts[number] + self._years[number].count)

    def cycle_of(self, index: int) -> range:
        """Indices of the bills in the same cycle; relations exist only within a cycle."""
        number = bisect_right(self._starts, index) - 1
        length = len(self._years[number].cycle)
        start = index - (index - self._starts[number]) % length
        return range(start, min(start + length, self._starts[number] + self._years[number].count))

    def presented_day(self, index: int) -> int:
        """Day of presentation as a proleptic ordinal; never decreases with the index."""
        number = bisect_right(self._starts, index) - 1
        entry = self._years[number]
        return entry.first_day + (index - self._starts[number]) * entry.days // entry.count

    def presented_between(self, first: int, last: int) -> range:
        """Indices presented on days first..last, both included."""
        every = range(self.total)
        return range(
            bisect_left(every, first, key=self.presented_day), bisect_right(every, last, key=self.presented_day)
        )
