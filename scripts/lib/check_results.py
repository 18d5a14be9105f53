"""Results of health and performance checks, their levels, and how they are printed."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Level = Literal["ok", "warning", "critical"]
LEVELS: tuple[Level, ...] = ("ok", "warning", "critical")


@dataclass(frozen=True)
class CheckResult:
    """Result of one check. `said` is a sentence for people, `value` the number behind it, where there is one."""

    name: str
    level: Level
    said: str
    value: float | None = None


def worst(results: Sequence[CheckResult]) -> Level:
    """The worst level of all results."""
    return max((one.level for one in results), key=LEVELS.index, default="critical")


def show(results: Sequence[CheckResult], words: dict[Level, str], *, as_json: bool) -> int:
    """Prints all results. Returns the exit status 0, 1 or 2 by the worst level. `words` name the three levels of the
    whole.
    """
    level = worst(results)
    if as_json:
        document = {"status": words[level], "checks": [asdict(one) for one in results]}
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
    else:
        width = max((len(one.name) for one in results), default=0)
        for one in results:
            sys.stdout.write(f"{one.level.upper():8}  {one.name:{width}}  {one.said}\n")
        sys.stdout.write(f"{words[level]}\n")
    return LEVELS.index(level)


def graded(name: str, value: float, limits: tuple[float, float], said: str) -> CheckResult:
    """A result by two limits: above the first a warning, above the second critical."""
    level: Level = "critical" if value > limits[1] else "warning" if value > limits[0] else "ok"
    return CheckResult(name, level, said, round(value, 4))
