"""Limits on requests that wait on purpose, such as streams and long polls: per client, and over all clients."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class TooMany(Exception):
    """There is no free slot: the client holds as many as it may, or all are taken."""


class ClientSlots:
    """Counts slots by client: at most `most_per_client` for one client and `most_overall` for all.
    For one event loop.
    """

    def __init__(self, most_per_client: int, most_overall: int) -> None:
        self._most_per_client = most_per_client
        self._most_overall = most_overall
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """Number of slots that all clients hold."""
        return self._taken.total()

    @contextmanager
    def slot(self, client: str) -> Iterator[None]:
        """Holds a slot until the context ends. Raises TooMany at once if none is free."""
        if self._taken[client] >= self._most_per_client or self.taken >= self._most_overall:
            raise TooMany(client)
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]
