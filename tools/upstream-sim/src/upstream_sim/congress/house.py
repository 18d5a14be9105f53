"""Stores one chamber's bills and their changes since the start: the only state of a bill in the simulator."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from upstream_sim.congress.corpus import FIRST_YEAR, Corpus, Place
from upstream_sim.congress.life import Path, base_life

_EPOCH: Final = date(FIRST_YEAR, 1, 1).toordinal()


class Change(NamedTuple):
    """One change of a bill. Every change adds one step; some also change the title or the number."""

    at: datetime
    step: str
    new_title: bool = False
    number: int | None = None
    year: int | None = None


class Created(NamedTuple):
    """A bill created after the start."""

    at: datetime
    kind: str
    ordinal: int
    number: int
    year: int


@dataclass(slots=True)
class Delta:
    """The differences of one bill from its state at the start. `revision` is the number of changes."""

    changes: list[Change] = field(default_factory=list)
    deleted: datetime | None = None


class House:
    """A chamber: its initial corpus, and bills created and changed since. Indices follow the order of presentation."""

    def __init__(
        self, name: str, seed: int, corpus: Corpus, law_kinds: frozenset[str], born: date, ids: tuple[int, int]
    ) -> None:
        self.name, self.seed, self.corpus, self.born = name, seed, corpus, born
        self.law_kinds = law_kinds
        self.created: list[Created] = []
        self.deltas: dict[int, Delta] = {}
        self.generation = 0
        self.changes = 0
        self._first_id, self._id_step = ids
        self._paths = array("B", bytes(corpus.total))
        self._last_days = array("H", bytes(corpus.total * 2))
        self._simulate_history()
        self._by_last_day = array("I", sorted(range(corpus.total), key=self._last_days.__getitem__))

    def _simulate_history(self) -> None:
        corpus, born = self.corpus, self.born.toordinal()
        for index in range(corpus.total):
            place = corpus.locate(index)
            presented = corpus.presented_day(index)
            path, last = base_life(self.seed, self.name, index, place, place.kind in self.law_kinds, presented, born)
            self._paths[index] = path
            self._last_days[index] = last - _EPOCH

    @property
    def size(self) -> int:
        return self.corpus.total + len(self.created)

    def id_of(self, index: int) -> int:
        return self._first_id + index * self._id_step

    def index_of(self, identifier: int) -> int | None:
        """The index for an id; None where the bill does not exist or was deleted."""
        index, rest = divmod(identifier - self._first_id, self._id_step)
        if rest or not 0 <= index < self.size or self.is_deleted(index):
            return None
        return index

    def is_deleted(self, index: int) -> bool:
        delta = self.deltas.get(index)
        return delta is not None and delta.deleted is not None

    def place(self, index: int) -> Place:
        if index < self.corpus.total:
            return self.corpus.locate(index)
        made = self.created[index - self.corpus.total]
        return Place(made.year, made.kind, made.ordinal, 0, 0)

    def made_since(self, index: int) -> Created | None:
        return self.created[index - self.corpus.total] if index >= self.corpus.total else None

    def path(self, index: int) -> Path:
        return Path(self._paths[index]) if index < self.corpus.total else Path.NEW

    def set_path(self, index: int, path: Path) -> None:
        """Sets the path of a bill of the initial corpus; only during construction."""
        self._paths[index] = path

    def presented_day(self, index: int) -> int:
        if index < self.corpus.total:
            return self.corpus.presented_day(index)
        return self.created[index - self.corpus.total].at.toordinal()

    def base_last_day(self, index: int) -> int:
        """The day of a bill's last step at the start (or of its creation), as a proleptic ordinal."""
        if index < self.corpus.total:
            return self._last_days[index] + _EPOCH
        return self.presented_day(index)

    def changes_of(self, index: int) -> list[Change]:
        delta = self.deltas.get(index)
        return [] if delta is None else delta.changes

    def revision(self, index: int) -> int:
        return len(self.changes_of(index))

    def record(self, index: int, change: Change) -> None:
        self.deltas.setdefault(index, Delta()).changes.append(change)
        self.generation += 1
        self.changes += 1

    def create(self, made: Created) -> int:
        self.created.append(made)
        self.generation += 1
        self.changes += 1
        return self.size - 1

    def delete(self, index: int, at: datetime) -> None:
        self.deltas.setdefault(index, Delta()).deleted = at
        self.generation += 1
        self.changes += 1

    def restore(self, index: int) -> None:
        """Restores a deleted bill unchanged."""
        self.deltas[index].deleted = None
        self.generation += 1
        self.changes += 1

    def presented_between(self, first: int, last: int) -> Iterable[int]:
        """Indices presented on days first..last, ascending."""
        yield from self.corpus.presented_between(first, last)
        for number, made in enumerate(self.created):
            if first <= made.at.toordinal() <= last:
                yield self.corpus.total + number

    def last_moved_at_start(self, first: int, last: int) -> "array[int]":
        """Indices of the bills of the initial corpus whose last step at the start was on days first..last."""
        low, high = max(first - _EPOCH, 0), min(last - _EPOCH, 0xFFFF)
        key = self._last_days.__getitem__
        return self._by_last_day[
            bisect_left(self._by_last_day, low, key=key) : bisect_right(self._by_last_day, high, key=key)
        ]

    def moved_between(self, first: int, last: int) -> set[int]:
        """Indices of bills with a step on days first..last: presented, last moved at the start, or changed since."""
        moved = set(self.last_moved_at_start(first, last))
        moved.update(self.presented_between(first, last))
        for index, delta in self.deltas.items():
            if any(first <= change.at.toordinal() <= last for change in delta.changes):
                moved.add(index)
        return moved
