"""A bound on what one client may have going on at the same time."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class TooMany(Exception):
    """The client has as many going on as it may."""


class ClientSlots:
    """Counts by client; one event loop."""

    def __init__(self, most_per_client: int, most_overall: int) -> None:
        self._most = most_per_client
        self._most_overall = most_overall
        self._taken: Counter[str] = Counter()

    @contextmanager
    def slot(self, client: str) -> Iterator[None]:
        """A slot for as long as the context lasts. Raises TooMany at once where the client has none left."""
        if self._taken[client] >= self._most or self._taken.total() >= self._most_overall:
            raise TooMany(client)
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]
