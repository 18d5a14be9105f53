"""What a check found, how bad it is, and how both are shown to people and programs."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Level = Literal["ok", "warning", "critical"]
LEVELS: tuple[Level, ...] = ("ok", "warning", "critical")


@dataclass(frozen=True)
class Verdict:
    """One thing that was looked at. `value` is the figure behind the sentence, where there is one."""

    name: str
    level: Level
    said: str
    value: float | None = None


def worst(verdicts: Sequence[Verdict]) -> Level:
    """The level of the whole."""
    return max((one.level for one in verdicts), key=LEVELS.index, default="critical")


def show(verdicts: Sequence[Verdict], words: dict[Level, str], *, as_json: bool) -> int:
    """Prints all, and gives the exit status: 0, 1 or 2 by the worst. `words` name the three levels of the whole."""
    level = worst(verdicts)
    if as_json:
        document = {"status": words[level], "checks": [asdict(one) for one in verdicts]}
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
    else:
        width = max((len(one.name) for one in verdicts), default=0)
        for one in verdicts:
            sys.stdout.write(f"{one.level.upper():8}  {one.name:{width}}  {one.said}\n")
        sys.stdout.write(f"{words[level]}\n")
    return LEVELS.index(level)


def graded(name: str, value: float, limits: tuple[float, float], said: str) -> Verdict:
    """A verdict by two limits: above the first a warning, above the second critical."""
    level: Level = "critical" if value > limits[1] else "warning" if value > limits[0] else "ok"
    return Verdict(name, level, said, round(value, 4))
