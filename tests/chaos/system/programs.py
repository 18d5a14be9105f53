"""I14: no program of ours ends but by our hand, and none says of itself that something happened that must not."""

import re
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import orjson

from chaos.system.cast import Cast

SOUND = frozenset({"debug", "info", "warning"})
EXPECTED = {"upstream_blocked": ("waf403", "status"), "upstream_refused_request": ("status", "redirect"),
            "export_failed": ("postgres", "exporter")}  # fmt: skip
"""Errors that a fault of the plan explains: the event, and the kinds of fault of which one must have been made."""

_BEGINNING = re.compile(rb'(?=\{"service":)')
Fallen = tuple[str, int | None, float]
FALL_SECONDS = 12.0
"""Time in which a damaged file may kill those who read it, each once."""

_FLIP, _CUT = "index:flip", "index:truncate"
FATAL: Mapping[tuple[str, int | None], tuple[str, ...]] = {
    # the kernel ends who reads a mapped file beyond its end
    ("web", -signal.SIGBUS): (_CUT,),
    ("indexer", -signal.SIGBUS): (_CUT,),
    # Tantivy's merges panic over bytes that make no sense, and abort or end the process
    ("indexer", -signal.SIGABRT): (_CUT, _FLIP),
    ("indexer", 1): (_CUT, _FLIP),
}
"""Ends of a program that damage explains: who with which status, and by which kinds of damage."""

DAMAGES = ("index:truncate", "index:flip", "index:full", "index:delete", "index:segment", "index:swap_kill")
"""After these Tantivy may print what it met; such lines are none of our logger's."""


class Programs:
    """Who should be running now. Used by the main thread alone."""

    def __init__(self, cast: Cast, hit: Callable[[str], None]) -> None:
        """`hit` is told who fell, when that was noticed."""
        self._cast = cast
        self._hit = hit
        self._down: set[str] = set()
        self.fallen: list[Fallen] = []
        """Those that ended by themselves, with their exit status and when that was noticed."""

    def taken_down(self, name: str) -> None:
        """It was killed by us, and may be down until it is back."""
        self._down.add(name)

    def back(self, name: str) -> None:
        """It was started again."""
        self._down.discard(name)

    def look(self) -> None:
        """Notes who fell since the last look, and starts them again, so that the rest of the run means something."""
        for name in (*self._cast.services, "redis", "postgres"):
            child = self._cast.child(name)
            if name not in self._down and not child.alive:
                self.fallen.append((name, child.exit_code, time.time()))
                self._hit(name)
                self._cast.bring_back(name)

    def wrong(self, hits: dict[str, list[float]]) -> Iterable[str]:
        """Everything that I14 forbids, in words."""
        for name, code, at in self.fallen:
            if not self._killed_by_damage(name, code, at, hits):
                yield f"{name} ended by itself with status {code}"
        for name, child in self._cast.services.items():
            for line in unexpected(child.log_path, hits, panics=name in ("web", "indexer")):
                yield f"{name}: {line}"

    def _killed_by_damage(self, name: str, code: int | None, at: float, hits: dict[str, list[float]]) -> bool:
        """Whether it read files that somebody had damaged, which may kill web or the indexer once for each time."""
        kinds = FATAL.get((name, code), ())
        harms = [hit for kind in kinds for hit in hits.get(kind, ()) if 0 <= at - hit < FALL_SECONDS]
        falls = [one for one in self.fallen if one[:2] == (name, code) and 0 <= at - one[2] < FALL_SECONDS]
        return len(falls) <= len(harms)


def unexpected(log: Path, hits: dict[str, list[float]], *, panics: bool = False) -> Iterable[str]:
    """Lines above a warning that no fault explains, and lines that are none of our logger's.

    `panics`: it uses Tantivy, whose threads say in their own words what they meet in files that were damaged.
    """
    panics = panics and any(hits.get(name) for name in DAMAGES)
    for raw in log.read_bytes().splitlines():
        # a process that was killed within a line is followed by its successor's first on the same one
        for piece in _BEGINNING.split(raw):
            if piece.strip():
                yield from _judge(piece, hits, panics)


def _judge(piece: bytes, hits: dict[str, list[float]], panics: bool) -> Iterable[str]:
    try:
        told = orjson.loads(piece)
    except orjson.JSONDecodeError:
        if not piece.startswith(b"{") and not panics:
            yield piece.decode(errors="replace")[:300]
        return
    event = str(told.get("event"))
    if told.get("level") not in SOUND and not any(hits.get(kind) for kind in EXPECTED.get(event, ())):
        yield f"{told.get('level')}: {event} {str(told.get('exception') or told.get('error') or '')[-200:]}"
