"""Figures with their targets, as a table for people and as JSON for what comes after."""

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.old_planner import BEFORE, SOURCE
from bench.turns import Ratio, Turns, medians


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure is held against."""

    bound: float
    at_least: bool = True

    def holds(self, value: float) -> bool:
        """Whether the value is on the right side."""
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. Without a target it is for reading only."""

    name: str
    value: Ratio
    unit: str = "x"
    target: Target | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """holds, MISSED, or nothing where nothing was promised."""
        if self.target is None:
            return ""
        return "holds" if self.target.holds(self.value.median) else "MISSED"

    @property
    def before(self) -> str:
        """The figure before the index, as `old_planner` has it; empty where there was none."""
        return BEFORE.get(self.name, "")


def at_least(bound: float) -> Target:
    """A target from below."""
    return Target(bound)


def at_most(bound: float) -> Target:
    """A target from above."""
    return Target(bound, at_least=False)


@dataclass(slots=True)
class Report:
    """All that one run found."""

    bills: int
    parts: dict[str, list[Figure]] = field(default_factory=dict)
    subjects: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)

    def add(self, part: str, *figures: Figure) -> None:
        """Adds figures and prints them at once: a run that is cut short has shown what it knew."""
        self.parts.setdefault(part, []).extend(figures)
        for figure in figures:
            print(_line(figure), flush=True)

    def add_subjects(self, part: str, turns: Turns) -> None:
        """Adds and prints what each subject did by itself."""
        found = medians(turns)
        self.subjects.setdefault(part, {}).update(found)
        print(
            f"  {'subject':<34}{'requests/s':>11}{'server µs':>11}{'postgres µs':>12}"
            f"{'p50 ms':>8}{'p99 ms':>8}{'bytes':>8}"
        )
        for name, one in found.items():
            print(
                f"  {name:<34}{one['rate']:>11.0f}{one['server_us']:>11.0f}{one['postgres_us']:>12.0f}"
                f"{one['p50'] * 1000:>8.2f}{one['p99'] * 1000:>8.2f}{one['body_bytes']:>8.0f}"
                + (f"  {one['bad']:.0f} BAD" if one["bad"] else ""),
                flush=True,
            )

    def summary(self) -> str:
        """How many figures hold, and which do not."""
        held = [f for figures in self.parts.values() for f in figures if f.verdict]
        missed = [f.name for f in held if f.verdict == "MISSED"]
        lines = [f"{len(held) - len(missed)} of {len(held)} figures hold at {self.bills} bills."]
        return "\n".join(lines + [f"  missed: {name}" for name in missed])

    def write(self, path: Path) -> None:
        """Writes the JSON; parts that this run left out stay as the file had them, if it was of the same size."""
        old = json.loads(path.read_text()) if path.exists() else {}
        kept = old if old.get("bills") == self.bills else {}
        parts = {
            part: [
                {**asdict(f), "target": str(f.target or ""), "verdict": f.verdict, "before": f.before} for f in figures
            ]
            for part, figures in self.parts.items()
        }
        found = {
            "bills": self.bills,
            "machine": {
                "cores": os.cpu_count(), "memory_gib": _memory_gib(), "python": platform.python_version(),
                "kernel": platform.release(),
            },
            "parts": {**kept.get("parts", {}), **parts},
            "subjects": {**kept.get("subjects", {}), **self.subjects},
            "notes": {**kept.get("notes", {}), **self.notes, "before": SOURCE},
        }  # fmt: skip
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False, default=str) + "\n")


def _line(figure: Figure) -> str:
    value = figure.value
    spread = "" if value.low == value.high else f"({_number(value.low)}..{_number(value.high)})"
    told = f"{_number(value.median)} {figure.unit}"
    target = "" if figure.target is None else str(figure.target)
    before = f"  [before: {figure.before}]" if figure.before else ""
    return f"  {figure.name:<62}{told:>14}  {spread:<20}{target:>10}  {figure.verdict:<7}{figure.note}{before}".rstrip()


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _memory_gib() -> float:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
