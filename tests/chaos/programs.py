"""I14: no program of ours ends but by our hand, and none says of itself that something happened that must not."""

import re
import signal
import time
from collections.abc import Iterable
from pathlib import Path

import orjson
from cast import Cast

SOUND = frozenset({"debug", "info", "warning"})
EXPECTED = {"upstream_blocked": "waf403"}
"""Errors that a fault of the plan explains: the event, and the kind of fault that must have been made."""

_BEGINNING = re.compile(rb'(?=\{"service":)')
Fallen = tuple[str, int | None, float]
FALL_SECONDS = 12.0
"""Time in which a mapped file that was cut short may kill those who read it, each once."""

DAMAGES = ("index:truncate", "index:flip", "index:full", "index:delete", "index:segment", "index:swap_kill")
"""After these Tantivy may print what it met; such lines are none of our logger's."""


class Programs:
    """Who should be running now. Used by the main thread alone."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
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
                self._cast.bring_back(name)

    def wrong(self, hits: dict[str, list[float]]) -> Iterable[str]:
        """Everything that I14 forbids, in words."""
        for name, code, at in self.fallen:
            if not self._killed_by_a_cut(name, code, at, hits):
                yield f"{name} ended by itself with status {code}"
        for name, child in self._cast.services.items():
            for line in unexpected(child.log_path, hits, panics=name in ("web", "indexer")):
                yield f"{name}: {line}"

    def _killed_by_a_cut(self, name: str, code: int | None, at: float, hits: dict[str, list[float]]) -> bool:
        """SIGBUS kills who reads a mapped file that was cut short: web or the indexer, once for each cut."""
        if name not in ("web", "indexer") or code != -signal.SIGBUS:
            return False
        cuts = [hit for hit in hits.get("index:truncate", ()) if 0 <= at - hit < FALL_SECONDS]
        falls = [one for one in self.fallen if one[:2] == (name, code) and 0 <= at - one[2] < FALL_SECONDS]
        return len(falls) <= len(cuts)


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
    if told.get("level") not in SOUND and not hits.get(EXPECTED.get(event, "")):
        yield f"{told.get('level')}: {event} {str(told.get('exception') or told.get('error') or '')[-200:]}"
