"""Bills of which this process has sent what no worker has finished with yet: what is stored of them may change."""

from collections.abc import Iterable
from typing import Protocol
from weakref import WeakSet


class MarkCache(Protocol):
    """A memory that can be told that what it knows of a bill no longer holds."""

    def forget(self, upstream_id: str) -> None: ...


class InFlight:
    """Readings from when they are queued until their entry has left the stream, which is after they are remembered.

    In between the memory tells what was stored before them. Both loops of an ingest service share one.
    """

    def __init__(self) -> None:
        # the entry and when it was sent, in that order; None: queued, or sent with unknown outcome
        self._sent: dict[str, tuple[bytes, int] | None] = {}
        self.moment = 0
        """Rises with everything that is sent."""
        self._memories: WeakSet[MarkCache] = WeakSet()

    def __contains__(self, upstream_id: str) -> bool:
        return upstream_id in self._sent

    def tell(self, memory: MarkCache) -> None:
        """Lets a memory know of every reading from now on, for as long as it lives."""
        self._memories.add(memory)

    def queued(self, upstream_id: str) -> None:
        """A reading of this bill is about to be sent."""
        self._sent.pop(upstream_id, None)
        self._sent[upstream_id] = None
        for memory in self._memories:
            memory.forget(upstream_id)

    def sent(self, upstream_ids: Iterable[str], entry: bytes) -> None:
        """The last readings of these bills are on the stream, none after `entry`."""
        self.moment += 1
        for upstream_id in upstream_ids:
            self._sent.pop(upstream_id, None)
            self._sent[upstream_id] = entry, self.moment

    def given_up(self, upstream_ids: Iterable[str]) -> None:
        """These were not sent, or nobody knows; who asks next must take everything on the stream for theirs."""
        for upstream_id in upstream_ids:
            if self._sent.get(upstream_id) is None:
                self._sent.pop(upstream_id, None)

    def finished_before(self, oldest: bytes | None, moment: int) -> None:
        """`oldest` is the oldest entry that was left on the stream at `moment` or later; None: none was. What was sent
        after that moment may not have been there yet.
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
