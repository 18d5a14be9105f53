"""Finds votings by their day: which bills of the initial corpus were voted on in which year is computed once."""

from array import array
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from upstream_sim.camara.bill import CamaraBill
from upstream_sim.camara.steps import PATHS, VOTED
from upstream_sim.camara.votes import Voting, votings_of
from upstream_sim.congress.nation import Nation

_VOTED_PATHS = frozenset(path for path, steps in PATHS.items() if VOTED.intersection(steps))


def held_between(nation: Nation, first: date, last: date) -> Iterator[Voting]:
    """Votings held on days `first` to `last`, both included, by bill."""
    house = nation.camara
    years = _years(nation)
    candidates = {index for year in range(first.year, last.year + 1) for index in years.get(year, ())}
    candidates.update(index for index, delta in house.deltas.items() if delta.changes)
    for index in sorted(candidates):
        if house.place(index).kind in house.law_kinds and not house.is_deleted(index):
            yield from (each for each in votings_of(CamaraBill(nation, index)) if first <= each.at.date() <= last)


@lru_cache(maxsize=4)
def _years(nation: Nation) -> dict[int, "array[int]"]:
    """Indices of the bills of the initial corpus with a voting, by year of the voting."""
    house = nation.camara
    found: dict[int, array[int]] = {}
    for index in range(house.corpus.total):
        if house.path(index) not in _VOTED_PATHS or house.place(index).kind not in house.law_kinds:
            continue
        for year in {voting.at.year for voting in votings_of(CamaraBill(nation, index, 0))}:
            found.setdefault(year, array("I")).append(index)
    return found
