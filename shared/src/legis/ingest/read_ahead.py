"""Reads the next window while the current one is being stored; it counts only if it is still the next one then."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from legis.ingest.source import Window
from legis.ingest.window_publisher import WindowPublisher

Opened = WindowPublisher | None


@dataclass(frozen=True, slots=True)
class _Begun:
    window: Window
    epoch: str
    reading: "asyncio.Task[Opened]"


class ReadAhead:
    """Holds at most one window of one walk. Its end is not published before its turn, so nothing of it counts before.

    `dropped` is called when a window was read in vain: its events stay on the stream, and no confirmation is awaited.
    """

    def __init__(self, dropped: Callable[[], None]) -> None:
        self._begun: _Begun | None = None
        self._dropped = dropped

    def begin(self, window: Window, epoch: str, reading: Coroutine[Any, Any, Opened]) -> None:
        """Starts reading a window; the previous one must have been taken or dropped."""
        self._begun = _Begun(window, epoch, asyncio.create_task(reading, name=f"read ahead {window.label}"))

    async def take(self, window: Window, epoch: str) -> "asyncio.Task[Opened] | None":
        """The task that reads this window, if it began under this epoch. A different window of the same walk is
        dropped.
        """
        begun = self._begun
        if begun is None or begun.window.walk is not window.walk:
            return None
        if (begun.window, begun.epoch) != (window, epoch):
            await self.drop()
            return None
        self._begun = None
        return begun.reading

    async def drop(self) -> None:
        """Cancels the window that is being read, whatever its state."""
        begun, self._begun = self._begun, None
        if begun is None:
            return
        self._dropped()
        begun.reading.cancel()
        await asyncio.wait({begun.reading})
        if not begun.reading.cancelled():
            begun.reading.exception()  # ignored: the window is read again, and its errors count then
