"""Turns the signals that ask us to end into a flag, so that everything is taken down in order."""

import signal
from types import FrameType

ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignal:
    """Whether we were asked to end. While `interrupting`, asking also raises KeyboardInterrupt in the main thread.

    A plain flag rather than a threading.Event: setting an Event in a signal handler can wait for a lock that the
    interrupted code holds.
    """

    def __init__(self) -> None:
        self.asked = False
        self.interrupting = True

    def install(self) -> None:
        for number in ASKING:
            signal.signal(number, self._asked)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        if self.interrupting:
            self.interrupting = False  # once: what takes things down must not be interrupted in its turn
            raise KeyboardInterrupt
