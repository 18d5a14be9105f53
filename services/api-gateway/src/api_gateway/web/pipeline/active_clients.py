"""Whether a client is alone: no other one has asked anything lately."""

from collections.abc import Callable

ACTIVE_SECONDS = 10.0
"""Time after its last request for which a client counts as active."""


class ActiveClients:
    """Remembers the last client that asked and the last one before it that was another: two suffice to tell."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last, self._last_at = "", float("-inf")
        self._other_at = float("-inf")

    def asked(self, client: str) -> None:
        """Notes a request of a client."""
        if client != self._last:
            self._last, self._other_at = client, self._last_at
        self._last_at = self._clock()

    def alone(self, client: str) -> bool:
        """Whether no other client is active."""
        another_at = self._other_at if client == self._last else self._last_at
        return self._clock() - another_at > ACTIVE_SECONDS
