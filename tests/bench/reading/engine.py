"""Asks the index in this process, one thread, warm: what the engine itself takes, without a server around it."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from api_gateway.search.index.index_state import IndexState

from bench.report import Figure, Target
from bench.turns import Ratio

Work = Callable[[IndexState], object]
"""A question, asked of one state."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One question, with the seconds that it took in each turn and how often it asked the index."""

    name: str
    seconds: tuple[float, ...]
    queries: int

    @property
    def median(self) -> float:
        """The middle turn."""
        return median(self.seconds)


class Watched:
    """A searcher that counts how often it is asked and keeps what aggregations gave."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self.queries = 0
        self.aggregated: list[Mapping[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._searcher, name)

    def search(self, *args: Any, **more: Any) -> Any:
        """Counts, and asks."""
        self.queries += 1
        return self._searcher.search(*args, **more)

    def aggregate(self, *args: Any, **more: Any) -> Any:
        """Asks, and keeps the answer."""
        self.aggregated.append(self._searcher.aggregate(*args, **more))
        return self.aggregated[-1]


def watched(state: IndexState, work: Work) -> Watched:
    """Asks once; what the searcher saw of it."""
    searcher = Watched(state.searcher)
    work(replace(state, searcher=searcher))  # type: ignore[arg-type]
    return searcher


def timed(state: IndexState, works: Sequence[tuple[str, Work]], turns: int) -> list[Timed]:
    """Every question once to warm up, which counts its queries; then all of them once a turn."""
    queries = [watched(state, work).queries for _, work in works]
    seconds: list[list[float]] = [[] for _ in works]
    gc.collect()
    for _ in range(turns):
        for place, (_, work) in enumerate(works):
            began = time.perf_counter()
            work(state)
            seconds[place].append(time.perf_counter() - began)
    return [Timed(name, tuple(found), count) for (name, _), found, count in zip(works, seconds, queries, strict=True)]


def spread(name: str, found: Sequence[Timed], targets: Mapping[str, Target]) -> list[Figure]:
    """Quantiles over the questions' medians, each with its target where it has one."""
    ms = sorted(one.median * 1000 for one in found)
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "worst": 1.0}
    return [
        Figure(f"{name}, {told}", exact(_at(ms, share)), "ms", targets.get(told), f" n={len(ms)}")
        for told, share in shares.items()
    ]


def single(one: Timed, target: Target | None = None) -> Figure:
    """One question by its median, with the least and the greatest turn."""
    ms = [seconds * 1000 for seconds in one.seconds]
    return Figure(one.name, Ratio.of(ms), "ms", target, f" n={len(ms)}, {one.queries} queries")


def exact(value: float) -> Ratio:
    """A value that has no spread."""
    return Ratio(value, value, value)


def _at(found: Sequence[float], share: float) -> float:
    return found[min(len(found) - 1, int(share * len(found)))]
