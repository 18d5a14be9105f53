"""Counts the simulator's requests, so that tests can check clients against their request budget."""

import re
import time
from collections import Counter, deque
from typing import Any, Final

_SHAPES: Final = (
    (re.compile(r"/\d+-\d+"), "/{id}"),
    (re.compile(r"/\d+(?=/|$|\.)"), "/{id}"),
    (re.compile(r"-\d{4}\.csv$"), "-{ano}.csv"),
)


def template(path: str) -> str:
    """A path with ids replaced: `/proposicoes/123/autores` gives `/proposicoes/{id}/autores`."""
    for shape, name in _SHAPES:
        path = shape.sub(name, path)
    return path


class _Source:
    def __init__(self) -> None:
        self.total = 0
        self.by_template: Counter[str] = Counter()
        self.by_status: Counter[str] = Counter()
        self.recent: deque[float] = deque()
        self.most_in_a_second = 0
        self.in_flight = 0
        self.most_in_flight = 0


class Traffic:
    """Requests by source since the start or the last reset."""

    def __init__(self) -> None:
        self._sources: dict[str, _Source] = {}

    def begin(self, source: str, path: str) -> None:
        entry = self._sources.setdefault(source, _Source())
        now = time.monotonic()
        entry.total += 1
        entry.by_template[template(path)] += 1
        entry.recent.append(now)
        while entry.recent[0] <= now - 1:
            entry.recent.popleft()
        entry.most_in_a_second = max(entry.most_in_a_second, len(entry.recent))
        entry.in_flight += 1
        entry.most_in_flight = max(entry.most_in_flight, entry.in_flight)

    def end(self, source: str, status: int | str) -> None:
        """Counts a finished request. `status` is a word where the connection ended without a status."""
        entry = self._sources.setdefault(source, _Source())
        entry.by_status[str(status)] += 1
        entry.in_flight -= 1

    def reset(self) -> None:
        """Clears the counts, except of requests in progress."""
        for name, entry in list(self._sources.items()):
            fresh = _Source()
            fresh.in_flight = fresh.most_in_flight = entry.in_flight
            self._sources[name] = fresh

    def most_in_a_second(self) -> dict[str, int]:
        return {name: entry.most_in_a_second for name, entry in self._sources.items()}

    def shown(self) -> dict[str, Any]:
        return {
            name: {
                "total": entry.total,
                "paths": dict(entry.by_template),
                "statuses": dict(entry.by_status),
                "max_in_one_second": entry.most_in_a_second,
                "max_in_flight": entry.most_in_flight,
            }
            for name, entry in self._sources.items()
        }
