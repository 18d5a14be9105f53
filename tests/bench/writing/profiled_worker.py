"""Runs one worker under a profiler until the stream is empty.

`python -m bench.writing.profiled_worker DATABASE_URL REDIS_URL`
Prints one JSON object: where the processor time of our process went, by package and by function.
"""

import cProfile
import json
import pstats
import sys
from collections import defaultdict
from pathlib import Path

import uvloop
from api_gateway.settings import WorkerSettings
from worker_throughput import drain

_SHOWN = 14


def _place(file: str, function: str) -> str:
    parts = Path(file).parts
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1]
    if "src" in parts:
        return ".".join(parts[parts.index("src") + 1 :]).removesuffix(".py")
    for name in ("asyncpg", "pydantic_core", "orjson", "redis", "hiredis", "uvloop"):
        if name in function:
            return name
    return "python"


def main(database_url: str, redis_url: str) -> None:
    """Profiles the drain."""
    profile = cProfile.Profile()
    profile.enable()
    uvloop.run(drain(WorkerSettings(database_url=database_url, redis_url=redis_url, worker_port=0)))
    profile.disable()
    packages: dict[str, float] = defaultdict(float)
    functions: dict[str, float] = defaultdict(float)
    for (file, _, function), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        place = _place(file, function)
        waiting = "run_until_complete" in function or "select" in function
        packages["waiting" if waiting else place] += own
        functions[f"{place} {function}"] += own
    whole = sum(seconds for place, seconds in packages.items() if place != "waiting")
    told = {
        "busy_seconds": whole,
        "packages": {name: seconds / whole for name, seconds in _top(packages) if name != "waiting"},
        "functions": {name: seconds / whole for name, seconds in _top(functions)},
    }
    print(json.dumps(told))


def _top(found: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(found.items(), key=lambda pair: -pair[1])[:_SHOWN]


if __name__ == "__main__":
    main(*sys.argv[1:3])
