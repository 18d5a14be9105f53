"""An event loop whose time jumps to the next timer, so that a minute of waiting costs nothing."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")

_MOST_TURNS = 2_000_000


class Deadlock(Exception):
    """Everybody waits and no timer is left to wake anybody."""


class Runaway(Exception):
    """The loop turned far oftener than a seed needs: somebody spins, or time no longer passes."""


class VirtualLoop(asyncio.BaseEventLoop):
    """A loop without sockets, threads or real time. The same program takes the same turns, every time."""

    def __init__(self, *, most_turns: int = _MOST_TURNS) -> None:
        super().__init__()
        self._now = 1000.0
        self._most_turns = most_turns
        self._clock_resolution = 1e-9
        self._selector = self
        self.turns = 0
        self.set_exception_handler(self._note)
        self.unhandled: list[str] = []

    def time(self) -> float:
        """Seconds since an arbitrary start; only `select` moves them."""
        return self._now

    def select(self, timeout: float | None) -> tuple[()]:
        """What a selector would do: here waiting is adding."""
        self.turns += 1
        if timeout is None:
            raise Deadlock(f"nobody can go on at {self._now:.3f}")
        if self.turns > self._most_turns:
            raise Runaway(f"{self.turns} turns at {self._now:.3f}")
        self._now += timeout
        return ()

    def _process_events(self, event_list: object) -> None:
        """There are none: nothing but timers ever wakes this loop."""

    def _write_to_self(self) -> None:
        """Nobody sleeps in a real selector that would have to be woken."""

    def _note(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.unhandled.append(f"{context.get('message')}: {context.get('exception')!r}")


@contextmanager
def virtual_monotonic(loop: VirtualLoop) -> Iterator[None]:
    """Lets `time.monotonic()` of product modules tell the loop's time."""
    real: Callable[[], float] = time.monotonic
    time.monotonic = loop.time
    try:
        yield
    finally:
        time.monotonic = real


def run(main: Callable[[VirtualLoop], Coroutine[Any, Any, T]]) -> T:
    """Runs one program on a loop of its own; every task it left is cancelled."""
    loop = VirtualLoop()
    try:
        asyncio.set_event_loop(loop)
        with virtual_monotonic(loop):
            try:
                return loop.run_until_complete(main(loop))
            finally:
                left = asyncio.all_tasks(loop)
                for task in left:
                    task.cancel()
                if left:
                    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
                loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        asyncio.set_event_loop(None)
        loop.close()
