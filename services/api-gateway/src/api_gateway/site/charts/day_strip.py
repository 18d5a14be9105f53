"""Ninety days of a source as one strip: a stroke for each day, whose height says the same as its colour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STEP, HEIGHT = 4, 32
_STROKES = {"FRESH": ("d-ok", 4), "PARTIAL": ("d-part", 9), "STALE": ("d-warn", 15), "BLOCKED": ("d-bad", 21),
            "UNKNOWN": ("d-bad", 21), None: ("d-none", 26)}  # fmt: skip
"""By state of the day: the class of its stroke, and how far from the top it begins. All end at the bottom."""
_BOTTOM = 28


@dataclass(frozen=True, slots=True)
class Strokes:
    """The strokes of one class, as the `d` of one path."""

    shape: str
    path: str


@dataclass(frozen=True, slots=True)
class DayStrip:
    """The strip in a box of `width` by HEIGHT."""

    strokes: tuple[Strokes, ...]
    width: int
    height: int = HEIGHT


def day_strip(states: Sequence[str | None]) -> DayStrip:
    """The strip of states by day, oldest first. A state that is not known here yet is drawn as a day without record."""
    paths: Mapping[str, list[str]] = {shape: [] for shape, _ in _STROKES.values()}
    for number, state in enumerate(states):
        shape, top = _STROKES.get(state, _STROKES[None])
        paths[shape].append(f"M{STEP * number + STEP // 2} {top}V{_BOTTOM}")
    strokes = tuple(Strokes(shape, "".join(found)) for shape, found in paths.items() if found)
    return DayStrip(strokes, STEP * len(states))
