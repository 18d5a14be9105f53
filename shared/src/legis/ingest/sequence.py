"""Read sequences: numbers that order the readings of one source, across restarts and clock changes."""

from legis.clock import Clock, epoch_micros


class ReadSequence:
    """Generates strictly rising numbers, near the wall clock in microseconds but never below what is stored.

    The clock makes the numbers of processes comparable that never ran together; `raise_to` keeps the order when the
    clock was set back. For one event loop only: one process reads a source at a time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    @property
    def last(self) -> int:
        """The highest number so far."""
        return self._last

    def raise_to(self, floor: int) -> None:
        """Makes all further numbers greater than `floor`."""
        self._last = max(self._last, floor)

    def next(self) -> int:
        """The next number."""
        self._last = max(self._last + 1, epoch_micros(self._clock()))
        return self._last
