"""Supervises child processes: waits until each is ready, restarts those that end, stops all in reverse order."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from legis_launcher.processes.child_process import Child, ChildFailed

CONFIGURATION_ERROR = 2
"""Exit status of our processes for a wrong setting: a restart cannot help."""

FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
STEADY_AFTER = 60.0
MAX_FAILURES = 8
"""Ends in a row, each within a minute of its start, after which a child is not restarted."""


@dataclass(slots=True)
class ManagedChild:
    """A supervised child. Children of one `tier` do not need each other and are stopped together."""

    child: Child
    stop_within: float
    tier: int = 0
    port: int = 0
    ready_url: str | None = None
    restarts: int = 0
    failures: int = 0
    start_again_at: float | None = None
    given_up: bool = False


class Supervisor:
    """All children of one run, in the order they were started. Use from the main thread only."""

    def __init__(self, say: Callable[[str], None], changed: Callable[[], None]) -> None:
        """`say` prints a message for people; `changed` is called after each start or end of a child."""
        self._say = say
        self._changed = changed
        self.managed: list[ManagedChild] = []

    def add(self, managed: ManagedChild) -> None:
        """Adds a child that is already running."""
        self.managed.append(managed)
        self._changed()

    def wait_until_ready(self, managed: ManagedChild, within: float) -> None:
        """Waits until its ready check passes. Raises ChildFailed at the time limit, or when it or any other child ends
        first: a child that needs the ended one would never be ready.
        """
        deadline = time.monotonic() + within
        child = managed.child
        while not is_ready(managed.ready_url):
            _raise_if_ended(child)
            self.raise_for_ended()
            if time.monotonic() > deadline:
                raise ChildFailed(f"{child.name} was not ready after {within:.0f} s:\n{child.log_tail()}")
            time.sleep(0.1)

    def raise_for_ended(self) -> None:
        """Raises ChildFailed for the first child that has ended, in order of start."""
        for managed in self.managed:
            _raise_if_ended(managed.child)

    def tick(self) -> None:
        """Checks every child once; restarts, with growing delays, those that ended without a stop request."""
        for managed in self.managed:
            if managed.given_up or managed.child.alive:
                continue
            if managed.start_again_at is None:
                self._died(managed)
            elif time.monotonic() >= managed.start_again_at:
                self._start_again(managed)

    def stop_all(self) -> None:
        """Stops all children, highest tier first, last started first, each within its own time limit."""
        for tier in sorted({managed.tier for managed in self.managed}, reverse=True):
            together = [managed for managed in reversed(self.managed) if managed.tier == tier]
            for managed in together:
                managed.child.ask_to_stop()
            asked_at = time.monotonic()
            for managed in together:
                if not managed.child.wait_for_end(asked_at + managed.stop_within - time.monotonic()):
                    self._say(f"{managed.child.name} did not end within {managed.stop_within:.0f} s and was killed")
        self.managed.clear()

    def _died(self, managed: ManagedChild) -> None:
        child = managed.child
        lived = time.time() - child.started_at
        managed.failures = 1 if lived > STEADY_AFTER else managed.failures + 1
        what = f"{child.name} ended unasked with status {child.exit_code} after {lived:.0f} s (log: {child.log_path})"
        if child.exit_code == CONFIGURATION_ERROR or managed.failures > MAX_FAILURES:
            managed.given_up = True
            self._say(f"{what}; it is NOT started again. Last words: {child.log_tail(1)}")
        else:
            delay = min(FIRST_DELAY * 2 ** (managed.failures - 1), LONGEST_DELAY)
            managed.start_again_at = time.monotonic() + delay
            self._say(f"{what}; it is started again in {delay:.0f} s")
        self._changed()

    def _start_again(self, managed: ManagedChild) -> None:
        try:
            managed.child.start()
        except OSError as error:  # a full disk, or the process limit: the other children continue
            self._say(f"{managed.child.name} cannot be started ({error}); it is tried again in {LONGEST_DELAY:.0f} s")
            managed.start_again_at = time.monotonic() + LONGEST_DELAY
            return
        managed.start_again_at = None
        managed.restarts += 1
        self._changed()


def _raise_if_ended(child: Child) -> None:
    if not child.alive:
        raise ChildFailed(f"{child.name} ended with status {child.exit_code}:\n{child.log_tail()}")


def is_ready(url: str | None, *, seconds: float = 2.0) -> bool:
    """Whether the URL answers 2xx within `seconds`; a child without a URL counts as ready."""
    if url is None:
        return True
    try:
        with urllib.request.urlopen(url, timeout=seconds) as reply:
            return bool(200 <= reply.status < 300)
    except (OSError, ValueError, urllib.error.URLError):
        return False
