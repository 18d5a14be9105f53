"""How many traces a process starts for requests that bring none: a share of them, up to so many a second."""

import random
import time
from collections.abc import Callable

from legis.telemetry.traces import sampling

MOST_A_SECOND = 100
"""Most traces per second that a process starts for requests: a share of ten thousand requests per second would show
nothing more, and cost as much as answering them.
"""

_dice = random.Random()  # the shared generator is left to its users, who may seed it


class Ceiling:
    """A limit per second. `clock` is monotonic, in seconds."""

    def __init__(self, most: int = MOST_A_SECOND, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._second = 0
        self._count = 0

    def allows(self) -> bool:
        """Counts one more; returns whether it is within the limit of the current second."""
        second = int(self._clock())
        if second != self._second:
            self._second, self._count = second, 0
        self._count += 1
        return self._count <= self._most

    def starts(self) -> bool:
        """Whether a request that brings no trace starts one: never where nobody receives traces."""
        return _dice.random() < sampling.share and self.allows()
