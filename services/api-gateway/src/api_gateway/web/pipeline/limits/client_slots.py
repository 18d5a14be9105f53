"""A cap on what waits on purpose, such as streams and long polls: for one client, and over all clients."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class TooMany(Exception):
    """No slot: the client has as many as it may, or all are taken."""


class ClientSlots:
    """Counts slots by client, at most `most_per_client` of one and `most_overall` of all; one event loop."""

    def __init__(self, most_per_client: int, most_overall: int) -> None:
        self._most_per_client = most_per_client
        self._most_overall = most_overall
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """Slots of all clients."""
        return self._taken.total()

    @contextmanager
    def slot(self, client: str) -> Iterator[None]:
        """A slot for as long as the context lasts. Raises TooMany at once where there is none left."""
        if self._taken[client] >= self._most_per_client or self.taken >= self._most_overall:
            raise TooMany(client)
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]
