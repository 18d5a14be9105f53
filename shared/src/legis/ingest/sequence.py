"""Read sequences: numbers that order readings of one source, over restarts and clock steps."""

from legis.clock import Clock, epoch_micros


class ReadSequence:
    """Gives strictly rising numbers, near the microseconds of the wall clock but never behind what is stored.

    The clock makes numbers comparable between processes that never met; `raise_to` keeps the order when a clock was
    set back. Not safe for several event loops; one process reads a source at a time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    @property
    def last(self) -> int:
        """The highest number given so far."""
        return self._last

    def raise_to(self, floor: int) -> None:
        """Numbers from now on are above `floor`."""
        self._last = max(self._last, floor)

    def next(self) -> int:
        """The next number."""
        self._last = max(self._last + 1, epoch_micros(self._clock()))
        return self._last
