"""Turns SIGINT, SIGTERM and SIGHUP into a flag, so that everything is stopped in order."""

import signal
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignal:
    """Whether a stop was requested. While `interrupting`, a request also raises KeyboardInterrupt in the main thread.

    A plain flag and not a threading.Event: setting an Event in a signal handler can wait for a lock that the
    interrupted code holds.
    """

    def __init__(self) -> None:
        self.requested = False
        self.interrupting = True

    def install(self) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.requested = True
        if self.interrupting:
            self.interrupting = False  # once: the code that stops everything must not be interrupted itself
            raise KeyboardInterrupt
