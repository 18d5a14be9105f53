"""Bills and records with readings in flight: published by this process, not yet stored. Their marks may change."""

from collections.abc import Iterable
from typing import Protocol
from weakref import WeakSet


class MarkCache(Protocol):
    """A cache of stored marks from which a bill can be removed."""

    def forget(self, upstream_id: str) -> None: ...


class InFlight:
    """Bills with a reading in flight: from when it is queued until its entry has left the stream, after its mark is
    written.

    Until then the stored mark is the one before it. Both walk loops of an ingest service share one instance.
    """

    def __init__(self) -> None:
        # the entry and when it was sent, in that order; None: queued, or sent with unknown outcome
        self._sent: dict[str, tuple[bytes, int] | None] = {}
        self.moment = 0
        """Number of publications so far; a logical clock."""
        self._memories: WeakSet[MarkCache] = WeakSet()

    def __contains__(self, upstream_id: str) -> bool:
        return upstream_id in self._sent

    def register(self, memory: MarkCache) -> None:
        """Registers a cache, for as long as it lives: every reading that is queued removes its bill from it."""
        self._memories.add(memory)

    def queued(self, upstream_id: str) -> None:
        """Records that a reading of this bill is about to be published."""
        self._sent.pop(upstream_id, None)
        self._sent[upstream_id] = None
        for memory in self._memories:
            memory.forget(upstream_id)

    def sent(self, upstream_ids: Iterable[str], entry: bytes) -> None:
        """Records that the last readings of these bills are on the stream, none after `entry`."""
        self.moment += 1
        for upstream_id in upstream_ids:
            self._sent.pop(upstream_id, None)
            self._sent[upstream_id] = entry, self.moment

    def given_up(self, upstream_ids: Iterable[str]) -> None:
        """Records that these were not published, or that the outcome is unknown; the caller then treats every entry on
        the stream as unconfirmed.
        """
        for upstream_id in upstream_ids:
            if self._sent.get(upstream_id) is None:
                self._sent.pop(upstream_id, None)

    def finished_before(self, oldest: bytes | None, moment: int) -> None:
        """Removes bills whose entries have left the stream.

        `oldest` is the oldest entry on the stream, read at `moment` or later; None where there was none. An entry
        published after that moment may have been absent from the stream when it was read.
        """
        finished = [
            upstream_id
            for upstream_id, sent in self._sent.items()
            if sent is not None and sent[1] <= moment and (oldest is None or is_later(oldest, sent[0]))
        ]
        for upstream_id in finished:
            del self._sent[upstream_id]


def is_later(entry: bytes, than: bytes) -> bool:
    """Whether a stream entry was added after another, by their ids."""
    return _numbers(entry) > _numbers(than)


def _numbers(entry: bytes) -> tuple[int, int]:
    milliseconds, _, number = entry.partition(b"-")
    return int(milliseconds), int(number)
