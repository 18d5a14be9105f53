"""Computes each bill's state when the simulation starts: its path through the house and the day of its last step."""

from enum import IntEnum
from typing import Final

from upstream_sim.congress.corpus import Place
from upstream_sim.congress.seeded_random import SeededRandom


class Path(IntEnum):
    """The course of a bill; each house describes it with its own steps."""

    NEW = 0
    WAITING_RAPPORTEUR = 1
    IN_COMMITTEE = 2
    READY = 3
    ATTACHED = 4
    ARCHIVED = 5
    WITHDRAWN = 6
    SENT = 7
    LAW = 8
    PREJUDICED = 9
    VETOED = 10
    FILED = 11
    UNKNOWN = 12


OPEN_PATHS: Final = frozenset(
    {Path.NEW, Path.WAITING_RAPPORTEUR, Path.IN_COMMITTEE, Path.READY, Path.ATTACHED, Path.UNKNOWN}
)

_RECENT: Final = (
    (Path.NEW, 6),
    (Path.WAITING_RAPPORTEUR, 15),
    (Path.IN_COMMITTEE, 34),
    (Path.READY, 9),
    (Path.ATTACHED, 17),
    (Path.ARCHIVED, 6),
    (Path.WITHDRAWN, 2),
    (Path.SENT, 5),
    (Path.LAW, 4),
    (Path.PREJUDICED, 1),
    (Path.UNKNOWN, 1),
)
_OLD: Final = (
    (Path.ARCHIVED, 60),
    (Path.LAW, 15),
    (Path.PREJUDICED, 5),
    (Path.WITHDRAWN, 3),
    (Path.VETOED, 2),
    (Path.SENT, 3),
    (Path.READY, 3),
    (Path.ATTACHED, 5),
    (Path.IN_COMMITTEE, 3),
    (Path.UNKNOWN, 1),
)
_ACCESSORY: Final = ((Path.FILED, 70), (Path.UNKNOWN, 30))
_RECENT_YEARS: Final = 8


def _weighted(rng: SeededRandom, table: tuple[tuple[Path, int], ...]) -> Path:
    draw = rng.below(100)
    for path, weight in table:
        if draw < weight:
            return path
        draw -= weight
    return table[0][0]


def base_life(
    seed: int, house: str, index: int, place: Place, law: bool, presented: int, born: int
) -> tuple[Path, int]:
    """The path of a bill and the ordinal of the day of its last step, at the latest the day before `born`."""
    rng = SeededRandom(seed, house, index, "life")
    recent = born - presented < _RECENT_YEARS * 365
    path = _weighted(rng, (_RECENT if recent else _OLD) if law else _ACCESSORY)
    span = rng.below(10)
    if span < 4:
        days = rng.below(60)
    elif span < 8:
        days = rng.below(1000)
    else:
        days = rng.below(5000)
    last = presented + days
    if last >= born:
        last = max(presented, born - 1 - rng.below(400))
    return path, last
