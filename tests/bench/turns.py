"""Measures several subjects in turns, and compares them turn by turn."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Sample:
    """One subject in one turn: replies a second, microseconds of processor per reply, and seconds that replies took."""

    rate: float
    server_us: float
    postgres_us: float
    p50: float
    p99: float
    bad: int
    body_bytes: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """A median of the turns with the least and the greatest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, found: Sequence[float]) -> "Ratio":
        """Of one value a turn."""
        return cls(statistics.median(found), min(found), max(found))


Turns = Mapping[str, Sequence[Sample]]


def in_turns(subjects: Mapping[str, Callable[[], Sample]], turns: int) -> Turns:
    """Every subject once a turn; every other turn backwards, so that none is always behind the same neighbour."""
    found: dict[str, list[Sample]] = {name: [] for name in subjects}
    for turn in range(turns):
        names = list(subjects)
        for name in names if turn % 2 == 0 else reversed(names):
            found[name].append(subjects[name]())
    return found


def rates(turns: Turns, ours: str, theirs: str) -> Ratio:
    """Replies a second of one subject over another's, turn by turn."""
    return Ratio.of([a.rate / max(b.rate, 1e-9) for a, b in zip(turns[ours], turns[theirs], strict=True)])


def costs(turns: Turns, ours: str, theirs: str) -> Ratio:
    """The same by processor time of the servers and PostgreSQL: their cost over ours, so that more is better."""
    return Ratio.of([_cost(b) / max(_cost(a), 1e-9) for a, b in zip(turns[ours], turns[theirs], strict=True)])


def _cost(sample: Sample) -> float:
    return sample.server_us + sample.postgres_us


def medians(turns: Turns) -> dict[str, dict[str, Any]]:
    """Each subject's middle turn, field by field."""
    return {
        name: {field: statistics.median(asdict(one)[field] for one in found) for field in asdict(found[0])}
        for name, found in turns.items()
    }
