"""The schedule of faults: which kind, for which requests, how often."""

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from upstream_sim.control import list_faults

# Faults that replace or damage the response in transit.
WIRE_KINDS: Final = frozenset(
    {
        "latency",
        "429",
        "503",
        "500",
        "504",
        "waf403",
        "truncated",
        "empty200",
        "html200",
        "gzip_bomb",
        "endless",
        "reset",
        "hang",
        "half_body",
        "status",
        "redirect",
        "slow_first_byte",
    }
)
# Faults that the routes themselves simulate.
CONTENT_KINDS: Final = frozenset({"stale", "moving_pages"})
KINDS: Final = WIRE_KINDS | CONTENT_KINDS | list_faults.KINDS | {"poison_record"}
SOURCES: Final = ("camara", "senado")
_VALUE_KEPT: Final = 200


class FaultRefused(ValueError):
    """A fault that does not exist was requested."""


@dataclass(slots=True)
class Fault:
    """One scheduled fault. `match` is a part of the path with its query, `path` the whole path; empty matches any.

    `remaining` is the number of requests left, None without limit; `until` is its end in monotonic seconds, None
    without limit.
    """

    id: int
    source: str
    kind: str
    match: str
    path: str
    rate: float
    remaining: int | None
    until: float | None
    value: Any
    fired: int = 0

    def shown(self) -> dict[str, Any]:
        left = None if self.until is None else round(max(0.0, self.until - time.monotonic()), 3)
        return {
            "id": self.id,
            "source": self.source,
            "kind": self.kind,
            "match": self.match,
            "path": self.path,
            "rate": self.rate,
            "count": self.remaining,
            "seconds": left,
            "value": self.value,
            "fired": self.fired,
        }


class FaultSchedule:
    """Faults in the order in which they were added; each request is checked against all of them."""

    def __init__(self, seed: int) -> None:
        self._faults: list[Fault] = []
        self._ids = 0
        self._random = random.Random(seed)
        self.poisons: dict[str, dict[int, str]] = {source: {} for source in SOURCES}

    def add(self, spec: dict[str, Any]) -> Fault:
        """Adds a fault. Raises FaultRefused."""
        kind, source = str(spec.get("kind", "")), str(spec.get("source", "all"))
        if kind not in KINDS:
            raise FaultRefused(f"unknown kind {kind!r}; known: {', '.join(sorted(KINDS))}")
        if source not in (*SOURCES, "all"):
            raise FaultRefused(f"unknown source {source!r}")
        if kind == "status" and not (str(spec.get("value")).isdigit() and 300 <= int(spec["value"]) <= 599):
            raise FaultRefused("status needs a value from 300 to 599")
        if kind in list_faults.KINDS:
            list_faults.check(kind, source, spec.get("value"))
        rate, count, seconds = float(spec.get("rate", 1)), spec.get("count"), spec.get("seconds")
        if not 0 <= rate <= 1:
            raise FaultRefused("rate must be between 0 and 1")
        self._ids += 1
        fault = Fault(
            self._ids,
            source,
            kind,
            str(spec.get("match", "")),
            str(spec.get("path", "")),
            rate,
            None if count is None else int(count),
            None if seconds is None else time.monotonic() + float(seconds),
            spec.get("value"),
        )
        if kind != "poison_record":
            self._faults.append(fault)
        return fault

    def poison(self, source: str, ids: Iterable[int], variant: str) -> None:
        """Marks records as unreadable until `clear`."""
        self.poisons[source].update(dict.fromkeys(ids, variant))

    def clear(self) -> None:
        """Removes all faults and all marks of poisoned records."""
        self._faults.clear()
        for ids in self.poisons.values():
            ids.clear()

    def active(self) -> list[dict[str, Any]]:
        self._drop_spent()
        return [fault.shown() for fault in self._faults]

    def take(self, source: str, target: str) -> list[Fault]:
        """The faults that apply to this request (path with query); each is counted as used once."""
        self._drop_spent()
        active_faults = []
        for fault in self._faults:
            if fault.source not in (source, "all") or fault.match not in target:
                continue
            if fault.path and fault.path != target.partition("?")[0]:
                continue
            if fault.kind in list_faults.KINDS and not list_faults.applies_to(fault.value, source, target):
                continue
            if fault.rate < 1 and self._random.random() >= fault.rate:
                continue
            if fault.remaining is not None:
                fault.remaining -= 1
            fault.fired += 1
            active_faults.append(fault)
        return active_faults

    def _drop_spent(self) -> None:
        now = time.monotonic()
        self._faults = [
            fault
            for fault in self._faults
            if (fault.remaining is None or fault.remaining > 0) and (fault.until is None or now < fault.until)
        ]
